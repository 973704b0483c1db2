package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Loss seen from time, and repairs that were none: RFC 8985, 3522, 3708, 5682. The round trip is 40 ms. */
class TimedLossTest extends Scenario {

    private static final int RTT = 40;

    private static int at(int i) {
        return 1 + i * MSS;
    }

    /** A connection that has measured the round trip, and whose window is as at first. */
    private void measured(String options) {
        isOpenedBy("S 0:0(0) win 65535 <" + options + ">");
        after(ms(RTT));
        peer.sends(". 1:1(0) ack 1");
        peer.ignoresAll();
    }

    private void flightOfTen() {
        measured("mss 1460,sackOK,wscale 7");
        user.sends(10 * MSS);
        peer.hearsData(1, at(10));
    }

    private void sacks(int ack, int from, int to) {
        peer.sends(". 1:1(0) ack " + at(ack) + " <sack " + at(from) + ":" + at(to) + ">");
    }

    // ---- RFC 8985 6

    /** 6.2 step 4: a quarter of the round trip for what may only have been overtaken. */
    @Test
    void pieceThatWasOvertakenIsLostAfterAQuarterOfTheRoundTrip() {
        flightOfTen();
        after(ms(RTT));
        sacks(8, 9, 10);
        after(ms(RTT / 4 - 1));
        peer.hearsNothing();
        after(ms(1));
        peer.hearsData(at(8), at(9));
    }

    @Test
    void pieceThatOnlyWasLateIsNotSentAgain() {
        flightOfTen();
        after(ms(RTT));
        sacks(8, 9, 10);
        after(ms(RTT / 4 - 2));
        peer.sends(". 1:1(0) ack " + at(10));
        after(seconds(3));
        peer.hearsNothing();
    }

    /** What duplicate acknowledgments cannot show: the repetition was lost, too. */
    @Test
    void lostRepetitionIsRepeatedWithoutTheTimer() {
        measured("mss 1460,sackOK,wscale 7");
        user.sends(40 * MSS);
        peer.hearsData(1, at(10));
        after(ms(RTT));
        sacks(0, 1, 5);
        assertThat(peer.heard.get(0).seq).isEqualTo(1);
        int sentBehind = peer.heard.get(peer.heard.size() - 1).end();
        assertThat(sentBehind).isGreaterThan(at(10));
        peer.ignoresAll();
        after(ms(RTT));
        peer.sends(". 1:1(0) ack 1 <sack " + at(1) + ":" + sentBehind + ">");
        after(ms(RTT / 4));
        assertThat(peer.heard).anyMatch(packet -> packet.seq == 1);
    }

    /** 6.2 step 4: a duplicate report widens the reordering window. */
    @Test
    void duplicateReportMakesItMorePatient() {
        flightOfTen();
        after(ms(RTT));
        sacks(8, 9, 10);
        after(ms(RTT / 4));
        peer.hearsData(at(8), at(9));
        peer.sends(". 1:1(0) ack " + at(10) + " <sack " + at(8) + ":" + at(9) + ">");
        user.sends(10 * MSS);
        peer.ignoresAll();
        after(ms(RTT));
        sacks(18, 19, 20);
        after(ms(RTT / 2 - 1));
        peer.hearsNothing();
        after(ms(1));
        peer.hearsData(at(18), at(19));
    }

    // ---- RFC 8985 7

    @Test
    void tailIsProbedAfterTwoRoundTrips() {
        flightOfTen();
        after(ms(2 * RTT + 9));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("P. " + at(9) + ":" + at(10) + "(1460) ack 1");
    }

    @Test
    void probeIsNewDataIfThereAreAny() {
        measured("mss 1460,sackOK,wscale 7");
        user.sends(20 * MSS);
        peer.hearsData(1, at(10));
        after(ms(2 * RTT + 10));
        peer.hearsData(at(10), at(11));
    }

    @Test
    void oneProbeOnlyThenTheTimer() {
        flightOfTen();
        after(ms(2 * RTT + 10));
        peer.ignoresAll();
        after(ms(RTT + 199));
        peer.hearsNothing();
        after(ms(100));
        assertThat(peer.heard.get(0).seq).isEqualTo(1);
    }

