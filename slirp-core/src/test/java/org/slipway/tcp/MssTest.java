package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes of segments: RFC 9293 3.7.1, RFC 6691, RFC 7323 3.2. */
class MssTest extends Scenario {

    private int longestOf(int bytes) {
        user.sends(bytes);
        int longest =
                peer.heard.stream().mapToInt(packet -> packet.length).max().orElse(0);
        peer.ignoresAll();
        return longest;
    }

    @Test
    void withoutAnMssOptionItIs536() {
        established("");
        assertThat(longestOf(5000)).isEqualTo(536);
    }

    @Test
    void peersMssIsKept() {
        established("mss 1000");
        assertThat(longestOf(5000)).isEqualTo(1000);
    }

    /** A larger one than our link carries would be cut by IP. */
    @Test
    void peersMssIsCutToOurs() {
        established("mss 9000");
        assertThat(longestOf(20_000)).isEqualTo(1460);
    }

    @Test
    void timestampsTakeTwelveBytesOfIt() {
        establishedWithTimestamps();
        assertThat(longestOf(5000)).isEqualTo(1448);
    }

    /** Blocks in a segment with data must not make it longer than the peer's MSS allows. */
    @Test
    void sackBlocksTakeTheirBytesOfIt() {
        establishedWithTimestamps();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.ignoresAll();
        user.sends(5000);
        for (Packet packet : peer.heard) {
            int sackBytes = packet.sacks.isEmpty() ? 0 : 4 + 8 * packet.sacks.size();
            assertThat(packet.length + 12 + sackBytes).isLessThanOrEqualTo(1460);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 13, 47})
    void tinyMssDoesNotMakeTinySegments(int mss) {
        established("mss " + mss + ",TS val 1 ecr 0");
        assertThat(longestOf(2000)).isBetween(24, 536);
    }

    @ParameterizedTest
    @CsvSource({"536", "1460", "8960", "65480"})
    void ourMssIsAnnounced(int mss) {
        config = TcpConfig.ofMss(mss);
        opens();
        assertThat(peer.hearsOne().mss).isEqualTo(mss);
    }

    @Test
    void lastSegmentOfWhatTheUserGaveIsPushed() {
        established();
        user.sends(3000);
        peer.hears(". 1:1461(1460) ack 1", ". 1461:2921(1460) ack 1", "P. 2921:3001(80) ack 1");
    }

    @Test
    void emittedSegmentIsNoLongerThanConfigured() {
        TcpConfig usual = TcpConfig.ofMss(MSS);
        config = new TcpConfig(MSS, 1 << 20, 1 << 20, 4000, usual.timeWaitNanos());
        isOpenedBy(LINUX_SYN);
        peer.sends(". 1:1(0) ack 1");
        user.give(20_000);
        connection.transmit(5_000_000_000L, segment -> {
            assertThat(segment.payloadLength).isBetween(1, 4000);
            assertThat(segment.segmentBytes).isBetween(1, 1448);
        });
    }
}
