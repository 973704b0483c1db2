package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;

/** Resets and segments that may be forged: RFC 9293 3.5.2, 3.5.3, RFC 5961. */
class ResetTest extends Scenario {

    private static final int WINDOW = 65_535;

    @Test
    void resetAtTheNextSequenceNumberEndsTheConnection() {
        established();
        peer.sends("R 1:1(0)");
        user.wasTold("closed RESET");
        peer.hearsNothing();
    }

    @Test
    void resetThatAcknowledgesEndsTheConnection() {
        established();
        user.sends(100);
        peer.ignoresAll();
        peer.sends("R. 1:1(0) ack 101");
        user.wasTold("closed RESET");
        peer.hearsNothing();
    }

    /** RFC 5961 3.2: in the window, but not exactly there. */
    @ParameterizedTest
    @ValueSource(ints = {2, 100, WINDOW})
    void resetElsewhereInTheWindowIsQuestioned(int seq) {
        established();
        peer.sends("R " + seq + ":" + seq + "(0)");
        peer.hears(". 1:1(0) ack 1");
        user.wasTold();
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_BAD_RESET);
        // The true peer answers the question with a reset at exactly that number.
        peer.sends("R 1:1(0)");
        user.wasTold("closed RESET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4294967295", "2147483649", "100000", "1048578"})
    void resetOutsideOfTheWindowIsIgnored(String seq) {
        established();
        peer.sends("R " + seq + ":" + seq + "(0)");
        peer.hearsNothing();
        user.wasTold();
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_BAD_RESET);
    }

    /** RFC 5961 4.2: whatever its sequence number. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "100", "65536", "2147483648", "4294967295"})
    void synIsQuestioned(String seq) {
        established();
        peer.sends("S " + seq + ":" + seq + "(0) win 1000 <mss 100>");
        peer.hears(". 1:1(0) ack 1");
        user.wasTold();
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_UNEXPECTED_SYN);
        user.sends(2000);
        assertThat(peer.heard.get(0).length).isEqualTo(1460);
    }

    @Test
    void synWithResetIsAReset() {
        established();
        peer.sends("SR 1:1(0)");
        user.wasTold("closed RESET");
    }

    /** RFC 5961 7: the questions are limited. */
    @Test
    void questionsAreLimited() {
        established();
        for (int i = 0; i < 10_000; i++) {
            peer.sends("R 100:100(0)");
            peer.sends("S 100:100(0)");
        }
        assertThat(peer.heard.size()).isLessThanOrEqualTo(1000);
        int first = peer.heard.size();
        peer.ignoresAll();
        after(seconds(6));
        peer.sends("R 100:100(0)");
        assertThat(first).isPositive();
        assertThat(peer.heard).isNotEmpty();
    }

    /** RFC 5961 5.2: SND.UNA - MAX.SND.WND is the oldest that may be. */
    @Test
    void dataWithAnAckTooOldAreNotTaken() {
        established();
        transfers(200_000);
        int una = 200_001;
        peer.sends("P. 1:11(10) ack " + (una - WINDOW - 1));
        assertThat(user.received).isZero();
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_BAD_ACK);
        peer.hears(". 200001:200001(0) ack 1");
        peer.sends("P. 1:11(10) ack " + (una - WINDOW));
        assertThat(user.received).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "1000", "2147483647", "2147483649", "3000000000"})
    void dataWithAnAckOfWhatWasNotSentAreNotTaken(String ack) {
        established();
        peer.sends("P. 1:11(10) ack " + ack);
        assertThat(user.received).isZero();
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_BAD_ACK);
        peer.hears(". 1:1(0) ack 1");
        user.wasTold();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P 1:11(10)", "F 1:1(0)", "PU 1:11(10)", "E 1:11(10)"})
    void segmentWithoutAckIsDropped(String line) {
        established();
        peer.sends(line);
        assertThat(user.received).isZero();
        user.wasTold();
        assertThat(peer.dropped).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FSRPU.EW 1:11(10) ack 1",
                "FSPU. 1:11(10) ack 1",
                "FPU 1:1(0)",
                "SF 1:1(0)",
                "SF. 1:1(0) ack 1",
                "EW. 1:1(0) ack 1",
                "U. 1:1(0) ack 1",
            })
    void oddFlagsAreBorne(String line) {
        established();
        peer.sends(line);
        if (state() != TcpState.CLOSED) {
            user.sends(10);
            peer.sends(". 1:1(0) ack 11");
            assertThat(connection.sendQueued()).isZero();
        }
    }

    @Test
    void abortResetsBehindWhatWasSent() {
        established();
        peer.sends("P. 1:101(100) ack 1");
        user.sends(5000);
        peer.ignoresAll();
        user.aborts();
        peer.hears("R. 5001:5001(0) ack 101 win 0");
        user.wasTold("closed ABORTED");
    }

    @Test
    void abortDropsWhatWaits() {
        established();
        user.sends(500_000);
        peer.ignoresAll();
        user.aborts();
        assertThat(peer.hearsBytes()).isZero();
        assertThat(connection.sendQueued()).isZero();
    }

    @Test
    void closedConnectionTellsThatItTakesNothing() {
        established();
        user.aborts();
        peer.sends("P. 1:101(100) ack 1");
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_NO_CONNECTION);
        assertThat(connection.sendSpace()).isZero();
    }

    @Test
    void resetWithWaitingDataLeavesThemOut() {
        establishedWithSack();
        peer.sends("P. 101:201(100) ack 1");
        peer.ignoresAll();
        peer.sends("R. 1:1(0) ack 1");
        user.wasTold("closed RESET");
        assertThat(user.received).isZero();
    }
}
