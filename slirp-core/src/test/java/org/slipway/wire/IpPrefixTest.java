package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpPrefixTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.2.15, 24, 10.0.2.0/24",
        "10.0.2.15, 32, 10.0.2.15/32",
        "10.0.2.15, 0, 0.0.0.0/0",
        "255.255.255.255, 1, 128.0.0.0/1",
        "2001:db8:1:2:3:4:5:6, 64, 2001:db8:1:2::/64",
        "2001:db8:1:2:3:4:5:6, 65, 2001:db8:1:2::/65",
        "2001:db8:1:2:3:4:5:6, 63, 2001:db8:1:2::/63",
        "2001:db8:1:2:3:4:5:6, 128, 2001:db8:1:2:3:4:5:6/128",
        "2001:db8:1:2:3:4:5:6, 0, ::/0",
    })
    void ofClearsTheHostBits(String address, int length, String prefix) {
        assertThat(IpPrefix.of(IpAddress.parse(address), length)).hasToString(prefix);
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.0, -1", "10.0.2.0, 33", "::, -1", "::, 129"})
    void ofRefusesLengthsThatTheFamilyHasNot(String address, int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpPrefix.of(IpAddress.parse(address), length))
                .withMessageContaining("prefix length " + length + " of " + address);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.2.0, 24, 10.0.2.0, true",
        "10.0.2.0, 24, 10.0.2.255, true",
        "10.0.2.0, 24, 10.0.3.0, false",
        "10.0.2.0, 24, 10.0.1.255, false",
        "0.0.0.0, 0, 255.255.255.255, true",
        "0.0.0.0, 0, ::1, false",
        "::, 0, 10.0.2.2, false",
        "::, 0, ff02::1, true",
        "fd00::, 64, fd00::ffff:ffff:ffff:ffff, true",
        "fd00::, 64, fd00:0:0:1::, false",
        "10.0.2.2, 32, 10.0.2.2, true",
        "10.0.2.2, 32, 10.0.2.3, false",
    })
    void containsAddressesOfItsFamilyAndBitsOnly(String network, int length, String address, boolean contained) {
        assertThat(IpPrefix.of(IpAddress.parse(network), length).contains(IpAddress.parse(address)))
                .isEqualTo(contained);
    }

    @Test
    void containsWhateverHasTheSamePrefix() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            boolean ipv4 = random.nextBoolean();
            IpAddress base = ipv4
                    ? IpAddress.ipv4(random.nextInt())
                    : new IpAddress(random.nextLong() | Long.MIN_VALUE, random.nextLong());
            int length = random.nextInt(ipv4 ? 33 : 129);
            int flipped = random.nextInt(ipv4 ? 32 : 128);
            IpAddress other = flip(base, flipped, ipv4);

            assertThat(IpPrefix.of(base, length).contains(base)).isTrue();
            assertThat(IpPrefix.of(base, length).contains(other))
                    .as("%s/%d and %s", base, length, other)
                    .isEqualTo(flipped >= length);
            assertThat(IpPrefix.of(base, length).equals(IpPrefix.of(other, length)))
                    .isEqualTo(flipped >= length);
        }
    }

    private static IpAddress flip(IpAddress address, int bitFromFirst, boolean ipv4) {
        int bit = ipv4 ? bitFromFirst + 96 : bitFromFirst;
        return bit < 64
                ? new IpAddress(address.high() ^ 1L << 63 - bit, address.low())
                : new IpAddress(address.high(), address.low() ^ 1L << 127 - bit);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.2.0, 24, 255.255.255.0, 10.0.2.255",
        "10.0.0.0, 8, 255.0.0.0, 10.255.255.255",
        "10.0.2.4, 30, 255.255.255.252, 10.0.2.7",
        "10.0.2.4, 32, 255.255.255.255, 10.0.2.4",
        "0.0.0.0, 0, 0.0.0.0, 255.255.255.255",
    })
    void maskAndBroadcastOfIpv4Networks(String network, int length, String mask, String broadcast) {
        IpPrefix prefix = IpPrefix.of(IpAddress.parse(network), length);

        assertThat(IpAddress.ipv4(prefix.ipv4Mask())).hasToString(mask);
        assertThat(prefix.ipv4Broadcast()).hasToString(broadcast);
    }
}
