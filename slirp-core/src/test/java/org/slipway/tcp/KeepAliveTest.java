package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 9293 3.8.4, RFC 1122 4.2.3.6. */
class KeepAliveTest extends Scenario {

    private static final Duration IDLE = Duration.ofHours(2);

    @Test
    void silentConnectionIsProbedAfterTwoHours() {
        established();
        after(IDLE.minusMillis(1));
        peer.hearsNothing();
        after(ms(1));
        peer.hears(". 0:0(0) ack 1");
    }

    @Test
    void answerStartsTheTwoHoursAnew() {
        established();
        for (int i = 0; i < 5; i++) {
            after(IDLE);
            peer.hears(". 0:0(0) ack 1");
            peer.sends(". 1:1(0) ack 1");
            peer.hearsNothing();
        }
        user.wasTold();
    }

    /** MUST-29: not after one probe without an answer. */
    @Test
    void oneLostProbeIsNoEnd() {
        established();
        after(IDLE.plusSeconds(80));
        assertThat(peer.heard.size()).isEqualTo(2);
        user.wasTold();
    }

    @Test
    void peerThatAnswersNoProbeIsGone() {
        established();
        after(IDLE.plusMinutes(30));
        user.wasTold("closed TIMED_OUT");
    }

    @Test
    void dataOfThePeerPutTheProbeOff() {
        established();
        after(IDLE.minusMinutes(1));
        peer.sends("P. 1:11(10) ack 1");
        after(IDLE.minusMinutes(1));
        peer.hears(". 1:1(0) ack 11");
    }

    @Test
    void probeOfThePeerIsAnsweredAndShowsThatItLives() {
        established();
        for (int i = 0; i < 10; i++) {
            after(IDLE.minusMinutes(1));
            peer.sends(". 0:0(0) ack 1");
            peer.hears(". 1:1(0) ack 1");
        }
        user.wasTold();
    }

    @Test
    void probeOfThePeerWithAByteIsAnswered() {
        established();
        peer.sends(". 0:1(1) ack 1");
        peer.hears(". 1:1(0) ack 1");
        assertThat(user.received).isZero();
    }
}
