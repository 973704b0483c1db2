package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loss seen from acknowledgments: RFC 5681 3.2, RFC 6582 (NewReno), RFC 6675 (SACK), RFC 3042. */
class FastRecoveryTest extends Scenario {

    /** Segment {@code i}, from 0 on, begins here. */
    private static int at(int i) {
        return 1 + i * MSS;
    }

    /** An acknowledgment of {@code i} segments with these SACK blocks, each {@code {first, behind the last}}. */
    private void acks(int i, int[]... blocks) {
        List<String> texts = new ArrayList<>();
        for (int[] block : blocks) {
            texts.add(at(block[0]) + ":" + at(block[1]));
        }
        String options = texts.isEmpty() ? "" : " <sack " + String.join(" ", texts) + ">";
        peer.sends(". 1:1(0) ack " + at(i) + options);
    }

    private static int[] block(int from, int to) {
        return new int[] {from, to};
    }

    private void hearsSegments(int... numbers) {
        List<Integer> heard = new ArrayList<>();
        for (Packet packet : peer.heard) {
            heard.add((packet.seq - 1) / MSS);
        }
        peer.ignoresAll();
        List<Integer> expected = new ArrayList<>();
        for (int number : numbers) {
            expected.add(number);
        }
        assertThat(heard).isEqualTo(expected);
    }

    private void flightOfTen(boolean sack) {
        if (sack) {
            establishedWithSack();
        } else {
            established();
        }
        user.sends(100 * MSS);
        peer.hearsData(1, at(10));
    }

    // ---- without SACK

    @Test
    void thirdDuplicateAckRepeatsTheFirstSegment() {
        flightOfTen(false);
        acks(0);
        acks(0);
        for (Packet packet : peer.heard) {
            assertThat(packet.seq).isGreaterThanOrEqualTo(at(10));
        }
        peer.ignoresAll();
        acks(0);
        assertThat(peer.heard.get(0).seq).isEqualTo(at(0));
    }

    /** RFC 3042: limited transmit. */
    @Test
    void firstTwoDuplicateAcksSendNewData() {
        flightOfTen(false);
        acks(0);
        hearsSegments(10);
        acks(0);
        hearsSegments(11);
    }

    @Test
    void duplicateAcksWithDataDoNotCount() {
        flightOfTen(false);
        for (int i = 0; i < 4; i++) {
            peer.sends("P. " + (1 + 10 * i) + ":" + (11 + 10 * i) + "(10) ack 1");
        }
        for (Packet packet : peer.heard) {
            assertThat(packet.length).isZero();
        }
    }

    /** RFC 5681 2 (e): a window update is no duplicate. */
    @Test
    void windowUpdatesAreNoDuplicateAcks() {
        flightOfTen(false);
        for (int i = 0; i < 4; i++) {
            peer.sends(". 1:1(0) ack 1 win " + (60_000 - i));
        }
        peer.hearsNothing();
    }

    /** RFC 6582 3.2 step 4: a partial acknowledgment repeats the next hole, without three duplicates more. */
    @Test
    void partialAckRepeatsTheNextHole() {
        flightOfTen(false);
        for (int i = 0; i < 3; i++) {
            acks(0);
        }
        peer.ignoresAll();
        acks(4);
        assertThat(peer.heard.get(0).seq).isEqualTo(at(4));
        peer.ignoresAll();
        acks(7);
        assertThat(peer.heard.get(0).seq).isEqualTo(at(7));
    }

    @Test
    void fullAckEndsTheRecoveryOfRenoAtHalfOfTheFlight() {
        config = config.with(CongestionAlgorithm.RENO);
        flightOfTen(false);
        for (int i = 0; i < 9; i++) {
            acks(0);
        }
        int end = peer.heard.get(peer.heard.size() - 1).end();
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack " + end);
        assertThat(peer.hearsBytes()).isBetween(2 * MSS, 6 * MSS + MSS);
    }

