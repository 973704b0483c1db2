package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpPacket;
import org.slipway.loop.Loop;
import org.slipway.wire.IpAddress;

/**
 * The UDP forwards to one port of a guest, from one or more ports of the host: datagrams of the host's clients go to the
 * guest, and its answers back to the client they are for, from the port that it had written to.
 */
final class UdpForward {

    /** The least recently used client makes room for a new one beyond this. */
    static final int MAX_CLIENTS = 1024;

    /** How often a free port is looked for under which to show a client whose own is taken. */
    private static final int MAX_TRIES = 64;

    /** How the guest sees a client. */
    private record ShownAs(IpAddress address, int port) {}

    /** Who a client is: several sockets may have the same one. */
    private record Client(HostUdpListener socket, InetSocketAddress address) {}

    private static final class Peer {
        final HostUdpSocket socket;
        final InetSocketAddress address;
        final ShownAs shownAs;
        long usedAt;

        Peer(HostUdpSocket socket, InetSocketAddress address, ShownAs shownAs) {
            this.socket = socket;
            this.address = address;
            this.shownAs = shownAs;
        }
    }

    private final Loop loop;
    private final AddressPolicy policy;
    private final UdpDatagramWriter writer;
    private final IpAddress guest;
    private final int guestPort;
    private final Map<Client, Peer> peers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<ShownAs, Client> shown = new HashMap<>();
    private final List<HostUdpSocket> sockets = new ArrayList<>();
    private int madeUpPort = Forwards.FIRST_MADE_UP_PORT;

    UdpForward(Loop loop, AddressPolicy policy, UdpDatagramWriter writer, IpAddress guest, int guestPort) {
        this.loop = loop;
        this.policy = policy;
        this.writer = writer;
        this.guest = guest;
        this.guestPort = guestPort;
    }

    /**
     * Listens on the host's {@code local}, too.
     *
     * @throws HostSocketException if that cannot be had
     */
    HostUdpSocket open(HostSockets hostSockets, InetSocketAddress local) {
        Opening opening = new Opening();
        HostUdpSocket socket =
                hostSockets.openUdp(local, IpAddress.of(local.getAddress()).isIpv4(), opening);
        opening.socket = socket;
        sockets.add(socket);
        return socket;
    }

    /** One host socket of the forward. */
    private final class Opening implements HostUdpListener {

        private @Nullable HostUdpSocket socket;

        @Override
        public void received(ByteBuf payload, InetSocketAddress from) {
            HostUdpSocket open = socket;
            Peer peer = open == null ? null : peer(new Client(this, from), open);
            if (peer != null) {
                peer.usedAt = loop.nanoTime();
                writer.send(peer.shownAs.address, peer.shownAs.port, guest, guestPort, payload);
            }
        }
    }

    private @Nullable Peer peer(Client client, HostUdpSocket socket) {
        Peer known = peers.get(client);
        if (known != null) {
            return known;
        }
        ShownAs shownAs =
                free(policy.toGuest(IpAddress.of(client.address.getAddress()), guest), client.address.getPort());
        if (shownAs == null) {
            return null;
        }
        if (peers.size() == MAX_CLIENTS) {
            forget(peers.keySet().iterator().next());
        }
        Peer peer = new Peer(socket, client.address, shownAs);
        peers.put(client, peer);
        shown.put(shownAs, client);
        return peer;
    }

    /** How to show a client of {@code port}: with another port, if another client is seen with that already. */
    private @Nullable ShownAs free(IpAddress address, int port) {
        ShownAs wanted = new ShownAs(address, port);
        for (int tries = 0; shown.containsKey(wanted); tries++) {
            if (tries == MAX_TRIES) {
                return null;
            }
            wanted = new ShownAs(address, madeUpPort);
            madeUpPort = madeUpPort == 0xffff ? Forwards.FIRST_MADE_UP_PORT : madeUpPort + 1;
        }
        return wanted;
    }

    private void forget(Client client) {
        Peer peer = peers.remove(client);
        if (peer != null) {
            shown.remove(peer.shownAs);
        }
    }

    /** Sends a guest's datagram, {@code payload} of {@code packet}, to the client that it is for; false if there is none. */
    boolean reply(IpPacket packet, int port, ByteBuf payload) {
        Client client = shown.get(new ShownAs(packet.destination(), port));
        Peer peer = client == null ? null : peers.get(client);
        if (client == null || peer == null) {
            return false;
        }
        long now = loop.nanoTime();
        if (now - peer.usedAt > UdpLifetime.STREAM_NANOS) {
            forget(client);
            return false;
        }
        peer.usedAt = now;
        peer.socket.mark(hops(packet, peer.address), packet.typeOfService(), packet.dontFragment());
        peer.socket.send(payload.retain(), peer.address);
        peer.socket.flush();
        return true;
    }

    /** The gateway is a hop, but not on the way to itself. */
    private static int hops(IpPacket packet, InetSocketAddress to) {
        return to.getAddress().isLoopbackAddress() ? UdpNat.HOST_TIME_TO_LIVE : Math.max(1, packet.timeToLive() - 1);
    }

    /** Listens no more on {@code socket}, one of its own; whether it listens on another. */
    boolean close(HostUdpSocket socket) {
        socket.close();
        sockets.remove(socket);
        List<Client> gone = new ArrayList<>();
        peers.forEach((client, peer) -> {
            if (peer.socket == socket) {
                gone.add(client);
            }
        });
        gone.forEach(this::forget);
        return !sockets.isEmpty();
    }
}
