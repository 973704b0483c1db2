package org.slipway.cli;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.slipway.network.Network.BoundLink;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** What to give to QEMU so that its guest plugs into a listening link. */
final class QemuArguments {

    /** QEMU's own first address, and from there on one for each further link. */
    private static final long FIRST_MAC = 0x5254_0012_3456L;

    private QemuArguments() {}

    /** The value of {@code -netdev} that connects to {@code link}. */
    static String netdev(BoundLink link, String id) {
        SocketAddress local = link.local();
        if (local instanceof DomainSocketAddress unix) {
            String path = Path.of(unix.path()).toAbsolutePath().toString();
            return "stream,id=" + id + ",addr.type=unix,addr.path=" + path.replace(",", ",,") + ",server=off";
        }
        InetSocketAddress address = (InetSocketAddress) local;
        String host = connectable(address.getAddress());
        if (PortOptions.split(link.config().description()).type().equals("stream")) {
            return "stream,id=" + id + ",addr.type=inet,addr.host=" + host + ",addr.port=" + address.getPort()
                    + ",server=off";
        }
        return "socket,id=" + id + ",connect=" + host + ":" + address.getPort();
    }

    /** All arguments for link number {@code index}, quoted for a shell. */
    static String forShell(BoundLink link, int index) {
        String id = "net" + index;
        return "-netdev " + shellWord(netdev(link, id)) + " -device virtio-net-pci,netdev=" + id + ",mac=" + mac(index);
    }

    /** The hardware address proposed for the guest on link number {@code index}. */
    static MacAddress mac(int index) {
        return new MacAddress(FIRST_MAC + index);
    }

    /** Where {@code bound} is reached from this host: the loopback for an address that means all of them. */
    private static String connectable(InetAddress bound) {
        if (!bound.isAnyLocalAddress()) {
            return IpAddress.of(bound).toString();
        }
        return bound instanceof Inet6Address ? "::1" : "127.0.0.1";
    }

    private static String shellWord(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]*") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
