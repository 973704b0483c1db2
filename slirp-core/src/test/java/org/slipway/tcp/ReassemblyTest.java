package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments out of order, and the SACK blocks about them: RFC 9293 3.10.7.4, RFC 2018 4, RFC 5681 4.2. */
class ReassemblyTest extends Scenario {

    @Test
    void segmentBehindAHoleIsAnsweredAtOnceAndKept() {
        established();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.hears(". 1:1(0) ack 1 <>");
        assertThat(user.received).isZero();
        peer.sends(". 1:1461(1460) ack 1");
        peer.hears(". 1:1(0) ack 2921 <>");
        assertThat(user.received).isEqualTo(2920);
    }

    @Test
    void sackSaysWhatIsKept() {
        establishedWithSack();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.hears(". 1:1(0) ack 1 <sack 1461:2921>");
        peer.sends(". 2921:4381(1460) ack 1");
        peer.hears(". 1:1(0) ack 1 <sack 1461:4381>");
    }

    /** RFC 2018 4: the first block is the one with the segment that came last. */
    @Test
    void firstSackBlockIsTheLatest() {
        establishedWithSack();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.sends(". 4381:5841(1460) ack 1");
        peer.ignoresAll();
        peer.sends(". 7301:8761(1460) ack 1");
        Packet ack = peer.hearsOne();
        assertThat(ack.sacks.get(0)).containsExactly(7301, 8761);
        assertThat(ack.sacks).hasSize(3);
        peer.sends(". 2921:3000(79) ack 1");
        ack = peer.hearsOne();
        assertThat(ack.sacks.get(0)).containsExactly(1461, 3000);
        assertThat(ack.sacks).hasSize(3);
    }

    @Test
    void fourBlocksFitWithoutTimestampsAndThreeWith() {
        establishedWithSack();
        for (int i = 0; i < 6; i++) {
            peer.ignoresAll();
            peer.sends(". " + (1001 + 200 * i) + ":" + (1101 + 200 * i) + "(100) ack 1");
        }
        assertThat(peer.hearsOne().sacks).hasSize(4);
    }

    @Test
    void threeBlocksFitWithTimestamps() {
        establishedWithTimestamps();
        for (int i = 0; i < 6; i++) {
            peer.ignoresAll();
            peer.sends(". " + (1001 + 200 * i) + ":" + (1101 + 200 * i) + "(100) ack 1");
        }
        assertThat(peer.hearsOne().sacks).hasSize(3);
    }

    @Test
    void noSackWithoutPermission() {
        established();
        peer.sends(". 1461:2921(1460) ack 1");
        assertThat(peer.hearsOne().sacks).isEmpty();
    }

    @Test
    void ackIsSentAtOnceWhenAHoleIsFilledInPart() {
        establishedWithSack();
        peer.sends(". 2921:4381(1460) ack 1");
        peer.sends(". 5841:7301(1460) ack 1");
        peer.ignoresAll();
        peer.sends(". 1:2921(2920) ack 1");
        peer.hears(". 1:1(0) ack 4381 <sack 5841:7301>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:1461(1460)", "1:2000(1999)", "1:2921(2920)", "1:4000(3999)"})
    void overlapsAreDeliveredOnce(String first) {
        established();
        peer.sends(". 1461:2921(1460) ack 1");
        peer.sends(". " + first + " ack 1");
        peer.sends(". 1000:5001(4001) ack 1");
        assertThat(user.received).isEqualTo(5000);
    }

    @Test
    void segmentThatBeginsBeforeTheNextByteIsCut() {
        established();
        peer.sends("P. 1:101(100) ack 1");
        peer.sends("P. 51:151(100) ack 1");
        assertThat(user.received).isEqualTo(150);
    }

    @Test
    void pieceInsideOfAPieceChangesNothing() {
        establishedWithSack();
        peer.sends(". 1001:3001(2000) ack 1");
        peer.ignoresAll();
        peer.sends(". 1500:1600(100) ack 1");
        peer.hears(". 1:1(0) ack 1 <sack 1500:1600 1001:3001>");
        peer.sends(". 1:1001(1000) ack 1");
        assertThat(user.received).isEqualTo(3000);
    }

    @Test
    void pieceAroundPiecesJoinsThem() {
        establishedWithSack();
        peer.sends(". 1001:1101(100) ack 1");
        peer.sends(". 1201:1301(100) ack 1");
        peer.sends(". 1401:1501(100) ack 1");
        peer.ignoresAll();
        peer.sends(". 951:1601(650) ack 1");
        peer.hears(". 1:1(0) ack 1 <sack 1001:1101 951:1601>");
        peer.sends(". 1:951(950) ack 1");
        assertThat(user.received).isEqualTo(1600);
    }

    @Test
    void touchingPiecesAreOneBlock() {
        establishedWithSack();
        peer.sends(". 1001:1101(100) ack 1");
        peer.sends(". 1201:1301(100) ack 1");
        peer.ignoresAll();
        peer.sends(". 1101:1201(100) ack 1");
        peer.hears(". 1:1(0) ack 1 <sack 1001:1301>");
    }

