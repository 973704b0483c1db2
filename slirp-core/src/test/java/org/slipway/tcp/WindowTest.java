package org.slipway.tcp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two windows: RFC 9293 3.8.6, RFC 7323 2, RFC 1122 4.2.3.3 and 4.2.3.4. */
class WindowTest extends Scenario {

    // ---- the peer's

    @Test
    void peersWindowIsKept() {
        established();
        peer.sends(". 1:1(0) ack 1 win 4000");
        user.sends(10_000);
        assertThat(peer.heard.get(peer.heard.size() - 1).end()).isLessThanOrEqualTo(4001);
        assertThat(peer.hearsBytes()).isBetween(2 * MSS, 4000);
    }

    @Test
    void windowOfTheSynIsNotScaled() {
        isOpenedBy("S 0:0(0) win 3000 <mss 1460,wscale 7>");
        user.give(10_000);
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1 win 20");
        assertThat(peer.hearsBytes()).isLessThanOrEqualTo(20 << 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 14})
    void peersWindowIsScaled(int shift) {
        established("mss 1460,wscale " + shift);
        int field = Math.max(1, 8192 >> shift);
        peer.sends(". 1:1(0) ack 1 win " + field);
        user.sends(20_000);
        assertThat(peer.hearsBytes()).isBetween(1, Math.min(14_600, field << shift));
    }

    /** RFC 7323 2.3: a greater shift is taken as 14. */
    @Test
    void shiftOf255IsTakenAs14() {
        established("mss 1460,wscale 255");
        peer.sends(". 1:1(0) ack 1 win 1");
        user.sends(20_000);
        assertThat(peer.hearsBytes()).isBetween(1, 16_384);
    }

    @Test
    void shiftOfAPeerMeetsNoScalingOfOursIfNotOffered() {
        established();
        peer.sends(". 1:1(0) ack 1 win 100");
        user.sends(20_000);
        assertThat(peer.hearsBytes()).isLessThanOrEqualTo(100);
    }

    @Test
    void openedWindowIsUsedAtOnce() {
        established();
        peer.sends(". 1:1(0) ack 1 win 2920");
        user.sends(10_000);
        peer.hearsData(1, 2921);
        peer.sends(". 1:1(0) ack 2921 win 2920");
        peer.hearsData(2921, 5841);
        peer.sends(". 1:1(0) ack 2921 win 5840");
        peer.hearsData(5841, 8761);
    }

    /** RFC 9293 3.8.6 (MUST-34): a shrinking window must be borne. */
    @Test
    void windowThatShrinksStopsNewDataOnly() {
        established();
        user.sends(20_000);
        peer.hearsData(1, 14_601);
        peer.sends(". 1:1(0) ack 1461 win 2920");
        peer.hearsNothing();
        peer.sends(". 1:1(0) ack 14601 win 65535");
        peer.hearsData(14_601, 20_001);
    }

    /** RFC 9293 3.10.7.4: SND.WL1, SND.WL2. */
    @Test
    void oldSegmentDoesNotChangeTheWindow() {
        established();
        peer.sends("P. 1:11(10) ack 1 win 30000");
        peer.sends("P. 11:21(10) ack 1 win 2920");
        peer.sends("P. 1:11(10) ack 1 win 30000");
        peer.ignoresAll();
        user.sends(20_000);
        peer.hearsData(1, 2921);
    }

    @Test
    void smallRestOfTheWindowIsNotFilledAtOnce() {
        established();
        peer.sends(". 1:1(0) ack 1 win 4480");
        user.sends(10_000);
        peer.hearsData(1, 4381);
    }

    /** RFC 1122 4.2.3.4 (3): half of the largest window that the peer ever offered is enough. */
    @Test
    void peerWithATinyWindowGetsItFilled() {
        isOpenedBy("S 0:0(0) win 600 <mss 1460>");
        peer.sends(". 1:1(0) ack 1 win 600");
        peer.ignoresAll();
        user.sends(2000);
        peer.hearsData(1, 601);
        peer.sends(". 1:1(0) ack 601 win 600");
        peer.hearsData(601, 1201);
    }

