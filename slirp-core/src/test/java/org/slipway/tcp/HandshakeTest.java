package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening a connection: RFC 9293 3.5 and 3.10.7.3, RFC 7323, RFC 6298 5.7, RFC 6928. */
class HandshakeTest extends Scenario {

    private static final String OUR_SYN = "S 0:0(0) win 65535 <mss 1460,sackOK,TS val 0 ecr 0,wscale 5>";

    // ---- passive

    @Test
    void synIsAnsweredWithOptionsOfBothSides() {
        isOpenedBy(LINUX_SYN);
        peer.hears("S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS ecr 1000,wscale 5>");
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
        user.wasTold();
        peer.sends(". 1:1(0) ack 1");
        peer.hearsNothing();
        user.wasTold("established");
        assertThat(state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                         | mss 1460",
                "mss 1460                   | mss 1460",
                "mss 1460,sackOK            | mss 1460,sackOK",
                "mss 1460,TS val 7 ecr 0    | mss 1460,TS ecr 7",
                "mss 1460,wscale 0          | mss 1460,wscale 5",
                "mss 1460,sackOK,wscale 14  | mss 1460,sackOK,wscale 5",
            })
    void synAckHasOnlyOptionsThatTheSynHad(String offered, String answered) {
        isOpenedBy("S 0:0(0) win 65535 <" + offered + ">");
        peer.hears("S. 0:0(0) ack 1 <" + answered + ">");
    }

    @Test
    void synOfAPeerWithEcnIsAnsweredWithoutEcn() {
        isOpenedBy("SEW 0:0(0) win 65535 <mss 1460>");
        peer.hears("S. 0:0(0) ack 1");
    }

    @Test
    void windowOfTheSynAckIsNotScaled() {
        config = buffers(30_000, 1 << 20);
        isOpenedBy(LINUX_SYN);
        peer.hears("S. 0:0(0) ack 1 win 30000");
    }

