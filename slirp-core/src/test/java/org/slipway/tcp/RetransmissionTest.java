package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The retransmission timer and slow start: RFC 6298, RFC 5681 3.1, RFC 9293 3.8.3. The time-out is the round trip (none here,
 * where no time passes in the handshake) and 200 ms at least, not the second of RFC 6298 2.4.
 */
class RetransmissionTest extends Scenario {

    @Test
    void dataIsRepeatedAndThenEachTimeAfterTwiceTheTime() {
        established();
        user.sends(100);
        peer.hears("P. 1:101(100) ack 1");
        for (int wait : new int[] {200, 400, 800, 1_600, 3_200, 6_400}) {
            after(ms(wait - 1));
            peer.hearsNothing();
            after(ms(1));
            peer.hears("P. 1:101(100) ack 1");
        }
    }

    /** RFC 6298 2.5: a maximum may be placed on the time, of at least 60 s. */
    @Test
    void timeBetweenRepetitionsHasABound() {
        established();
        user.sends(100);
        after(ms(200 * 511));
        peer.ignoresAll();
        after(ms(59_999));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("P. 1:101(100) ack 1");
    }

    /** RFC 9293 3.8.3 (SHLD-11): R2 of at least 100 s. */
    @Test
    void givesUpNotBeforeR2() {
        established();
        user.sends(100);
        after(seconds(99));
        user.wasTold();
        after(seconds(1_500));
        user.wasTold("closed TIMED_OUT");
        assertThat(state()).isEqualTo(TcpState.CLOSED);
    }

    @Test
    void givesUpAfterAFinThatNobodyAcknowledges() {
        established();
        user.closes();
        after(seconds(1_600));
        user.wasTold("closed TIMED_OUT");
    }

    @Test
    void lateAckEndsTheRepetitions() {
        established();
        user.sends(100);
        after(seconds(5));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 101");
        after(seconds(100));
        peer.hearsNothing();
    }

    @Test
    void onlyTheFirstSegmentIsRepeatedByTheTimer() {
        established();
        user.sends(14_600);
        peer.hearsData(1, 14_601);
        after(ms(200));
        peer.hearsData(1, 1461);
    }

    /** RFC 5681 3.1: the loss window is one segment, then slow start. */
    @Test
    void afterTheTimerSlowStartRepeatsTheRest() {
        established();
        user.sends(14_600);
        after(ms(200));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1461");
        peer.hearsData(1461, 4381);
        peer.sends(". 1:1(0) ack 2921");
        peer.hearsData(4381, 7301);
    }

    @Test
    void ackOfAllAfterTheTimerRepeatsNothing() {
        established();
        user.sends(14_600);
        after(ms(200));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 14601");
        peer.hearsNothing();
        after(seconds(100));
        peer.hearsNothing();
    }

    /** RFC 6298 5.3: each ACK of new data starts the timer anew. */
    @Test
    void ackOfNewDataStartsTheTimerAnew() {
        established();
        user.sends(2920);
        peer.ignoresAll();
        after(ms(190));
        peer.sends(". 1:1(0) ack 1461");
        after(ms(199));
        peer.hearsNothing();
        after(ms(1));
        peer.hearsData(1461, 2921);
    }

    /** RFC 6298 5.1: sending does not start the timer anew while it runs. */
    @Test
    void sendingDoesNotPutTheTimerOff() {
        established();
        user.sends(1460);
        after(ms(120));
        user.sends(1460);
        peer.ignoresAll();
        after(ms(80));
        peer.hearsData(1, 1461);
    }

    @Test
    void nothingIsDueWhenAllIsAcknowledged() {
        established();
        user.sends(100);
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 101");
        after(seconds(600));
        peer.hearsNothing();
    }

    /** RFC 6298 2.2, 2.3: R = 400 ms gives SRTT 400 ms and RTO 400 + 4 * 200 = 1,200 ms. */
    @Test
    void firstMeasurementSetsTheTime() {
        opens();
        after(ms(400));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.ignoresAll();
        user.sends(100);
        peer.hears("P. 1:101(100) ack 1");
        after(ms(1_199));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("P. 1:101(100) ack 1");
    }

    /** RTTVAR = 3/4 * 200 + 1/4 * |400 - 800| = 250; SRTT = 7/8 * 400 + 1/8 * 800 = 450; RTO = 1,450 ms. */
    @Test
    void secondMeasurementIsSmoothed() {
        opens();
        after(ms(400));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        user.sends(100);
        after(ms(800));
        peer.sends(". 1:1(0) ack 101");
        assertThat(connection.smoothedRttNanos()).isEqualTo(ms(450).toNanos());
        user.sends(100);
        peer.ignoresAll();
        after(ms(1_449));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("P. 101:201(100) ack 1");
    }

    /** Karn's rule: RFC 6298 3. */
    @Test
    void repeatedSegmentIsNotMeasured() {
        opens();
        after(ms(400));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        user.sends(100);
        after(ms(2_000));
        peer.sends(". 1:1(0) ack 101");
        assertThat(connection.smoothedRttNanos()).isEqualTo(ms(400).toNanos());
    }

    /** With time stamps the echo says which of the two was acknowledged (RFC 7323 4). */
    @Test
    void timestampsMeasureARepeatedSegment() {
        establishedWithTimestamps();
        user.sends(100);
        after(ms(210));
        assertThat(peer.heard).hasSize(2);
        after(ms(70));
        peer.sends(". 1:1(0) ack 101");
        assertThat(connection.smoothedRttNanos()).isEqualTo(ms(80).toNanos() / 8);
    }

