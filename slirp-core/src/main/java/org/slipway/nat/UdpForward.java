package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.IpAddress;

/** A UDP forward: datagrams of the host's clients go to the guest, and its answers back to the client they are for. */
final class UdpForward implements HostUdpListener {

    /** The oldest client makes room for a new one beyond this. */
    private static final int MAX_CLIENTS = 1024;

    private record Client(IpAddress shownAs, int port) {}

    private static final class Peer {
        final InetSocketAddress address;
        long usedAt;

        Peer(InetSocketAddress address, long now) {
            this.address = address;
            usedAt = now;
        }
    }

    private final Loop loop;
    private final AddressPolicy policy;
    private final UdpDatagramWriter writer;
    private final IpAddress guest;
    private final int guestPort;
    private final Map<Client, Peer> clients = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable HostUdpSocket socket;

    UdpForward(Loop loop, AddressPolicy policy, UdpDatagramWriter writer, IpAddress guest, int guestPort) {
        this.loop = loop;
        this.policy = policy;
        this.writer = writer;
        this.guest = guest;
        this.guestPort = guestPort;
    }

    void socket(HostUdpSocket socket) {
        this.socket = socket;
    }

    @Override
    public void received(ByteBuf payload, InetSocketAddress from) {
        IpAddress shownAs = policy.toGuest(IpAddress.of(from.getAddress()));
        Client client = new Client(shownAs, from.getPort());
        Peer peer = clients.get(client);
        if (peer == null) {
            if (clients.size() == MAX_CLIENTS) {
                Iterator<Peer> oldest = clients.values().iterator();
                oldest.next();
                oldest.remove();
            }
            clients.put(client, new Peer(from, loop.nanoTime()));
        } else {
            peer.usedAt = loop.nanoTime();
        }
        writer.send(shownAs, from.getPort(), guest, guestPort, payload);
    }

    /** Sends a guest's datagram to the client that it is for; false if there is no such client. */
    boolean reply(IpAddress destination, int port, ByteBuf payload) {
        Client client = new Client(destination, port);
        Peer peer = clients.get(client);
        HostUdpSocket open = socket;
        if (peer == null || open == null) {
            return false;
        }
        long now = loop.nanoTime();
        if (now - peer.usedAt > UdpNat.IDLE_NANOS) {
            clients.remove(client);
            return false;
        }
        peer.usedAt = now;
        open.send(payload.retain(), peer.address);
        open.flush();
        return true;
    }

    void close() {
        HostUdpSocket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
