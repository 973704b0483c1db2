package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When to acknowledge: RFC 9293 3.8.6.3, RFC 5681 4.2. */
class DelayedAckTest extends Scenario {

    @Test
    void oneSegmentIsAcknowledgedWithinHalfASecond() {
        established();
        peer.sends("P. 1:101(100) ack 1");
        after(ms(499));
        peer.hears(". 1:1(0) ack 101");
        after(seconds(10));
        peer.hearsNothing();
    }

    /** MUST: at least every second full-sized segment. */
    @Test
    void secondFullSegmentIsAcknowledgedAtOnce() {
        established();
        peer.sends(". 1:1461(1460) ack 1");
        peer.sends(". 1461:2921(1460) ack 1");
        assertThat(peer.heard.get(peer.heard.size() - 1).ack).isEqualTo(2921);
    }

    @Test
    void batchIsAcknowledgedOnce() {
        established();
        peer.sends(
                ". 1:1461(1460) ack 1",
                ". 1461:2921(1460) ack 1",
                ". 2921:4381(1460) ack 1",
                ". 4381:5841(1460) ack 1");
        peer.hears(". 1:1(0) ack 5841");
    }

    @Test
    void smallSegmentsAreNotAcknowledgedWithoutEnd() {
        established();
        for (int i = 0; i < 40; i++) {
            peer.sends("P. " + (1 + 10 * i) + ":" + (11 + 10 * i) + "(10) ack 1");
            after(ms(10));
        }
        after(ms(500));
        assertThat(peer.heard.get(peer.heard.size() - 1).ack).isEqualTo(401);
        assertThat(peer.heard.size()).isLessThanOrEqualTo(40);
    }

    /** The time runs from the first segment that waits. */
    @Test
    void furtherSegmentsDoNotPutTheAckOff() {
        established();
        int seq = 1;
        for (int elapsed = 0; elapsed < 500; elapsed += 20) {
            peer.sends("P. " + seq + ":" + (seq + 1) + "(1) ack 1");
            seq++;
            after(ms(20));
        }
        assertThat(peer.heard).isNotEmpty();
    }

    @Test
    void dataOfOurUserCarriesTheAck() {
        established();
        peer.sends("P. 1:101(100) ack 1");
        user.sends(50);
        Packet data = peer.heard.get(peer.heard.size() - 1);
        assertThat(data.toString()).startsWith(". 1:51(50) ack 101".replace(". ", "P. "));
        peer.ignoresAll();
        peer.sends(". 101:101(0) ack 51");
        after(seconds(5));
        peer.hearsNothing();
    }

    @Test
    void finIsAcknowledgedAtOnce() {
        established();
        peer.sends("F. 1:1(0) ack 1");
        peer.hears(". 1:1(0) ack 2");
    }

    @Test
    void pureAckIsNeverAnswered() {
        established();
        for (int i = 0; i < 5; i++) {
            peer.sends(". 1:1(0) ack 1");
        }
        after(seconds(5));
        peer.hearsNothing();
    }

    @Test
    void windowUpdateOfThePeerIsNeverAnswered() {
        established();
        peer.sends(". 1:1(0) ack 1 win 100");
        peer.sends(". 1:1(0) ack 1 win 200");
        peer.hearsNothing();
    }

    /** RFC 9293 3.1: the pointer is only a hint; the byte stays in the stream. */
    @Test
    void urgentDataIsPartOfTheStream() {
        established();
        peer.sends("PU. 1:101(100) ack 1");
        assertThat(user.received).isEqualTo(100);
        assertThat(peer.dropped).isNull();
    }
}
