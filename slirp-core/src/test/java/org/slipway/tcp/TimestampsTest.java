package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slipway.wire.DropReason;

/** Time stamps and PAWS: RFC 7323 3 to 5. */
class TimestampsTest extends Scenario {

    @Test
    void allSegmentsHaveThemOnceNegotiated() {
        establishedWithTimestamps();
        after(ms(10));
        peer.sends("P. 1:101(100) ack 1 <TS val 2000 ecr 0>");
        after(ms(40));
        peer.hears(". 1:1(0) ack 101 <TS val 50 ecr 2000>");
        user.sends(100);
        peer.hears("P. 1:101(100) ack 101 <TS val 50 ecr 2000>");
        user.closes();
        peer.hears("F. 101:101(0) ack 101 <TS val 50 ecr 2000>");
    }

    /** 5.4: between 1 ms and 1 s a tick. */
    @Test
    void clockTicksInMilliseconds() {
        establishedWithTimestamps();
        after(seconds(10));
        user.sends(10);
        peer.hears("P. 1:11(10) ack 1 <TS val 10000 ecr 1000>");
    }

    /** 4.3 and figure 2: of a delayed ACK, the first segment that it acknowledges. */
    @Test
    void echoIsOfTheFirstSegmentThatWaitsForItsAck() {
        establishedWithTimestamps();
        peer.sends("P. 1:101(100) ack 1 <TS val 2000 ecr 0>");
        after(ms(5));
        peer.sends("P. 101:201(100) ack 1 <TS val 2005 ecr 0>");
        after(ms(100));
        assertThat(peer.heard.get(0).timestampEcho).isEqualTo(2000);
    }

    @Test
    void segmentBehindAHoleIsNotEchoed() {
        establishedWithTimestamps();
        peer.sends(". 1461:2921(1460) ack 1 <TS val 2000 ecr 0>");
        peer.hears(". 1:1(0) ack 1 <TS ecr 1000,sack 1461:2921>");
        peer.sends(". 1:1461(1460) ack 1 <TS val 2010 ecr 0>");
        peer.hears(". 1:1(0) ack 2921 <TS ecr 2010>");
    }

    /** 5.3 R1. */
    @Test
    void olderTimestampIsRefusedWithAck() {
        establishedWithTimestamps();
        peer.sends("P. 1:101(100) ack 1 <TS val 2000 ecr 0>");
        after(ms(100));
        peer.ignoresAll();
        peer.sends("P. 101:201(100) ack 1 <TS val 1999 ecr 0>");
        assertThat(peer.dropped).isEqualTo(DropReason.TCP_OLD_TIMESTAMP);
        assertThat(user.received).isEqualTo(100);
        peer.hears(". 1:1(0) ack 101 <TS ecr 2000>");
    }

    @Test
    void equalTimestampIsTaken() {
        establishedWithTimestamps();
        peer.sends("P. 1:101(100) ack 1 <TS val 2000 ecr 0>");
        peer.sends("P. 101:201(100) ack 1 <TS val 2000 ecr 0>");
        assertThat(user.received).isEqualTo(200);
    }

    @Test
    void timestampsWrapAround() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460,TS val 4294967290 ecr 0>");
        peer.sends(". 1:1(0) ack 1 <TS val 4294967291 ecr 0>");
        peer.sends("P. 1:101(100) ack 1 <TS val 4294967295 ecr 0>");
        peer.sends("P. 101:201(100) ack 1 <TS val 3 ecr 0>");
        assertThat(user.received).isEqualTo(200);
        after(ms(100));
        peer.sends("P. 201:201(0) ack 1 <TS val 4 ecr 0>");
        peer.sends("P. 201:301(100) ack 1 <TS val 4294967295 ecr 0>");
        assertThat(user.received).isEqualTo(200);
    }

    /** 5.2: PAWS does not apply to resets. */
    @Test
    void resetWithAnOldTimestampCounts() {
        establishedWithTimestamps();
        peer.sends("P. 1:101(100) ack 1 <TS val 2000 ecr 0>");
        peer.sends("R. 101:101(0) ack 1 <TS val 5 ecr 0>");
        user.wasTold("closed RESET");
    }

    /** 5.5: after 24 days of silence the last one says nothing. */
    @Test
    void timestampIsForgottenAfterTwentyFiveDays() {
        establishedWithTimestamps();
        peer.sends("P. 1:101(100) ack 1 <TS val 3000000 ecr 0>");
        peer.sendsTimestamps = false;
        for (int day = 1; day <= 25; day++) {
            for (int probe = 0; probe < 12; probe++) {
                after(Duration.ofHours(2));
                peer.sends(". 101:101(0) ack 1");
            }
            if (day == 23) {
                peer.sends("P. 101:201(100) ack 1 <TS val 100 ecr 0>");
                assertThat(peer.dropped).isEqualTo(DropReason.TCP_OLD_TIMESTAMP);
            }
        }
        peer.sends("P. 101:201(100) ack 1 <TS val 100 ecr 0>");
        assertThat(user.received).isEqualTo(200);
    }

    @Test
    void keepsNoTimestampThatItHasNotNegotiated() {
        established();
        peer.sends("P. 1:101(100) ack 1 <TS val 5 ecr 0>");
        peer.sends("P. 101:201(100) ack 1 <TS val 1 ecr 0>");
        assertThat(user.received).isEqualTo(200);
        after(ms(100));
        peer.hears(". 1:1(0) ack 201 <>");
    }

    @Test
    void echoThatLiesDoesNotMakeTheTimeOutLong() {
        establishedWithTimestamps();
        user.sends(100);
        after(ms(210));
        peer.sends(". 1:1(0) ack 101 <TS val 2000 ecr 3000000000>");
        peer.ignoresAll();
        user.sends(100);
        after(seconds(61));
        assertThat(peer.heard.size()).isGreaterThan(1);
    }
}
