package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.IpAddress;

class OutboundAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 198.51.100.1, 192.0.2.7",
        "192.0.2.7, 127.0.0.1,",
        "127.0.0.2, 127.0.0.1, 127.0.0.2",
        "192.0.2.7, 2001:db8:5::1, 2001:db8::7",
        "192.0.2.7, ::1,",
    })
    void loopbackIsSpokenToFromTheLoopback(IpAddress ipv4, IpAddress destination, IpAddress expected) {
        OutboundAddresses outbound = new OutboundAddresses(ipv4, IpAddress.parse("2001:db8::7"));
        assertThat(outbound.toward(destination)).isEqualTo(expected);
        assertThat(outbound.toward(new InetSocketAddress(destination.toInetAddress(), 5)))
                .isEqualTo(expected == null ? null : new InetSocketAddress(expected.toInetAddress(), 0));
        assertThat(OutboundAddresses.NONE.toward(destination)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::1"})
    void whatIsNoIpv4AddressToSendFromIsRefused(IpAddress address) {
        assertThatThrownBy(() -> new OutboundAddresses(address, null))
                .hasMessage(address + " is not an address to send from");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "ff02::1", "fe80::1", "192.0.2.1"})
    void whatIsNoIpv6AddressToSendFromIsRefused(IpAddress address) {
        assertThatThrownBy(() -> new OutboundAddresses(null, address))
                .hasMessage(address + " is not an address to send from");
    }
}
