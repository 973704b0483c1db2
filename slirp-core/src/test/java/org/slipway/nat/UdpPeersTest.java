package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.ip.StationQuota;

class UdpPeersTest {

    private static final long GREEDY = 1;
    private static final long OTHER = 2;

    private static InetSocketAddress peer(int port) {
        return new InetSocketAddress("198.51.100.7", port);
    }

    private static UdpPeers peers(StationQuota quota, long share) {
        return new UdpPeers(UdpFiltering.ADDRESS_AND_PORT_DEPENDENT, quota, share);
    }

    @Test
    void peersBeyondTheBoundOfAFlowMakeRoom() {
        UdpPeers peers = peers(new StationQuota(UdpPeers.MAX_OF_ALL, UdpPeers.MAX_OF_ALL), GREEDY);
        for (int port = 1; port <= UdpPeers.MAX_PEERS + 1; port++) {
            peers.sent(peer(port));
        }
        assertThat(peers.mayAnswer(peer(1))).isFalse();
        assertThat(peers.mayAnswer(peer(2))).isTrue();
    }

    @Test
    void flowsOfAGreedyGuestHaveOnePeerEachBeyondItsShare() {
        StationQuota quota = new StationQuota(4, 2);
        UdpPeers first = peers(quota, GREEDY);
        UdpPeers second = peers(quota, GREEDY);
        UdpPeers other = peers(quota, OTHER);
        for (int port = 1; port <= 10; port++) {
            first.sent(peer(port));
            second.sent(peer(port));
        }
        other.sent(peer(1));
        other.sent(peer(2));

        // The first of each is not counted.
        for (UdpPeers greedy : List.of(first, second)) {
            assertThat(greedy.mayAnswer(peer(8))).isFalse();
            assertThat(greedy.mayAnswer(peer(9))).isTrue();
            assertThat(greedy.mayAnswer(peer(10))).isTrue();
        }
        assertThat(other.mayAnswer(peer(1))).isTrue();
        assertThat(other.mayAnswer(peer(2))).isTrue();

        first.clear();
        second.clear();
        assertThat(quota.isUsedUp(GREEDY)).isFalse();
        assertThat(quota.take(GREEDY)).isTrue();
    }
}