    /** The peer had it, and its ACK was lost: the echo is as old as the time-out, and no measure of the path. */
    @Test
    void echoOfTheFirstTransmissionDoesNotMeasureTheRepeated() {
        establishedWithTimestamps();
        user.sends(100);
        after(ms(800));
        peer.sends(". 1:1(0) ack 101 <TS val 2000 ecr 0>");
        assertThat(connection.smoothedRttNanos()).isZero();
    }

    @Test
    void finIsRepeated() {
        established();
        user.closes();
        peer.hears("F. 1:1(0) ack 1");
        after(ms(200));
        peer.hears("F. 1:1(0) ack 1");
        peer.sends(". 1:1(0) ack 2");
        after(seconds(30));
        peer.hearsNothing();
    }

    @Test
    void finBehindDataIsRepeatedWithIt() {
        established();
        user.give(100);
        user.closes();
        peer.hears("FP. 1:101(100) ack 1");
        peer.sends(". 1:1(0) ack 101");
        peer.hearsNothing();
        after(ms(200));
        peer.hears("F. 101:101(0) ack 1");
    }

    @Test
    void repetitionMayBeCutAtAnotherPlace() {
        established();
        user.sends(1460);
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 701");
        after(ms(200));
        peer.hearsData(701, 1461);
    }

    /** RFC 5681 3.1: each ACK adds at most the bytes that it acknowledges, and at most one segment if L = 1 (RFC 3465: 2). */
    @Test
    void slowStartDoublesTheWindowAtMost() {
        established();
        user.sends(200_000);
        peer.hearsData(1, 14_601);
        int acknowledged = 1;
        while (acknowledged < 14_601) {
            acknowledged += 2920;
            peer.sends(". 1:1(0) ack " + acknowledged);
        }
        int flight = peer.heard.get(peer.heard.size() - 1).end() - acknowledged;
        assertThat(flight).isBetween(14_600 + 5 * 1460, 29_200);
    }

    /** ACK division (RFC 3465 2.3): many ACKs for one segment do not open the window by a segment each. */
    @Test
    void manyAcksOfOneSegmentOpenTheWindowOnce() {
        established();
        user.sends(200_000);
        peer.hearsData(1, 14_601);
        for (int i = 1; i <= 146; i++) {
            peer.sends(". 1:1(0) ack " + (1 + 10 * i));
        }
        int end = peer.heard.isEmpty()
                ? 14_601
                : peer.heard.get(peer.heard.size() - 1).end();
        assertThat(end).isLessThanOrEqualTo(14_601 + 2 * 1460);
    }

    /** RFC 5681 4.1: after an idle time of more than an RTO, the window is the initial one at most. */
    @Test
    void idleConnectionStartsSlowlyAgain() {
        established("mss 1460,wscale 7");
        transfers(200_000);
        after(seconds(10));
        user.sends(200_000);
        assertThat(peer.hearsBytes()).isLessThanOrEqualTo(14_600);
    }

    /** RFC 5681 3.1: ssthresh is half of the flight. Slow start ends there, then it grows by a segment per round trip. */
    @Test
    void afterTheTimerTheWindowGrowsSlowlyFromHalfOfTheFlight() {
        established();
        user.sends(14_600);
        after(ms(200));
        peer.sends(". 1:1(0) ack 14601");
        peer.ignoresAll();
        user.sends(1_000_000);
        int una = 14_601;
        for (int round = 0; round < 8; round++) {
            int end = peer.heard.get(peer.heard.size() - 1).end();
            peer.ignoresAll();
            while (una < end) {
                una = Math.min(end, una + 1460);
                peer.sends(". 1:1(0) ack " + una);
            }
        }
        int flight = peer.heard.get(peer.heard.size() - 1).end() - una;
        assertThat(flight).isLessThan(20_000);
    }

    /** Karn: the path may just be slower than the time-out. */
    @Test
    void ackOfARepeatedSegmentDoesNotUndoTheBackingOff() {
        established();
        user.sends(100);
        after(ms(600));
        peer.sends(". 1:1(0) ack 101");
        peer.ignoresAll();
        user.sends(100);
        peer.hears("P. 101:201(100) ack 1");
        after(ms(799));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("P. 101:201(100) ack 1");
    }

    @Test
    void pathSlowerThanTheTimeOutIsLearned() {
        established();
        int repeated = 0;
        for (int i = 0; i < 10; i++) {
            user.sends(100);
            after(ms(700));
            repeated = peer.heard.size() - 1;
            peer.ignoresAll();
            peer.sends(". 1:1(0) ack " + (101 + 100 * i));
        }
        assertThat(repeated).isZero();
        assertThat(connection.smoothedRttNanos()).isPositive();
    }

    /** The peer had the data, and its acknowledgment was lost: a segment of ours from SND.UNA would be old to it. */
    @Test
    void bareAckAfterATimeOutStandsBehindAllThatWasSent() {
        established();
        user.sends(14_600);
        after(ms(200));
        peer.ignoresAll();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.hears(". 14601:14601(0) ack 1");
    }

    @Test
    void resetAfterATimeOutStandsBehindAllThatWasSent() {
        established();
        user.sends(14_600);
        after(ms(200));
        peer.ignoresAll();
        user.aborts();
        peer.hears("R. 14601:14601(0) ack 1 win 0");
    }

    @Test
    void ackOfAllAfterTheTimerDoesNotBringTheOldWindowBack() {
        established();
        user.sends(14_600);
        after(ms(200));
        peer.sends(". 1:1(0) ack 14601");
        peer.ignoresAll();
        user.sends(100_000);
        assertThat(peer.hearsBytes()).isLessThanOrEqualTo(7_300);
    }
}