    @Test
    void lostTailIsRepairedByTheProbe() {
        flightOfTen();
        after(ms(RTT));
        peer.sends(". 1:1(0) ack " + at(7));
        after(ms(2 * RTT + 10));
        peer.hears("P. " + at(9) + ":" + at(10) + "(1460) ack 1");
        after(ms(RTT));
        sacks(7, 9, 10);
        after(ms(RTT / 4));
        peer.hearsData(at(7), at(8));
        after(ms(RTT));
        peer.sends(". 1:1(0) ack " + at(8) + " <sack " + at(9) + ":" + at(10) + ">");
        peer.hearsData(at(8), at(9));
    }

    @Test
    void nothingIsProbedWithoutSack() {
        measured("mss 1460");
        user.sends(10 * MSS);
        peer.ignoresAll();
        after(ms(RTT + 150));
        peer.hearsNothing();
    }

    // ---- what was no loss

    private int windowAfter(int una) {
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack " + una);
        user.sends(400 * MSS);
        return peer.hearsBytes();
    }

    /** RFC 3522: the echo is of the first transmission. */
    @Test
    void echoOfTheFirstTransmissionGivesTheWindowBack() {
        measured("mss 1460,sackOK,TS val 1000 ecr 0,wscale 7");
        user.sends(10 * MSS);
        peer.ignoresAll();
        after(ms(500));
        assertThat(peer.heard).anyMatch(packet -> packet.seq == 1);
        peer.sends(". 1:1(0) ack " + at(2) + " <TS val 1500 ecr " + RTT + ">");
        assertThat(windowAfter(at(10))).isGreaterThanOrEqualTo(10 * MSS);
    }

    @Test
    void echoOfTheRepetitionLeavesTheWindowSmall() {
        measured("mss 1460,sackOK,TS val 1000 ecr 0,wscale 7");
        user.sends(10 * MSS);
        peer.ignoresAll();
        after(ms(500));
        peer.sends(". 1:1(0) ack " + at(2));
        assertThat(windowAfter(at(10))).isLessThan(7 * MSS);
    }

    /** RFC 5682 2.1: two acknowledgments that lead on after a time-out. */
    @Test
    void twoAcksThatLeadOnAfterATimeOutGiveTheWindowBack() {
        measured("mss 1460,wscale 7");
        user.sends(30 * MSS);
        peer.ignoresAll();
        after(ms(500));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack " + at(2));
        peer.hearsData(at(10), at(12));
        peer.sends(". 1:1(0) ack " + at(4));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(12));
        assertThat(peer.hearsBytes()).isGreaterThanOrEqualTo(2 * MSS);
        assertThat(windowAfter(at(12))).isGreaterThanOrEqualTo(8 * MSS);
    }

    /** RFC 5682 2.1 step 3a: the second one is a duplicate, so there was a loss. */
    @Test
    void duplicateAfterNewDataRepeatsWhatWasLost() {
        measured("mss 1460,wscale 7");
        user.sends(30 * MSS);
        peer.ignoresAll();
        after(ms(500));
        peer.sends(". 1:1(0) ack " + at(2));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack " + at(2));
        peer.sends(". 1:1(0) ack " + at(2));
        assertThat(peer.heard.get(0).seq).isEqualTo(at(2));
    }

    /** RFC 3708: everything that was repeated came twice. */
    @Test
    void duplicateReportOfAllThatWasRepeatedGivesTheWindowBack() {
        measured("mss 1460,sackOK,wscale 7");
        user.sends(10 * MSS);
        after(ms(RTT));
        peer.ignoresAll();
        sacks(0, 1, 4);
        peer.hearsData(1, at(1));
        peer.sends(". 1:1(0) ack " + at(10) + " <sack 1:" + at(1) + ">");
        user.sends(400 * MSS);
        assertThat(peer.hearsBytes()).isGreaterThanOrEqualTo(10 * MSS);
    }

    // ---- RFC 7661

    @Test
    void windowThatTheUserDoesNotFillDoesNotGrow() {
        measured("mss 1460,sackOK,wscale 7");
        int una = 1;
        for (int i = 0; i < 100; i++) {
            user.sends(2 * MSS);
            una += 2 * MSS;
            after(ms(RTT));
            peer.sends(". 1:1(0) ack " + una);
        }
        peer.ignoresAll();
        user.sends(400 * MSS);
        assertThat(peer.hearsBytes()).isEqualTo(10 * MSS);
    }
}
