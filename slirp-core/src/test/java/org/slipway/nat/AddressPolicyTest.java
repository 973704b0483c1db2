package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.nat.AddressPolicy.Network;
import org.slipway.nat.AddressPolicy.Verdict;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

class AddressPolicyTest {

    private static final Network IPV4 = network("10.0.2.0", 24, "10.0.2.2");
    private static final Network IPV6 = network("fd00::", 64, "fd00::2");
    private static final IpAddress LINK_LOCAL = IpAddress.parse("fe80::2");

    private final AddressPolicy both = new AddressPolicy(IPV4, IPV6, LINK_LOCAL);

    private static Network network(String prefix, int length, String host) {
        return new Network(IpPrefix.of(IpAddress.parse(prefix), length), IpAddress.parse(host));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.2.2, HOST_LOOPBACK, 127.0.0.1",
        "fd00::2, HOST_LOOPBACK, ::1",
        "fe80::2, HOST_LOOPBACK, ::1",
        "93.184.216.34, OUTSIDE, 93.184.216.34",
        "10.0.3.2, OUTSIDE, 10.0.3.2",
        "2001:db8::34, OUTSIDE, 2001:db8::34",
        "fd00:0:0:1::2, OUTSIDE, fd00:0:0:1::2",
        "64:ff9b::808:808, OUTSIDE, 64:ff9b::808:808",
        "2002:808:808::1, OUTSIDE, 2002:808:808::1",
        "2001::f7f7:f7f7, OUTSIDE, 2001::f7f7:f7f7",
    })
    void destinationsThatAreReached(String destination, Verdict verdict, String onHost) {
        IpAddress address = IpAddress.parse(destination);
        assertThat(both.decide(address)).isEqualTo(verdict);
        assertThat(both.toHost(address)).isEqualTo(IpAddress.parse(onHost));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.2.1, NOBODY",
        "10.0.2.255, NOBODY",
        "fd00::1, NOBODY",
        "fd00::1:2, NOBODY",
        "fe80::3, NOBODY",
        "febf::2, NOBODY",
        "127.0.0.1, DENIED",
        "127.255.255.254, DENIED",
        "0.0.0.0, DENIED",
        "0.0.0.1, DENIED",
        "255.255.255.255, DENIED",
        "169.254.169.254, DENIED",
        "224.0.0.251, DENIED",
        "::, DENIED",
        "::1, DENIED",
        "::2, DENIED",
        "::7f00:1, DENIED",
        "::ffff:127.0.0.1, DENIED",
        "::ffff:0:7f00:1, DENIED",
        "64:ff9b::7f00:1, DENIED",
        "64:ff9b:1::7f00:1, DENIED",
        "2002:7f00:1::, DENIED",
        "2002:0:1::, DENIED",
        "2001::80ff:fffe, DENIED",
        "2001:db8::5efe:7f00:1, DENIED",
        "fec0::2, DENIED",
        "feff::2, DENIED",
        "ff02::fb, DENIED",
        "fd00:ec2::254, DENIED",
        "fd20:ce::254, DENIED",
    })
    void destinationsThatAreNot(String destination, Verdict verdict) {
        assertThat(both.decide(IpAddress.parse(destination))).isEqualTo(verdict);
    }

    /** QEMU's fec0::/64, when it is asked for. */
    @Test
    void siteLocalNetworkMayBeTheVirtualOne() {
        AddressPolicy qemu = new AddressPolicy(IPV4, network("fec0::", 64, "fec0::2"), LINK_LOCAL);
        assertThat(qemu.decide(IpAddress.parse("fec0::2"))).isEqualTo(Verdict.HOST_LOOPBACK);
        assertThat(qemu.decide(IpAddress.parse("fec0::4"))).isEqualTo(Verdict.NOBODY);
        assertThat(qemu.decide(IpAddress.parse("fec0:0:0:1::2"))).isEqualTo(Verdict.DENIED);
    }

    @Test
    void familyThatIsNotThereLeadsNowhere() {
        AddressPolicy ipv4 = new AddressPolicy(IPV4, null, null);
        for (String address : new String[] {"fd00::2", "fe80::2", "2001:db8::34", "::1"}) {
            assertThat(ipv4.decide(IpAddress.parse(address))).as(address).isEqualTo(Verdict.DENIED);
        }
        assertThat(ipv4.serves(IpAddress.parse("fd00::15"))).isFalse();
        AddressPolicy ipv6 = new AddressPolicy(null, IPV6, LINK_LOCAL);
        for (String address : new String[] {"10.0.2.2", "93.184.216.34", "127.0.0.1", "0.0.0.0"}) {
            assertThat(ipv6.decide(IpAddress.parse(address))).as(address).isEqualTo(Verdict.DENIED);
        }
        assertThat(ipv6.serves(IpAddress.parse("10.0.2.15"))).isFalse();
        assertThat(ipv6.serves(IpAddress.parse("fd00::15"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // an address on the host's side, a guest, how that sees it
        "192.168.7.9, 10.0.2.15, 192.168.7.9",
        "127.0.0.1, 10.0.2.15, 10.0.2.2",
        "0.0.0.0, 10.0.2.15, 10.0.2.2",
        "10.0.2.3, 10.0.2.15, 10.0.2.2",
        "2001:db8::7, 10.0.2.15, 10.0.2.2",
        "2001:db8::7, fd00::15, 2001:db8::7",
        "192.168.7.9, fd00::15, fd00::2",
        "::1, fd00::15, fd00::2",
        "fe80::7, fd00::15, fd00::2",
        "fd00::3, fd00::15, fd00::2",
        "::1, fe80::15, fe80::2",
        "192.168.7.9, fe80::15, fe80::2",
    })
    void hostsSideAsGuestsSeeIt(String address, String guest, String seen) {
        assertThat(both.toGuest(IpAddress.parse(address), IpAddress.parse(guest)))
                .isEqualTo(IpAddress.parse(seen));
    }
}
