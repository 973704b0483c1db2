package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A peer whose window is closed: RFC 9293 3.8.6.1, RFC 1122 4.2.2.17. */
class ZeroWindowTest extends Scenario {

    private void closedWindow() {
        established();
        peer.sends(". 1:1(0) ack 1 win 0");
        user.sends(5000);
        peer.hearsNothing();
    }

    /** A segment of the peer's past or one byte of new data: the peer must answer it. */
    private void hearsProbe() {
        Packet probe = peer.hearsOne();
        boolean pastSegment = probe.seq == 0 && probe.length <= 1;
        boolean newByte = probe.seq == 1 && probe.length == 1;
        assertThat(pastSegment || newByte).as("probe %s", probe).isTrue();
    }

    @Test
    void closedWindowStopsNewData() {
        closedWindow();
        after(ms(199));
        peer.hearsNothing();
        assertThat(state()).isEqualTo(TcpState.ESTABLISHED);
    }

    /** SHLD-29, SHLD-30: the first probe after the retransmission time, then at growing intervals. */
    @Test
    void closedWindowIsProbedAtGrowingIntervals() {
        closedWindow();
        for (int wait : new int[] {200, 400, 800, 1_600, 3_200}) {
            after(ms(wait - 1));
            peer.hearsNothing();
            after(ms(1));
            hearsProbe();
            peer.sends(". 1:1(0) ack 1 win 0");
        }
    }

    /** MUST-37. */
    @Test
    void closedWindowMayStayClosedForDays() {
        closedWindow();
        for (int i = 0; i < 2_000; i++) {
            peer.ignoresAll();
            after(seconds(121));
            assertThat(peer.heard).as("probes within 121 s").isNotEmpty();
            peer.sends(". 1:1(0) ack 1 win 0");
        }
        peer.ignoresAll();
        user.wasTold();
        peer.sends(". 1:1(0) ack 1 win 65535");
        peer.hearsData(1, 5001);
    }

    @Test
    void peerThatDoesNotAnswerProbesIsGivenUp() {
        closedWindow();
        after(seconds(99));
        user.wasTold();
        after(seconds(2_000));
        user.wasTold("closed TIMED_OUT");
    }

    @Test
    void openedWindowIsFilledAtOnce() {
        closedWindow();
        after(seconds(5));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1 win 2920");
        peer.hearsData(1, 2921);
    }

    @Test
    void probedByteMayBeTaken() {
        closedWindow();
        after(ms(200));
        Packet probe = peer.hearsOne();
        peer.sends(". 1:1(0) ack " + (probe.seq == 1 ? 2 : 1) + " win 10000");
        int next = probe.seq == 1 ? 2 : 1;
        peer.hearsData(next, 5001);
        peer.sends(". 1:1(0) ack 5001");
        assertThat(connection.sendQueued()).isZero();
    }

    /** A probe is no loss: the congestion window stays. */
    @Test
    void probesDoNotSlowTheSender() {
        established();
        peer.sends(". 1:1(0) ack 1 win 0");
        user.sends(20_000);
        for (int i = 0; i < 5; i++) {
            after(seconds(30));
            peer.sends(". 1:1(0) ack 1 win 0");
        }
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1 win 65535");
        peer.hearsData(1, 14_601);
    }

    @Test
    void windowThatClosesBehindTheFlightIsProbedAfterIt() {
        established();
        peer.sends(". 1:1(0) ack 1 win 2920");
        user.sends(5000);
        peer.hearsData(1, 2921);
        peer.sends(". 1:1(0) ack 2921 win 0");
        peer.hearsNothing();
        after(seconds(2));
        assertThat(peer.heard).isNotEmpty();
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 2921 win 2920");
        peer.hearsData(2921, 5001);
    }

    @Test
    void finWaitsBehindTheDataOfAClosedWindow() {
        closedWindow();
        user.closes();
        peer.hearsNothing();
        after(seconds(3));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1 win 5000");
        Packet last = peer.heard.get(peer.heard.size() - 1);
        if (last.toString().startsWith("F")) {
            assertThat(last.end()).isEqualTo(5001);
            return;
        }
        peer.sends(". 1:1(0) ack 5001 win 1");
        assertThat(peer.heard.get(peer.heard.size() - 1).toString()).startsWith("F. 5001:5001(0)");
    }

    /** A FIN alone needs no window to be answered; it must not be kept back for ever. */
    @Test
    void finAloneReachesAPeerWithAClosedWindow() {
        established();
        peer.sends(". 1:1(0) ack 1 win 0");
        user.closes();
        after(seconds(5));
        assertThat(peer.heard).anyMatch(packet -> packet.toString().startsWith("F. 1:1(0)"));
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 2 win 0");
        assertThat(state()).isEqualTo(TcpState.FIN_WAIT_2);
    }

    @Test
    void synWithAWindowOfZeroIsBorne() {
        isOpenedBy("S 0:0(0) win 0 <mss 1460>");
        peer.sends(". 1:1(0) ack 1 win 0");
        user.wasTold("established");
        peer.ignoresAll();
        user.sends(100);
        peer.hearsNothing();
        after(ms(200));
        hearsProbe();
        peer.sends(". 1:1(0) ack 1 win 1000");
        assertThat(peer.hearsBytes()).isEqualTo(100);
    }

    @Test
    void abortWhileTheWindowIsClosedIsAReset() {
        closedWindow();
        user.aborts();
        Packet reset = peer.hearsOne();
        assertThat(reset.toString()).startsWith("R. 1:1(0) ack 1");
    }

    @Test
    void resetAfterAProbeStandsInsideOfTheWindow() {
        closedWindow();
        after(seconds(3));
        peer.ignoresAll();
        user.aborts();
        peer.hears("R. 1:1(0) ack 1 win 0");
    }

    @Test
    void finAloneThatIsLostIsRepeatedForAsLongAsData() {
        established();
        peer.sends(". 1:1(0) ack 1 win 0");
        user.closes();
        after(seconds(99));
        user.wasTold();
        assertThat(peer.heard.size()).isLessThan(15);
    }

    @Test
    void smallWindowIsFilledOnceAndNotProbedTwice() {
        established();
        peer.sends(". 1:1(0) ack 1 win 100");
        user.sends(2000);
        peer.hearsNothing();
        after(ms(200));
        peer.hears(". 1:101(100) ack 1");
        peer.sends(". 1:1(0) ack 101 win 100");
        peer.hearsNothing();
    }

    /** A flight that was sent before the window shrank to zero is repeated as data or probe, and goes on afterwards. */
    @Test
    void windowThatShrinksToZeroOverTheFlight() {
        established();
        user.sends(5000);
        peer.hearsData(1, 5001);
        peer.sends(". 1:1(0) ack 1 win 0");
        after(seconds(10));
        assertThat(peer.heard).isNotEmpty();
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1 win 65535");
        int heard =
                peer.heard.isEmpty() ? 1 : peer.heard.get(peer.heard.size() - 1).end();
        for (int i = 0; i < 10 && heard < 5001; i++) {
            peer.ignoresAll();
            peer.sends(". 1:1(0) ack " + heard);
            after(seconds(2));
            heard = peer.heard.get(peer.heard.size() - 1).end();
        }
        assertThat(heard).isEqualTo(5001);
    }
}
