package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The receive window that grows with what the path can carry. */
class ReceiveWindowTest extends Scenario {

    private int seq = 1;

    private void growing() {
        config = TcpConfig.ofMss(MSS).withReceiveWindow(65_536, 1 << 20);
    }

    /** {@code segments} full segments, and {@code millis} later the next round trip; returns the window told last. */
    private int round(int segments, int millis) {
        for (int i = 0; i < segments; i++) {
            peer.sends(". " + seq + ":" + (seq + MSS) + "(1460) ack 1");
            seq += MSS;
        }
        Packet last = peer.heard.get(peer.heard.size() - 1);
        peer.ignoresAll();
        after(ms(millis));
        return Objects.requireNonNull(last.window) << 5;
    }

    @Test
    void windowThatIsTheLimitGrowsToItsBound() {
        growing();
        establishedWithTimestamps();
        after(ms(20));
        int window = 0;
        for (int i = 0; i < 12; i++) {
            int before = window;
            window = round(Math.max(40, window / MSS - 2), 20);
            assertThat(window).isGreaterThanOrEqualTo(before);
        }
        assertThat(window).isEqualTo(1 << 20);
    }

    @Test
    void windowThatIsTheLimitGrowsWithoutTimestampsToo() {
        growing();
        established("mss 1460,sackOK,wscale 7");
        int window = 0;
        for (int i = 0; i < 16; i++) {
            window = round(Math.max(40, window / MSS - 2), 20);
        }
        assertThat(window).isGreaterThan(500_000);
    }

    @Test
    void windowOfASlowPeerStays() {
        growing();
        establishedWithTimestamps();
        after(ms(20));
        for (int i = 0; i < 50; i++) {
            assertThat(round(4, 20)).isLessThanOrEqualTo(65_536);
        }
    }

    @Test
    void windowOfASlowUserStays() {
        growing();
        establishedWithTimestamps();
        user.isQuick = false;
        after(ms(20));
        round(40, 20);
        for (int i = 0; i < 20; i++) {
            user.consumes(2 * MSS);
            assertThat(round(2, 20)).isLessThanOrEqualTo(65_536);
        }
    }

    // ---- RFC 2883

    @Test
    void segmentThatCameTwiceIsReported() {
        establishedWithSack();
        peer.sends(". 1:1461(1460) ack 1", ". 1461:2921(1460) ack 1");
        peer.ignoresAll();
        peer.sends(". 1:1461(1460) ack 1");
        peer.hears(". 1:1(0) ack 2921 <sack 1:1461>");
        peer.sends(". 2921:4381(1460) ack 1", ". 4381:5841(1460) ack 1");
        peer.hears(". 1:1(0) ack 5841 <>");
    }

    @Test
    void partThatCameTwiceIsReported() {
        establishedWithSack();
        peer.sends(". 1:1461(1460) ack 1");
        peer.ignoresAll();
        peer.sends(". 1001:2001(1000) ack 1");
        peer.hears(". 1:1(0) ack 2001 <sack 1001:1461>");
    }

    /** 4.2: the second block is the one that the first lies in. */
    @Test
    void segmentThatCameTwiceBehindAHoleIsReportedBeforeItsBlock() {
        establishedWithSack();
        peer.sends(". 1461:2921(1460) ack 1", ". 5841:7301(1460) ack 1");
        peer.ignoresAll();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.hears(". 1:1(0) ack 1 <sack 1461:2921 1461:2921 5841:7301>");
    }

    @Test
    void nothingIsReportedWithoutPermission() {
        established();
        peer.sends(". 1:1461(1460) ack 1");
        peer.ignoresAll();
        peer.sends(". 1:1461(1460) ack 1");
        peer.hears(". 1:1(0) ack 1461 <>");
    }
}