    /** RFC 5681 3.2 step 4: each further duplicate lets one segment out, once half of the flight has left the network. */
    @Test
    void furtherDuplicateAcksLetNewDataOut() {
        flightOfTen(false);
        for (int i = 0; i < 12; i++) {
            acks(0);
        }
        assertThat(peer.heard.get(peer.heard.size() - 1).seq).isGreaterThanOrEqualTo(at(11));
        long repeated =
                peer.heard.stream().filter(packet -> packet.seq == at(0)).count();
        assertThat(repeated).isEqualTo(1);
    }

    @Test
    void lostRepetitionIsRepeatedByTheTimer() {
        flightOfTen(false);
        for (int i = 0; i < 4; i++) {
            acks(0);
        }
        peer.ignoresAll();
        after(seconds(3));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(0));
    }

    // ---- with SACK

    @Test
    void threeSegmentsSackedAboveAHoleRepeatIt() {
        flightOfTen(true);
        acks(0, block(1, 2));
        acks(0, block(1, 3));
        peer.ignoresAll();
        acks(0, block(1, 4));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(0));
    }

    /** RFC 6675 4: IsLost counts bytes or segments above, whatever the number of ACKs. */
    @Test
    void oneAckThatSacksThreeSegmentsIsEnough() {
        flightOfTen(true);
        acks(0, block(1, 5));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(0));
    }

    @Test
    void sackedSegmentsAreNotRepeated() {
        flightOfTen(true);
        acks(0, block(1, 4), block(5, 10));
        for (Packet packet : peer.heard) {
            assertThat((packet.seq - 1) / MSS).matches(number -> number == 0 || number == 4 || number >= 10);
        }
        assertThat(peer.heard.get(0).seq).isEqualTo(at(0));
        assertThat(peer.heard.get(1).seq).isEqualTo(at(4));
    }

    @Test
    void eachHoleIsRepeatedOnce() {
        flightOfTen(true);
        acks(0, block(1, 4));
        acks(0, block(1, 5));
        acks(0, block(1, 6));
        acks(0, block(1, 10));
        long repeated =
                peer.heard.stream().filter(packet -> packet.seq == at(0)).count();
        assertThat(repeated).isEqualTo(1);
    }

    @Test
    void tailBelowThreeSegmentsIsNotTakenAsLost() {
        flightOfTen(true);
        acks(8, block(9, 10));
        for (Packet packet : peer.heard) {
            assertThat(packet.seq).isGreaterThanOrEqualTo(at(10));
        }
    }

    /** RFC 6675 5: half of the flight. */
    @Test
    void recoveryOfRenoKeepsHalfOfTheFlightInTheNetwork() {
        config = config.with(CongestionAlgorithm.RENO);
        flightOfTen(true);
        acks(0, block(1, 10));
        // Nine are sacked, one is lost: the pipe is what is sent from here on.
        assertThat(peer.hearsBytes()).isLessThanOrEqualTo(5 * MSS + MSS);
    }

    @Test
    void recoveryEndsWhenAllOfTheOldFlightIsAcknowledged() {
        flightOfTen(true);
        acks(0, block(1, 10));
        peer.ignoresAll();
        acks(10);
        // Not in recovery any more: three new segments sacked begin another.
        peer.ignoresAll();
        acks(10, block(11, 14));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(10));
    }

    @Test
    void sackedDataMayBeRenegedAfterATimeOut() {
        flightOfTen(true);
        acks(0, block(1, 10));
        peer.ignoresAll();
        after(seconds(5));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(0));
        // RFC 2018 8: the peer has thrown away what it had sacked.
        int una = 0;
        for (int i = 0; i < 60 && una < 12; i++) {
            peer.ignoresAll();
            acks(++una);
            after(seconds(2));
        }
        assertThat(connection.sendQueued()).isLessThanOrEqualTo(88 * MSS);
    }

    @Test
    void duplicateSackBelowTheAckChangesNothing() {
        flightOfTen(true);
        acks(5);
        peer.ignoresAll();
        for (int i = 0; i < 4; i++) {
            acks(5, block(1, 2));
        }
        for (Packet packet : peer.heard) {
            assertThat(packet.seq).isGreaterThanOrEqualTo(at(10));
        }
    }

    @Test
    void ackThatClosesTheHoleSendsOnlyNewData() {
        flightOfTen(true);
        acks(0, block(1, 4));
        acks(0, block(1, 10));
        peer.ignoresAll();
        acks(10);
        for (Packet packet : peer.heard) {
            assertThat(packet.seq).isGreaterThanOrEqualTo(at(10));
        }
    }

    @Test
    void finCanBeTheHole() {
        establishedWithSack();
        user.give(1000);
        user.closes();
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1001");
        after(ms(200));
        peer.hears("F. 1001:1001(0) ack 1");
    }

    /** RFC 6675 5.1. */
    @Test
    void afterTheTimerReportsAboutTheOldFlightStartNoRecovery() {
        flightOfTen(true);
        // The tail loss probe comes before the timer.
        after(ms(210));
        peer.ignoresAll();
        acks(0, block(5, 6));
        acks(0, block(5, 7));
        acks(0, block(5, 8));
        acks(0, block(5, 9));
        peer.hearsNothing();
        acks(1, block(5, 9));
        hearsSegments(1, 2);
    }

    // ---- lies

    @Test
    void sackOfWhatWasNeverSentIsIgnored() {
        flightOfTen(true);
        acks(0, block(20, 30));
        acks(0, block(40, 50));
        acks(0, block(60, 70));
        after(seconds(2));
        peer.ignoresAll();
        acks(10);
        after(ms(1));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(10));
    }

    @Test
    void sackBackwardsIsIgnored() {
        flightOfTen(true);
        for (int i = 0; i < 5; i++) {
            acks(0, block(9, 2));
        }
        peer.ignoresAll();
        acks(10);
        assertThat(peer.heard.get(0).seq).isEqualTo(at(10));
    }

    @Test
    void sackFromHalfOfTheSequenceSpaceAwayIsIgnored() {
        flightOfTen(true);
        for (int i = 0; i < 5; i++) {
            peer.sends(". 1:1(0) ack 1 <sack 2147483650:2147484650 3000000000:14601 1:4294967290>");
        }
        peer.ignoresAll();
        acks(10);
        assertThat(peer.heard.get(0).seq).isEqualTo(at(10));
    }

    /** Each edge is the right way round to its neighbour; all the way round they are not. */
    @Test
    void sackAroundTheSequenceSpaceIsIgnored() {
        flightOfTen(true);
        for (int i = 0; i < 5; i++) {
            peer.sends(". 1:1(0) ack 1 <sack " + (Integer.MAX_VALUE - 1000 - i) + ":3500000000>");
        }
        peer.hearsNothing();
        acks(10);
        assertThat(peer.heard.get(0).seq).isEqualTo(at(10));
        assertThat(peer.hearsBytes()).as("window, not halved").isGreaterThanOrEqualTo(10 * MSS);
    }

    @Test
    void sackThatCoversTheUnacknowledgedByteStillMakesItComeAgain() {
        flightOfTen(true);
        for (int i = 0; i < 5; i++) {
            acks(0, block(0, 10));
        }
        after(seconds(5));
        assertThat(peer.heard).anyMatch(packet -> packet.seq == at(0));
    }

    /** Thousands of blocks of one byte each must neither grow without bound nor stop the transfer. */
    @Test
    void manySacksOfOneByteAreBorne() {
        establishedWithSack();
        transfers(60 * MSS);
        user.sends(40 * MSS);
        int una = peer.heard.get(0).seq;
        for (int i = 1; i < 8000; i += 2) {
            peer.sends(". 1:1(0) ack " + una + " <sack " + (una + i) + ":" + (una + i + 1) + ">");
        }
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack " + (una + 40 * MSS));
        assertThat(connection.sendQueued()).isZero();
    }

    /** RFC 5961 5, "optimistic acks" (RFC 9293 3.10.7.4): of what was not sent. */
    @Test
    void ackBeyondWhatWasSentIsAnsweredAndNotTaken() {
        flightOfTen(true);
        peer.sends(". 1:1(0) ack " + (at(10) + 1));
        peer.hears(". " + at(10) + ":" + at(10) + "(0) ack 1");
        assertThat(connection.sendQueued()).isEqualTo(100 * MSS);
        assertThat(peer.dropped).isNotNull();
    }
}
