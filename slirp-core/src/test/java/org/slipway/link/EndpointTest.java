package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class EndpointTest {

    @Test
    void addressesAreWrittenAsUsersWriteThem() throws UnknownHostException {
        byte[] ipv6Loopback = new byte[16];
        ipv6Loopback[15] = 1;
        assertThat(Endpoint.text(
                        new InetSocketAddress(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}), 1234)))
                .isEqualTo("127.0.0.1:1234");
        assertThat(Endpoint.text(new InetSocketAddress(InetAddress.getByAddress(ipv6Loopback), 80)))
                .isEqualTo("[0:0:0:0:0:0:0:1]:80");
        assertThat(Endpoint.text(new DomainSocketAddress("/run/vm 1.sock"))).isEqualTo("/run/vm 1.sock");
        assertThat(Endpoint.text(new DomainSocketAddress("\0slipway"))).isEqualTo("@slipway");
    }
}
