package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @Test
    void everyAddressSurvivesTextBytesAndInetAddress() {
        for (int seed = 0; seed < 500; seed++) {
            IpAddress address = randomAddress(new Random(seed));
            ByteBuf buf = Unpooled.buffer(20);
            address.write(buf, 2);

            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            assertThat(address.isIpv4() ? IpAddress.readIpv4(buf, 2) : IpAddress.readIpv6(buf, 2))
                    .isEqualTo(address);
            assertThat(buf.getShort(0)).isZero();
            assertThat(buf.getShort(2 + address.length())).isZero();
            assertThat(IpAddress.of(address.toInetAddress())).isEqualTo(address);
            assertThat(address.toInetAddress().getAddress()).hasSize(address.length());
        }
    }

    private static IpAddress randomAddress(Random random) {
        if (random.nextBoolean()) {
            return IpAddress.ipv4(random.nextInt());
        }
        // Zero groups, as in most addresses, exercise the shortening of the text.
        long high = random.nextLong() & (random.nextBoolean() ? -1L : 0xffff_0000_ffff_0000L);
        return new IpAddress(high, random.nextBoolean() ? random.nextLong() : random.nextInt(0x1_0000));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.2.2, 10.0.2.2",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "fe80:0:0:0:0:0:0:2, fe80::2",
        "::ffff:10.0.2.2, 10.0.2.2",
        "::ffff:a00:202, 10.0.2.2",
        "::10.0.2.2, ::a00:202",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "2001:db8:1:2:3:4:255.255.0.9, 2001:db8:1:2:3:4:ffff:9",
    })
    void parsedAddressPrintsInItsUsualForm(String text, String usual) {
        assertThat(IpAddress.parse(text)).hasToString(usual);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.2",
                "10.0.2.256",
                "10.0.2.2.3",
                "10.0.2.2/24",
                " 10.0.2.2",
                "10.0.2.2 ",
                "0x0a000202",
                "167772674",
                "10.0.2.-1",
                "fe80::2%eth0",
                "[::1]",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "g::",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "1:2:3:4:5:6:7:10.0.2.2",
                "::10.0.2",
                "::10.0.2.256",
                "::10.0.2.2:1",
                "10.0.2.2::",
                "10.0.2.2:1",
                ":10.0.2.2"
            })
    void parseRefusesWhatIsNoLiteral(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessage("not an IP address: '" + text + "'");
    }

    @ParameterizedTest
    @CsvSource({
        // address, multicast, loopback, unspecified
        "0.0.0.0, false, false, true",
        "0.0.0.1, false, false, false",
        "127.0.0.1, false, true, false",
        "127.255.255.255, false, true, false",
        "128.0.0.0, false, false, false",
        "223.255.255.255, false, false, false",
        "224.0.0.0, true, false, false",
        "239.255.255.255, true, false, false",
        "240.0.0.0, false, false, false",
        "255.255.255.255, false, false, false",
        "::, false, false, true",
        "::1, false, true, false",
        "::2, false, false, false",
        "ff02::1, true, false, false",
        "fe80::1, false, false, false",
    })
    void kindsOfAddresses(String text, boolean multicast, boolean loopback, boolean unspecified) {
        IpAddress address = IpAddress.parse(text);

        assertThat(address.isMulticast()).isEqualTo(multicast);
        assertThat(address.isLoopback()).isEqualTo(loopback);
        assertThat(address.isUnspecified()).isEqualTo(unspecified);
    }

    @ParameterizedTest
    @CsvSource({
        "169.253.255.255, false",
        "169.254.0.0, true",
        "169.254.255.255, true",
        "169.255.0.0, false",
        "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff, false",
        "fe80::, true",
        "fe80::1, true",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, true",
        "fec0::, false",
        "ff02::1, false",
        "::, false",
    })
    void linkLocalIsOfOneLinkOnly(String text, boolean linkLocal) {
        assertThat(IpAddress.parse(text).isLinkLocal()).isEqualTo(linkLocal);
    }

    @ParameterizedTest
    @CsvSource({
        // RFC 4291 2.7.1, the first its own example
        "4037::1:800:200e:8c6c, ff02::1:ff0e:8c6c",
        "fd00::2, ff02::1:ff00:2",
        "fe80::5054:ff:fe12:3456, ff02::1:ff12:3456",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ff02::1:ffff:ffff",
        "::, ff02::1:ff00:0",
    })
    void solicitedNodeGroupHasTheLast24Bits(String text, String group) {
        assertThat(IpAddress.parse(text).solicitedNode()).isEqualTo(IpAddress.parse(group));
    }

    @Test
    void groupsOfTheLink() {
        assertThat(IpAddress.ALL_NODES).hasToString("ff02::1");
        assertThat(IpAddress.ALL_ROUTERS).hasToString("ff02::2");
    }

    @Test
    void mappedAddressIsTheIpv4Address() throws UnknownHostException {
        IpAddress mapped = new IpAddress(0, 0xffff_0a00_0202L);

        assertThat(mapped).isEqualTo(IpAddress.parse("10.0.2.2"));
        assertThat(mapped.isIpv4()).isTrue();
        assertThat(mapped.toInetAddress()).isEqualTo(InetAddress.getByAddress(new byte[] {10, 0, 2, 2}));
        assertThat(new IpAddress(0, 0x1_ffff_0a00_0202L).isIpv4()).isFalse();
        assertThat(new IpAddress(1, 0xffff_0a00_0202L).isIpv4()).isFalse();
    }

    @Test
    void orderIsByUnsignedValue() {
        assertThat(IpAddress.parse("fe80::1")).isGreaterThan(IpAddress.parse("2001::"));
        assertThat(IpAddress.parse("::8000:0:0:0")).isGreaterThan(IpAddress.parse("::1"));
        assertThat(IpAddress.parse("192.0.0.1")).isGreaterThan(IpAddress.parse("10.0.0.1"));
        assertThat(IpAddress.parse("10.0.0.1")).isEqualByComparingTo(IpAddress.ipv4(0x0a000001));
    }
}
