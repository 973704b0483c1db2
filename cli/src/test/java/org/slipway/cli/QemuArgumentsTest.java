package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.slipway.wire.IpAddress;

class QemuArgumentsTest {

    private static String arguments(String port, SocketAddress local, int index) {
        return QemuArguments.forShell(
                new FakeNetwork().listen(port, local).links.get(0), index);
    }

    private static InetSocketAddress inet(String host, int port) {
        return new InetSocketAddress(IpAddress.parse(host).toInetAddress(), port);
    }

    @Test
    void socketPeerConnects() {
        assertThat(arguments("socket,listen=:0", inet("127.0.0.1", 1234), 0))
                .isEqualTo("-netdev socket,id=net0,connect=127.0.0.1:1234"
                        + " -device virtio-net-pci,netdev=net0,mac=52:54:00:12:34:56");
    }

    @Test
    void eachLinkGetsItsOwnIdAndAddress() {
        assertThat(arguments("socket,listen=:0", inet("127.0.0.1", 1235), 2))
                .isEqualTo("-netdev socket,id=net2,connect=127.0.0.1:1235"
                        + " -device virtio-net-pci,netdev=net2,mac=52:54:00:12:34:58");
    }

    @Test
    void allAddressesAreReachedThroughTheLoopback() {
        assertThat(arguments("socket,listen=0.0.0.0:1", inet("0.0.0.0", 1), 0)).contains("connect=127.0.0.1:1");
        assertThat(arguments("stream,server=on", inet("::", 1), 0))
                .startsWith("-netdev stream,id=net0,addr.type=inet,addr.host=::1,addr.port=1,server=off ");
    }

    @Test
    void pathsAreAbsoluteQuotedAndHaveTheirCommasDoubled() {
        assertThat(arguments("stream,server=on", new DomainSocketAddress("/tmp/a,b.sock"), 0))
                .startsWith("-netdev stream,id=net0,addr.type=unix,addr.path=/tmp/a,,b.sock,server=off -device");
        assertThat(arguments("stream,server=on", new DomainSocketAddress("/tmp/it's here"), 0))
                .startsWith("-netdev 'stream,id=net0,addr.type=unix,addr.path=/tmp/it'\\''s here,server=off' -device");
        assertThat(arguments("stream,server=on", new DomainSocketAddress("vm.sock"), 0))
                .matches("-netdev stream,id=net0,addr.type=unix,addr.path=/.*/vm.sock,server=off .*");
    }
}
