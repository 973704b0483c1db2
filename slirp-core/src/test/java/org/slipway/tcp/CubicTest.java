package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** CUBIC alone: RFC 9438, and its slow start RFC 9406. Windows are in packets of 1,000 bytes. */
class CubicTest {

    private static final int MSS = 1000;
    private static final long RTT = TimeUnit.MILLISECONDS.toNanos(100);

    private final Cubic cubic = new Cubic(MSS);
    private long now = 1;

    private void slowStartTo(int packets) {
        while (cubic.window() < packets * MSS) {
            cubic.acknowledged(Math.min(MSS, packets * MSS - cubic.window()), now, RTT);
        }
    }

    /** A full window is acknowledged in each round trip. */
    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            int window = cubic.window();
            for (int acked = 0; acked < window; acked += MSS) {
                cubic.acknowledged(MSS, now + RTT * acked / window, RTT);
            }
            now += RTT;
        }
    }

    /** 4.6: beta is 0.7. */
    @Test
    void lossLeavesSevenTenths() {
        slowStartTo(1000);
        cubic.lost(1000 * MSS);
        assertThat(cubic.window()).isEqualTo(700 * MSS);
    }

    /** 4.2: K = cbrt((1000 - 700) / 0.4) = 9.09 s, when the window is again that of the loss. */
    @Test
    void windowIsBackAtTheOldMaximumAfterK() {
        slowStartTo(1000);
        cubic.lost(1000 * MSS);
        rounds(90);
        assertThat(cubic.window() / MSS).isCloseTo(1000, within(10));
        int flat = cubic.window();
        rounds(10);
        assertThat(cubic.window() - flat).isLessThan(10 * MSS);
        rounds(60);
        assertThat(cubic.window() / MSS).isGreaterThan(1080);
    }

    /** 4.3: with a small window Reno's growth is faster, and followed: alpha is 0.53 up to the old window. */
    @Test
    void smallWindowGrowsAsRenoWould() {
        slowStartTo(20);
        cubic.lost(20 * MSS);
        assertThat(cubic.window()).isEqualTo(14 * MSS);
        rounds(10);
        assertThat(cubic.window() / (double) MSS).isBetween(18.0, 21.0);
    }

    /** 4.7: a flow that lost below its old maximum aims lower, (1 + 0.7) / 2 of where it was. */
    @Test
    void fastConvergenceLeavesRoomForOthers() {
        slowStartTo(1000);
        cubic.lost(1000 * MSS);
        cubic.lost(700 * MSS);
        assertThat(cubic.window()).isCloseTo(490 * MSS, within(1));
        // W_max = 595, K = cbrt((595 - 490) / 0.4) = 6.4 s.
        rounds(64);
        assertThat(cubic.window() / MSS).isCloseTo(595, within(10));
    }

    @Test
    void timeOutBeginsWithOnePacket() {
        slowStartTo(100);
        cubic.timedOut(100 * MSS);
        assertThat(cubic.window()).isEqualTo(MSS);
        slowStartTo(70);
        rounds(1);
        assertThat(cubic.window()).isLessThan(73 * MSS);
    }

    @Test
    void undoBringsEverythingBack() {
        slowStartTo(100);
        cubic.timedOut(100 * MSS);
        cubic.undo();
        assertThat(cubic.window()).isEqualTo(100 * MSS);
        cubic.acknowledged(MSS, now, RTT);
        assertThat(cubic.window()).isEqualTo(101 * MSS);
    }

    /** 5.8: time in which the user sent little does not count. */
    @Test
    void timeWithoutUseDoesNotCount() {
        slowStartTo(1000);
        cubic.lost(1000 * MSS);
        rounds(10);
        int before = cubic.window();
        for (int i = 0; i < 600; i++) {
            now += RTT;
            cubic.unused(now);
        }
        rounds(1);
        assertThat(cubic.window() - before).isLessThan(30 * MSS);
    }

    @Test
    void lossOfAFlightThatDidNotFillTheWindowCountsTheFlight() {
        slowStartTo(1000);
        cubic.lost(100 * MSS);
        assertThat(cubic.window()).isEqualTo(70 * MSS);
    }

    /** RFC 9406 4.2: eight samples a round, more than an eighth above those of the last: a quarter of the growth. */
    @Test
    void growingRoundTripEndsSlowStart() {
        int una = 0;
        for (int round = 0; round < 12; round++) {
            int next = una + 100;
            for (int i = 0; i < 10; i++) {
                cubic.sampled(RTT + (round >= 2 ? RTT / 2 : 0), una, next);
                una += 10;
            }
        }
        int before = cubic.window();
        cubic.acknowledged(MSS, now, RTT);
        assertThat(cubic.window() - before).isLessThan(MSS);
    }

    @Test
    void steadyRoundTripDoesNotEndSlowStart() {
        int una = 0;
        for (int round = 0; round < 12; round++) {
            int next = una + 100;
            for (int i = 0; i < 10; i++) {
                cubic.sampled(RTT + i * 100_000L, una, next);
                una += 10;
            }
        }
        int before = cubic.window();
        cubic.acknowledged(MSS, now, RTT);
        assertThat(cubic.window() - before).isEqualTo(MSS);
    }
}