    /** RFC 1122 4.2.3.4: an override time-out of 0.1 to 1 second, lest a window below the threshold stop us. */
    @Test
    void smallWindowIsUsedInTheEnd() {
        established();
        peer.sends(". 1:1(0) ack 1 win 100");
        user.sends(2000);
        after(seconds(2));
        assertThat(peer.heard).isNotEmpty();
        assertThat(peer.heard.get(0).length).isBetween(1, 100);
    }

    @Test
    void sendSpaceIsWhatTheBufferHolds() {
        config = buffers(1 << 20, 10_000);
        established();
        assertThat(connection.sendSpace()).isEqualTo(10_000);
        user.sends(4_000);
        assertThat(connection.sendSpace()).isEqualTo(6_000);
        assertThat(connection.sendQueued()).isEqualTo(4_000);
        user.sends(10_000);
        assertThat(connection.sendSpace()).isZero();
        assertThat(connection.sendQueued()).isEqualTo(14_000);
        peer.sends(". 1:1(0) ack 14001");
        assertThat(connection.sendSpace()).isEqualTo(10_000);
        assertThat(connection.sendQueued()).isZero();
    }

    @Test
    void nothingCanBeSentAfterClose() {
        established();
        user.closes();
        assertThat(connection.sendSpace()).isZero();
        peer.ignoresAll();
        user.sends(100);
        peer.hearsNothing();
    }

    // ---- ours

    @Test
    void slowUserClosesTheWindowByWhatWaits() {
        config = buffers(10_000, 1 << 20);
        established();
        user.isQuick = false;
        peer.sends(". 1:1461(1460) ack 1", ". 1461:2921(1460) ack 1");
        peer.hears(". 1:1(0) ack 2921 win 7080");
    }

    @Test
    void windowWithWaitingDataIsNeverWithdrawn() {
        config = buffers(10_000, 1 << 20);
        established("mss 1460,wscale 3");
        user.isQuick = false;
        long edge = 10_001;
        for (int seq = 1; seq + MSS <= 10_001; seq += MSS) {
            peer.sends(". " + seq + ":" + (seq + MSS) + "(1460) ack 1");
            after(seconds(1));
            for (Packet packet : peer.heard) {
                long right = requireNonNull(packet.ack) + (requireNonNull(packet.window) << windowShift());
                assertThat(right).isGreaterThanOrEqualTo(edge);
                edge = right;
            }
            peer.ignoresAll();
        }
    }

    private int windowShift() {
        int shift = 0;
        while (config.receiveBuffer() >> shift > 65_535) {
            shift++;
        }
        return shift;
    }

    @Test
    void largeBufferIsAnnouncedScaled() {
        established("mss 1460,wscale 7");
        peer.sends(". 1:1461(1460) ack 1", ". 1461:2921(1460) ack 1");
        Packet ack = peer.hearsOne();
        assertThat(requireNonNull(ack.window) << 5).isBetween((1 << 18) - 32, 1 << 18);
    }

    @Test
    void bufferBeyondTheFieldIsAnnouncedAs65535WithoutScaling() {
        established();
        peer.sends(". 1:1461(1460) ack 1", ". 1461:2921(1460) ack 1");
        peer.hears(". 1:1(0) ack 2921 win 65535");
    }

    private void fill(int bytes) {
        user.isQuick = false;
        int seq = 1;
        while (seq <= bytes) {
            int end = Math.min(seq + MSS, bytes + 1);
            peer.sends(". " + seq + ":" + end + "(" + (end - seq) + ") ack 1");
            seq = end;
        }
        after(seconds(1));
    }

    @Test
    void fullBufferIsAClosedWindow() {
        config = buffers(8760, 1 << 20);
        established();
        fill(8760);
        assertThat(peer.heard.get(peer.heard.size() - 1).toString()).startsWith(". 1:1(0) ack 8761 win 0");
    }