    @Test
    void synAckIsRepeatedEachTimeAfterTwiceTheTime() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.hears("S. 0:0(0) ack 1");
        after(ms(999));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("S. 0:0(0) ack 1 <mss 1460>");
        after(ms(1_999));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("S. 0:0(0) ack 1 <mss 1460>");
        after(ms(3_999));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("S. 0:0(0) ack 1 <mss 1460>");
    }

    @Test
    void synReceivedGivesUpNotBeforeAMinuteAndNotAfterFive() {
        isOpenedBy(LINUX_SYN);
        after(seconds(60));
        user.wasTold();
        after(seconds(240));
        user.wasTold("closed TIMED_OUT");
    }

    @Test
    void synThatComesAgainIsAnsweredAgain() {
        isOpenedBy(LINUX_SYN);
        peer.ignoresAll();
        peer.sends(LINUX_SYN);
        Packet answer = peer.hearsOne();
        assertThat(answer.ack).isEqualTo(1);
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
        peer.sends(". 1:1(0) ack 1");
        user.wasTold("established");
    }

    @Test
    void synReceivedAnswersAnAckOfWhatWasNotSentWithReset() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 2");
        peer.hears("R 2:2(0)");
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
    }

    @Test
    void synReceivedAnswersAnAckBelowItsSynWithReset() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 0");
        peer.hears("R 0:0(0)");
        user.wasTold();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "2147483648", "2147483649", "4294967295"})
    void synReceivedAnswersAnAckFarAwayWithReset(String ack) {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack " + ack);
        peer.hears("R " + ack + ":" + ack + "(0)");
        user.wasTold();
    }

    @Test
    void synReceivedIgnoresASegmentWithoutAck() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        peer.sends("P 1:11(10)");
        user.wasTold();
        assertThat(user.received).isZero();
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
    }

    @Test
    void synReceivedEndsWithReset() {
        isOpenedBy(LINUX_SYN);
        peer.ignoresAll();
        peer.sends("R 1:1(0)");
        user.wasTold("closed RESET");
        peer.hearsNothing();
    }

    @Test
    void synReceivedIgnoresAResetOutsideOfTheWindow() {
        isOpenedBy(LINUX_SYN);
        peer.ignoresAll();
        peer.sends("R 100001:100001(0)");
        user.wasTold();
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
    }

    @Test
    void handshakeMayEndWithData() {
        isOpenedBy(LINUX_SYN);
        peer.sends("P. 1:101(100) ack 1");
        user.wasTold("established");
        assertThat(user.received).isEqualTo(100);
    }

    @Test
    void handshakeMayEndWithDataAndFin() {
        isOpenedBy(LINUX_SYN);
        peer.ignoresAll();
        peer.sends("FP. 1:101(100) ack 1");
        user.wasTold("established", "fin");
        assertThat(user.received).isEqualTo(100);
        peer.hears(". 1:1(0) ack 102");
        assertThat(state()).isEqualTo(TcpState.CLOSE_WAIT);
    }

    @Test
    void userMaySendBeforeTheHandshakeEnds() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        user.sends(100);
        peer.hearsNothing();
        peer.sends(". 1:1(0) ack 1");
        peer.hears("P. 1:101(100) ack 1");
    }

    @Test
    void userMayCloseBeforeTheHandshakeEnds() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        user.give(100);
        user.closes();
        peer.sends(". 1:1(0) ack 1");
        peer.hears("FP. 1:101(100) ack 1");
        assertThat(state()).isEqualTo(TcpState.FIN_WAIT_1);
    }

    @Test
    void abortBeforeTheHandshakeEndsIsAReset() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        user.aborts();
        Packet reset = peer.hearsOne();
        assertThat(reset.toString()).startsWith("R. 1:1(0) ack 1");
        user.wasTold("closed ABORTED");
    }

    @Test
    void dataInTheSynIsDeliveredAfterTheHandshake() {
        isOpenedBy("S 0:100(100) win 65535 <mss 1460>");
        assertThat(user.received).isZero();
        Packet answer = peer.hearsOne();
        assertThat(answer.ack).isIn(1L, 101L);
        peer.sends(". 101:101(0) ack 1");
        peer.sends("P. 101:151(50) ack 1");
        if (user.received == 0) {
            peer.sends("P. 1:101(100) ack 1");
        }
        user.wasTold("established");
        assertThat(user.received).isEqualTo(150);
    }

    @Test
    void dataInTheSynThatComesAgainIsDeliveredOnce() {
        isOpenedBy("S 0:100(100) win 65535 <mss 1460>");
        peer.sends("P. 1:101(100) ack 1");
        peer.sends("P. 1:101(100) ack 1");
        assertThat(user.received).isEqualTo(100);
    }

    // ---- active

    @Test
    void opensWithAllOptions() {
        opens();
        assertThat(state()).isEqualTo(TcpState.SYN_SENT);
        peer.hears(OUR_SYN);
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 700 ecr 0,wscale 7>");
        peer.hears(". 1:1(0) ack 1 <TS ecr 700>");
        user.wasTold("established");
    }

    @Test
    void synAckWithoutOptionsTurnsThemOff() {
        opens();
        peer.ignoresAll();
        peer.sends("S. 0:0(0) ack 1 win 2000");
        peer.hears(". 1:1(0) ack 1 win 65535 <>");
        user.sends(1000);
        peer.hears(". 1:537(536) ack 1 <>", "P. 537:1001(464) ack 1 <>");
    }

    @Test
    void dataWaitingForTheSynAckGoesWithItsAck() {
        opens();
        user.sends(100);
        peer.ignoresAll();
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.hears("P. 1:101(100) ack 1");
    }

    @Test
    void synAckMayCarryDataAndFin() {
        opens();
        peer.ignoresAll();
        peer.sends("FS. 0:10(10) ack 1 win 65535 <mss 1460>");
        user.wasTold("established", "fin");
        assertThat(user.received).isEqualTo(10);
        peer.hears(". 1:1(0) ack 12");
        assertThat(state()).isEqualTo(TcpState.CLOSE_WAIT);
    }

    @Test
    void synIsRepeatedEachTimeAfterTwiceTheTime() {
        opens();
        for (int wait : new int[] {1_000, 2_000, 4_000, 8_000, 16_000}) {
            peer.ignoresAll();
            after(ms(wait - 1));
            peer.hearsNothing();
            after(ms(1));
            peer.hears("S 0:0(0) win 65535 <mss 1460,sackOK,TS,wscale 5>");
        }
    }

    /** RFC 9293 3.8.3 (MUST-23): at least three minutes. */
    @Test
    void openingIsTriedForThreeMinutesAtLeast() {
        opens();
        after(seconds(179));
        user.wasTold();
        after(seconds(600));
        user.wasTold("closed TIMED_OUT");
    }

    @Test
    void synSentEndsWithTheResetThatRefusesIt() {
        opens();
        peer.ignoresAll();
        peer.sends("R. 0:0(0) ack 1");
        user.wasTold("closed RESET");
        peer.hearsNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"R. 0:0(0) ack 0", "R. 0:0(0) ack 2", "R 0:0(0)", "R. 0:0(0) ack 4000000000"})
    void synSentIgnoresAResetThatDoesNotAcknowledgeIt(String reset) {
        opens();
        peer.ignoresAll();
        peer.sends(reset);
        peer.hearsNothing();
        user.wasTold();
        assertThat(state()).isEqualTo(TcpState.SYN_SENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S. 0:0(0) ack 0 | R 0:0(0)",
                "S. 0:0(0) ack 2 | R 2:2(0)",
                ". 0:0(0) ack 5 | R 5:5(0)",
                "F. 0:10(10) ack 5 | R 5:5(0)"
            })
    void synSentAnswersABadAckWithReset(String line, String reset) {
        opens();
        peer.ignoresAll();
        peer.sends(line);
        peer.hears(reset);
        assertThat(state()).isEqualTo(TcpState.SYN_SENT);
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        user.wasTold("established");
    }

    @ParameterizedTest
    @ValueSource(strings = {". 0:0(0) ack 1", "P. 1:11(10) ack 1", "F. 1:1(0) ack 1", "P 1:11(10)", "F 0:0(0)"})
    void synSentDropsASegmentWithoutSyn(String line) {
        opens();
        peer.ignoresAll();
        peer.sends(line);
        peer.hearsNothing();
        assertThat(peer.dropped).isNotNull();
        assertThat(state()).isEqualTo(TcpState.SYN_SENT);
    }

    @Test
    void bothMayOpenAtOnce() {
        opens();
        peer.ignoresAll();
        peer.sends(LINUX_SYN);
        assertThat(state()).isEqualTo(TcpState.SYN_RECEIVED);
        peer.hears("S. 0:0(0) ack 1 <mss 1460,sackOK,TS ecr 1000,wscale 5>");
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS,wscale 7>");
        user.wasTold("established");
        peer.ignoresAll();
        user.sends(10);
        peer.hears("P. 1:11(10) ack 1");
    }

    @Test
    void bothOpenAtOnceAndTheSynAckIsLost() {
        opens();
        peer.ignoresAll();
        peer.sends("S 0:0(0) win 65535 <mss 1460>");
        peer.hears("S. 0:0(0) ack 1 <mss 1460>");
        after(seconds(3));
        Packet again = peer.heard.get(0);
        assertThat(again.toString()).startsWith("S. 0:0(0) ack 1");
        peer.sends(". 1:1(0) ack 1");
        user.wasTold("established");
    }

    @Test
    void closingInSynSentSendsNothingMore() {
        opens();
        peer.ignoresAll();
        user.closes();
        if (state() == TcpState.CLOSED) {
            user.wasTold("closed FINISHED");
            return;
        }
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        Packet fin = peer.hearsOne();
        assertThat(fin.toString()).startsWith("F. 1:1(0) ack 1");
    }

    @Test
    void abortInSynSentSendsNothing() {
        opens();
        peer.ignoresAll();
        user.aborts();
        peer.hearsNothing();
        user.wasTold("closed ABORTED");
    }

    @Test
    void synAckThatComesAgainIsAcknowledgedAgain() {
        opens();
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.ignoresAll();
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.hears(". 1:1(0) ack 1");
        assertThat(state()).isEqualTo(TcpState.ESTABLISHED);
    }

    // ---- what the handshake leaves behind

    @Test
    void handshakeMeasuresTheRoundTrip() {
        opens();
        after(ms(50));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        assertThat(connection.smoothedRttNanos()).isEqualTo(ms(50).toNanos());
    }

    @Test
    void handshakeWithARepeatedSynMeasuresNothing() {
        opens();
        after(ms(1_050));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        assertThat(connection.smoothedRttNanos()).isEqualTo(-1);
    }

    /** RFC 6298 5.7. */
    @Test
    void afterALostSynDataIsRepeatedAfterThreeSeconds() {
        opens();
        after(ms(1_050));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.ignoresAll();
        user.sends(100);
        peer.hears("P. 1:101(100) ack 1");
        after(ms(2_999));
        peer.hearsNothing();
        after(ms(1));
        peer.hears("P. 1:101(100) ack 1");
    }

    /** RFC 5681 3.1, RFC 6928 2: more than one SYN lost means an initial window of one segment. */
    @Test
    void afterTwoLostSynsDataBeginsWithOneSegment() {
        opens();
        after(ms(3_050));
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.ignoresAll();
        user.sends(20_000);
        peer.hearsData(1, 1461);
    }

    /** RFC 6928 2: min (10*MSS, max (2*MSS, 14600)). */
    @ParameterizedTest
    @CsvSource({"1460,14600", "536,5360", "1000,10000"})
    void firstFlightIsTenSegments(int mss, int flight) {
        established("mss " + mss);
        user.sends(100_000);
        peer.hearsData(1, 1 + flight);
    }

    @Test
    void firstFlightOfAPeerWithLargeSegmentsIsLimited() {
        config = TcpConfig.ofMss(65_480);
        established("mss 9000");
        user.sends(100_000);
        assertThat(peer.hearsBytes()).isEqualTo(18_000);
    }
}
