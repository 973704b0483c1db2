package org.slipway.nat;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slipway.wire.IpAddress;

/** Whom a guest has sent to from one port, as far as the filtering asks. */
final class UdpPeers {

    /** As many are remembered; the one that was written to longest ago makes room. */
    static final int MAX_PEERS = 1024;

    private record Peer(IpAddress address, int port) {}

    private final UdpFiltering filtering;
    private final Set<Peer> peers = new LinkedHashSet<>();

    UdpPeers(UdpFiltering filtering) {
        this.filtering = filtering;
    }

    private Peer peer(InetSocketAddress address) {
        boolean anyPort = filtering == UdpFiltering.ADDRESS_DEPENDENT;
        return new Peer(IpAddress.of(address.getAddress()), anyPort ? 0 : address.getPort());
    }

    /** The guest sends to {@code to}. */
    void sent(InetSocketAddress to) {
        if (filtering == UdpFiltering.ENDPOINT_INDEPENDENT) {
            return;
        }
        Peer peer = peer(to);
        if (!peers.remove(peer) && peers.size() == MAX_PEERS) {
            peers.remove(peers.iterator().next());
        }
        peers.add(peer);
    }

    /** Whether {@code from} may send to the guest. */
    boolean mayAnswer(InetSocketAddress from) {
        return filtering == UdpFiltering.ENDPOINT_INDEPENDENT || peers.contains(peer(from));
    }
}