    /** RFC 1122 4.2.3.3: not before min (half of the buffer, MSS) can be offered. */
    @Test
    void windowOpensInStepsOnly() {
        config = buffers(8760, 1 << 20);
        established();
        fill(8760);
        peer.ignoresAll();
        user.consumes(1);
        user.consumes(1000);
        peer.hearsNothing();
        user.consumes(459);
        peer.hears(". 1:1(0) ack 8761 win 1460");
    }

    @Test
    void smallBufferOpensAtHalf() {
        config = buffers(2000, 1 << 20);
        established();
        fill(2000);
        peer.ignoresAll();
        user.consumes(900);
        peer.hearsNothing();
        user.consumes(100);
        peer.hears(". 1:1(0) ack 2001 win 1000");
    }

    @Test
    void windowIsAnnouncedAgainWhileAQuickReaderReads() {
        config = buffers(8760, 1 << 20);
        established();
        user.isQuick = false;
        peer.sends(". 1:1461(1460) ack 1", ". 1461:2921(1460) ack 1", ". 2921:4381(1460) ack 1");
        peer.hears(". 1:1(0) ack 4381 win 4380");
        user.consumes(4380);
        peer.hears(". 1:1(0) ack 4381 win 8760");
    }

    @Test
    void bytesBeyondTheWindowAreNotTaken() {
        config = buffers(2000, 1 << 20);
        established();
        user.isQuick = false;
        peer.sends(". 1:1461(1460) ack 1");
        peer.sends(". 1461:2921(1460) ack 1");
        assertThat(user.received).isEqualTo(2000);
        after(seconds(1));
        Packet last = peer.heard.get(peer.heard.size() - 1);
        assertThat(last.ack).isEqualTo(2001);
        assertThat(last.window).isZero();
    }

    @Test
    void segmentBeyondTheWindowIsAnsweredWithAck() {
        config = buffers(2000, 1 << 20);
        established();
        peer.sends(". 2001:3001(1000) ack 1");
        peer.hears(". 1:1(0) ack 1");
        assertThat(peer.dropped).isNotNull();
        assertThat(user.received).isZero();
    }

    @Test
    void segmentThatWasHadIsAnsweredWithAck() {
        established();
        peer.sends(". 1:101(100) ack 1");
        after(seconds(1));
        peer.ignoresAll();
        peer.sends(". 1:101(100) ack 1");
        peer.hears(". 1:1(0) ack 101");
        assertThat(user.received).isEqualTo(100);
    }

    /** RFC 9293 3.10.7.4: with a closed window, valid ACKs, URGs and RSTs still count. */
    @Test
    void closedWindowStillTakesAcks() {
        config = buffers(1460, 1 << 20);
        established();
        fill(1460);
        user.sends(100);
        peer.ignoresAll();
        peer.sends(". 1461:1461(0) ack 101");
        assertThat(connection.sendQueued()).isZero();
    }

    @Test
    void closedWindowTakesTheAckOfASegmentWithData() {
        config = buffers(1460, 1 << 20);
        established();
        fill(1460);
        user.sends(100);
        peer.ignoresAll();
        peer.sends("P. 1461:1462(1) ack 101");
        peer.hears(". 101:101(0) ack 1461 win 0");
        after(seconds(4));
        peer.hearsNothing();
    }

    @Test
    void closedWindowStillTakesAReset() {
        config = buffers(1460, 1 << 20);
        established();
        fill(1460);
        peer.sends("R. 1461:1461(0) ack 1");
        user.wasTold("closed RESET");
    }

    @Test
    void closedWindowAnswersEachProbe() {
        config = buffers(1460, 1 << 20);
        established();
        fill(1460);
        peer.ignoresAll();
        for (int i = 0; i < 3; i++) {
            after(seconds(5));
            peer.sends(". 1461:1462(1) ack 1");
            peer.hears(". 1:1(0) ack 1461 win 0");
            peer.sends(". 1460:1460(0) ack 1");
            peer.hears(". 1:1(0) ack 1461 win 0");
        }
    }
}
