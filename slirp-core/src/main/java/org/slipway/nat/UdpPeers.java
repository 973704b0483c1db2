package org.slipway.nat;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slipway.ip.StationQuota;
import org.slipway.wire.IpAddress;

/** Whom a guest has sent to from one port, as far as the filtering asks. */
final class UdpPeers {

    /** As many are remembered; the one that was written to longest ago makes room. */
    static final int MAX_PEERS = 1024;

    /** Peers of all flows; beyond these, or its share of them, a flow has one: about eight megabytes. */
    static final int MAX_OF_ALL = 65_536;

    private record Peer(IpAddress address, int port) {}

    private final UdpFiltering filtering;
    private final StationQuota quota;
    private final long share;
    private final Set<Peer> peers = new LinkedHashSet<>();

    /** Peers that count to {@code share} of {@code quota}, but for the first of the flow. */
    UdpPeers(UdpFiltering filtering, StationQuota quota, long share) {
        this.filtering = filtering;
        this.quota = quota;
        this.share = share;
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
        boolean isNew = !peers.remove(peer);
        if (isNew && !peers.isEmpty() && (peers.size() == MAX_PEERS || !quota.take(share))) {
            peers.remove(peers.iterator().next());
        }
        peers.add(peer);
    }

    /** Forgets all. */
    void clear() {
        for (int counted = peers.size() - 1; counted > 0; counted--) {
            quota.giveBack(share);
        }
        peers.clear();
    }

    /** Whether {@code from} may send to the guest. */
    boolean mayAnswer(InetSocketAddress from) {
        return filtering == UdpFiltering.ENDPOINT_INDEPENDENT || peers.contains(peer(from));
    }
}