    @Test
    void finBehindAHoleWaits() {
        established();
        peer.sends("F. 101:201(100) ack 1");
        user.wasTold();
        assertThat(state()).isEqualTo(TcpState.ESTABLISHED);
        peer.ignoresAll();
        peer.sends("P. 1:101(100) ack 1");
        user.wasTold("fin");
        assertThat(user.received).isEqualTo(200);
        peer.hears(". 1:1(0) ack 202");
        assertThat(state()).isEqualTo(TcpState.CLOSE_WAIT);
    }

    @Test
    void finAloneBehindAHoleWaits() {
        established();
        peer.sends("F. 101:101(0) ack 1");
        user.wasTold();
        peer.sends("P. 1:101(100) ack 1");
        user.wasTold("fin");
        assertThat(state()).isEqualTo(TcpState.CLOSE_WAIT);
    }

    @Test
    void bytesBehindTheFinAreNotDelivered() {
        established();
        peer.sends("F. 101:201(100) ack 1");
        peer.sends(". 301:401(100) ack 1");
        peer.sends("P. 1:101(100) ack 1");
        peer.sends("P. 201:301(100) ack 1");
        peer.sends("P. 202:302(100) ack 1");
        assertThat(user.received).isEqualTo(200);
        user.wasTold("fin");
    }

    /** What is first in the buffer counts, so that a second packet cannot change what was checked. */
    @Test
    void bytesThatCameFirstOrAgainAreNeverMixed() {
        established();
        peer.sends(". 101:201(100) ack 1");
        peer.sendsWrongBytes(". 201:201(0) ack 1");
        peer.sends(". 1:101(100) ack 1");
        assertThat(user.received).isEqualTo(200);
    }

    @Test
    void userMayAbortWhileItReceives() {
        established();
        peer.sends(". 101:201(100) ack 1");
        peer.sends(". 301:401(100) ack 1");
        peer.ignoresAll();
        user.onReceived = length -> connection.abort();
        peer.sends(". 1:101(100) ack 1");
        assertThat(user.received).isEqualTo(100);
        assertThat(peer.heard.get(0).toString()).startsWith("R");
    }

    @Test
    void userMayCloseWhileItReceives() {
        established();
        user.onReceived = length -> connection.close();
        peer.sends("F. 1:101(100) ack 1");
        assertThat(user.received).isEqualTo(100);
        user.wasTold("fin");
        assertThat(peer.heard.get(0).toString()).startsWith("F. 1:1(0) ack 102");
        assertThat(state()).isIn(TcpState.LAST_ACK, TcpState.CLOSING);
    }

    /** Holes of a byte each, more than anybody may keep: the memory is bounded and the stream right in the end. */
    @Test
    void manyPiecesAreBorne() {
        config = buffers(65_535, 1 << 20);
        establishedWithSack();
        for (int i = 0; i < 5_000; i++) {
            peer.sends(". " + (10 + 2 * i) + ":" + (11 + 2 * i) + "(1) ack 1");
        }
        assertThat(user.received).isZero();
        for (int seq = 1; seq < 14_601; seq += MSS) {
            peer.sends(". " + seq + ":" + (seq + MSS) + "(1460) ack 1");
        }
        assertThat(user.received).isEqualTo(14_600);
    }

    /** A large window may be in flight behind one segment that was lost; none of it has to be sent again. */
    @Test
    void manySegmentsBehindOneHoleAreKept() {
        config = buffers(65_535, 1 << 20);
        establishedWithSack();
        for (int i = 1; i < 5_000; i++) {
            peer.sends(". " + (1 + 10 * i) + ":" + (11 + 10 * i) + "(10) ack 1");
        }
        peer.ignoresAll();
        peer.sends(". 1:11(10) ack 1");
        assertThat(user.received).isEqualTo(50_000);
        peer.hears(". 1:1(0) ack 50001 <>");
    }

    @Test
    void peerThatSendsBackwardsIsReceived() {
        establishedWithSack();
        for (int i = 599; i >= 0; i--) {
            peer.sends(". " + (1 + 100 * i) + ":" + (101 + 100 * i) + "(100) ack 1");
        }
        for (int i = 0; i < 600; i++) {
            peer.sends(". " + (1 + 100 * i) + ":" + (101 + 100 * i) + "(100) ack 1");
        }
        assertThat(user.received).isEqualTo(60_000);
    }

    @Test
    void anyOrderOfAnyPiecesIsTheStream() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            user.events.clear();
            user.received = 0;
            establishedWithSack();
            List<int[]> pieces = new ArrayList<>();
            int total = 1 + random.nextInt(20_000);
            for (int at = 0; at < total; ) {
                int length = Math.min(total - at, 1 + random.nextInt(1460));
                pieces.add(new int[] {at, length});
                at += length;
            }
            for (int i = 0; i < 30; i++) {
                int at = random.nextInt(total);
                pieces.add(new int[] {at, Math.min(total - at, 1 + random.nextInt(3000))});
            }
            Collections.shuffle(pieces, random);
            for (int[] piece : pieces) {
                int seq = 1 + piece[0];
                peer.sends("P. " + seq + ":" + (seq + piece[1]) + "(" + piece[1] + ") ack 1");
            }
            assertThat(user.received).as("seed %d", seed).isEqualTo(total);
            leavesNoBuffers();
        }
    }
}
