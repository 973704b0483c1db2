package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ending a connection: RFC 9293 3.6 and figure 5, RFC 1122 4.2.2.13, RFC 6191. */
class CloseTest extends Scenario {

    /** Brings an established connection, without data either way, to {@code state}. */
    private void reach(TcpState state) {
        established();
        switch (state) {
            case FIN_WAIT_1 -> user.closes();
            case FIN_WAIT_2 -> {
                user.closes();
                peer.sends(". 1:1(0) ack 2");
            }
            case CLOSE_WAIT -> peer.sends("F. 1:1(0) ack 1");
            case CLOSING -> {
                user.closes();
                peer.sends("F. 1:1(0) ack 1");
            }
            case LAST_ACK -> {
                peer.sends("F. 1:1(0) ack 1");
                user.closes();
            }
            case TIME_WAIT -> {
                user.closes();
                peer.sends("F. 1:1(0) ack 2");
            }
            default -> {}
        }
        assertThat(state()).isEqualTo(state);
        peer.ignoresAll();
        user.events.clear();
    }

    /** Rows: state, what happens, next state, what the peer hears ("" nothing), what the user is told. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ESTABLISHED | close              | FIN_WAIT_1  | F. 1:1(0) ack 1  | ''",
                "ESTABLISHED | abort              | CLOSED      | R. 1:1(0) ack 1  | closed ABORTED",
                "ESTABLISHED | F. 1:1(0) ack 1    | CLOSE_WAIT  | . 1:1(0) ack 2   | fin",
                "ESTABLISHED | R. 1:1(0) ack 1    | CLOSED      | ''               | closed RESET",
                "FIN_WAIT_1  | close              | FIN_WAIT_1  | ''               | ''",
                "FIN_WAIT_1  | abort              | CLOSED      | R. 2:2(0) ack 1  | closed ABORTED",
                "FIN_WAIT_1  | . 1:1(0) ack 2     | FIN_WAIT_2  | ''               | ''",
                "FIN_WAIT_1  | . 1:1(0) ack 1     | FIN_WAIT_1  | ''               | ''",
                "FIN_WAIT_1  | F. 1:1(0) ack 1    | CLOSING     | . 2:2(0) ack 2   | fin",
                "FIN_WAIT_1  | F. 1:1(0) ack 2    | TIME_WAIT   | . 2:2(0) ack 2   | fin",
                "FIN_WAIT_1  | R. 1:1(0) ack 2    | CLOSED      | ''               | closed RESET",
                "FIN_WAIT_2  | close              | FIN_WAIT_2  | ''               | ''",
                "FIN_WAIT_2  | abort              | CLOSED      | R. 2:2(0) ack 1  | closed ABORTED",
                "FIN_WAIT_2  | F. 1:1(0) ack 2    | TIME_WAIT   | . 2:2(0) ack 2   | fin",
                "FIN_WAIT_2  | R. 1:1(0) ack 2    | CLOSED      | ''               | closed RESET",
                "CLOSE_WAIT  | close              | LAST_ACK    | F. 1:1(0) ack 2  | ''",
                "CLOSE_WAIT  | abort              | CLOSED      | R. 1:1(0) ack 2  | closed ABORTED",
                "CLOSE_WAIT  | F. 1:1(0) ack 1    | CLOSE_WAIT  | . 1:1(0) ack 2   | ''",
                "CLOSE_WAIT  | R. 2:2(0) ack 1    | CLOSED      | ''               | closed RESET",
                "CLOSING     | close              | CLOSING     | ''               | ''",
                "CLOSING     | . 2:2(0) ack 2     | TIME_WAIT   | ''               | ''",
                "CLOSING     | . 2:2(0) ack 1     | CLOSING     | ''               | ''",
                "CLOSING     | R. 2:2(0) ack 1    | CLOSED      | ''               | closed RESET",
                "LAST_ACK    | close              | LAST_ACK    | ''               | ''",
                "LAST_ACK    | . 2:2(0) ack 2     | CLOSED      | ''               | closed FINISHED",
                "LAST_ACK    | . 2:2(0) ack 1     | LAST_ACK    | ''               | ''",
                "LAST_ACK    | F. 1:1(0) ack 1    | LAST_ACK    | . 2:2(0) ack 2   | ''",
                "LAST_ACK    | R. 2:2(0) ack 1    | CLOSED      | ''               | closed RESET",
                "TIME_WAIT   | close              | TIME_WAIT   | ''               | ''",
                "TIME_WAIT   | abort              | CLOSED      | ''               | closed ABORTED",
                "TIME_WAIT   | F. 1:1(0) ack 2    | TIME_WAIT   | . 2:2(0) ack 2   | ''",
                "TIME_WAIT   | . 2:2(0) ack 2     | TIME_WAIT   | ''               | ''",
                "TIME_WAIT   | R. 2:2(0) ack 2    | CLOSED      | ''               | closed FINISHED",
            })
    void stateAndEventGiveState(TcpState from, String event, TcpState to, String heard, String told) {
        reach(from);
        switch (event) {
            case "close" -> user.closes();
            case "abort" -> user.aborts();
            default -> peer.sends(event);
        }
        assertThat(state()).isEqualTo(to);
        if (heard.isEmpty()) {
            peer.hearsNothing();
        } else {
            peer.hears(heard);
        }
        if (told.isEmpty()) {
            user.wasTold();
        } else {
            user.wasTold(told);
        }
    }

    @ParameterizedTest
    @CsvSource({"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"})
    void nothingHappensAfterTheEnd(TcpState from) {
        reach(from);
        user.aborts();
        peer.ignoresAll();
        user.events.clear();
        peer.sends("P. 1:101(100) ack 1");
        user.sends(100);
        user.closes();
        user.aborts();
        user.consumes(10);
        after(seconds(10_000));
        peer.hearsNothing();
        user.wasTold();
        assertThat(connection.deadline()).isEqualTo(TcpConnection.NEVER);
    }

    // ---- half-close

    @Test
    void peersDataArriveAfterOurFin() {
        reach(TcpState.FIN_WAIT_2);
        for (int i = 0; i < 10; i++) {
            int seq = 1 + MSS * i;
            peer.sends(". " + seq + ":" + (seq + MSS) + "(1460) ack 2");
        }
        assertThat(user.received).isEqualTo(10 * MSS);
        assertThat(peer.heard.get(peer.heard.size() - 1).toString()).startsWith(". 2:2(0) ack 14601");
        peer.sends("F. 14601:14601(0) ack 2");
        user.wasTold("fin");
        assertThat(state()).isEqualTo(TcpState.TIME_WAIT);
    }

    @Test
    void peersDataArriveWhileOurFinIsNotAcknowledged() {
        reach(TcpState.FIN_WAIT_1);
        peer.sends("P. 1:101(100) ack 1");
        assertThat(user.received).isEqualTo(100);
        peer.sends("FP. 101:201(100) ack 2");
        assertThat(user.received).isEqualTo(200);
        assertThat(state()).isEqualTo(TcpState.TIME_WAIT);
    }

    @Test
    void ourDataGoOutAfterThePeersFin() {
        reach(TcpState.CLOSE_WAIT);
        user.sends(100_000);
        int una = 1;
        while (connection.sendQueued() > 0) {
            una = peer.heard.get(peer.heard.size() - 1).end();
            peer.ignoresAll();
            peer.sends(". 2:2(0) ack " + una);
        }
        assertThat(una).isEqualTo(100_001);
        user.closes();
        peer.hears("F. 100001:100001(0) ack 2");
        peer.sends(". 2:2(0) ack 100002");
        user.wasTold("closed FINISHED");
    }

    @Test
    void dataInCloseWaitAreRepeated() {
        reach(TcpState.CLOSE_WAIT);
        user.sends(100);
        peer.hears("P. 1:101(100) ack 2");
        after(ms(200));
        peer.hears("P. 1:101(100) ack 2");
    }

    @Test
    void dataBehindThePeersFinAreNotTaken() {
        reach(TcpState.CLOSE_WAIT);
        peer.sends("P. 2:102(100) ack 1");
        assertThat(user.received).isZero();
        user.wasTold();
    }

    @Test
    void finGoesBehindAllDataThatWait() {
        established();
        user.give(100_000);
        user.closes();
        int una = 1;
        while (state() != TcpState.FIN_WAIT_1) {
            una = peer.heard.get(peer.heard.size() - 1).end();
            peer.ignoresAll();
            peer.sends(". 1:1(0) ack " + una);
        }
        Packet last = peer.heard.get(peer.heard.size() - 1);
        assertThat(last.toString()).startsWith("F");
        assertThat(last.end()).isEqualTo(100_001);
    }

    @Test
    void bothCloseAtOnce() {
        reach(TcpState.FIN_WAIT_1);
        peer.sends("F. 1:1(0) ack 1");
        peer.hears(". 2:2(0) ack 2");
        peer.sends(". 2:2(0) ack 2");
        assertThat(state()).isEqualTo(TcpState.TIME_WAIT);
        after(seconds(61));
        user.wasTold("fin", "closed FINISHED");
    }

    /** The ACK of our FIN and the peer's FIN may come in any order. */
    @Test
    void closingIsLeftByTheRepeatedFinOfThePeer() {
        reach(TcpState.CLOSING);
        peer.sends("F. 1:1(0) ack 2");
        after(ms(500));
        peer.sends(". 2:2(0) ack 2");
        assertThat(state()).isEqualTo(TcpState.TIME_WAIT);
    }

    @Test
    void peerThatIsGoneInFinWait2IsGivenUp() {
        reach(TcpState.FIN_WAIT_2);
        after(seconds(3600));
        user.wasTold("closed TIMED_OUT");
    }

    @Test
    void peerThatLivesInFinWait2IsKept() {
        reach(TcpState.FIN_WAIT_2);
        for (int i = 0; i < 200; i++) {
            after(seconds(60));
            peer.sends(". 1:1(0) ack 2");
        }
        user.wasTold();
        assertThat(state()).isEqualTo(TcpState.FIN_WAIT_2);
    }

    // ---- TIME-WAIT

    @Test
    void timeWaitLastsAsConfigured() {
        reach(TcpState.TIME_WAIT);
        after(ms(59_999));
        user.wasTold();
        after(ms(1));
        user.wasTold("closed FINISHED");
        peer.hearsNothing();
    }

    /** RFC 9293 3.10.7.4, eighth. */
    @Test
    void finInTimeWaitIsAcknowledgedAndStartsTheTimeAnew() {
        reach(TcpState.TIME_WAIT);
        after(seconds(40));
        peer.sends("F. 1:1(0) ack 2");
        peer.hears(". 2:2(0) ack 2");
        after(seconds(59));
        user.wasTold();
        after(seconds(1));
        user.wasTold("closed FINISHED");
    }

    @Test
    void oldDataInTimeWaitAreAnsweredWithAck() {
        established();
        peer.sends("P. 1:101(100) ack 1");
        user.closes();
        peer.sends("F. 101:101(0) ack 2");
        peer.ignoresAll();
        peer.sends("P. 1:101(100) ack 1");
        peer.hears(". 2:2(0) ack 102");
        assertThat(user.received).isEqualTo(100);
    }

    /** RFC 9293 3.6.1: what takes the place of TIME-WAIT begins behind all that was used, wherever the numbers wrap. */
    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE + 1000, -1, 0, 1, 60_000})
    void initialSequenceBehindTheOldConnectionIsBehindItsNumbers(int proposed) {
        established();
        transfers(20_000);
        user.closes();
        peer.sends("F. 1:1(0) ack 20002");
        assertThat(state()).isEqualTo(TcpState.TIME_WAIT);
        int first = OUR_ISS;
        int next = first + 20_002;
        assertThat(connection.initialSequenceBehind(next + proposed) - next).isGreaterThanOrEqualTo(65_536);
    }

    @Test
    void initialSequenceThatIsBehindTheOldConnectionIsTaken() {
        reach(TcpState.TIME_WAIT);
        int first = OUR_ISS;
        int behind = first + 1_000_000;
        assertThat(connection.initialSequenceBehind(behind)).isEqualTo(behind);
    }

    /** Where RFC 9293 3.10.4 deletes the connection: a host's client may end its request before the guest has answered. */
    @Test
    void closeInSynSentWaitsForTheHandshake() {
        opens();
        peer.ignoresAll();
        user.give(100);
        user.closes();
        peer.hearsNothing();
        peer.sends("S. 0:0(0) ack 1 win 65535 <mss 1460>");
        peer.hears("FP. 1:101(100) ack 1");
        assertThat(state()).isEqualTo(TcpState.FIN_WAIT_1);
    }

    /** Where RFC 9293 3.10.4 would send the FIN at once. */
    @Test
    void closeInSynReceivedWaitsForTheHandshake() {
        isOpenedBy("S 0:0(0) win 65535 <mss 1460>");
        peer.ignoresAll();
        user.closes();
        peer.hearsNothing();
        peer.sends(". 1:1(0) ack 1");
        peer.hears("F. 1:1(0) ack 1");
        assertThat(state()).isEqualTo(TcpState.FIN_WAIT_1);
    }

    private boolean replaces(String syn) {
        Segment segment = peer.segment(syn, true);
        segment.buf.release();
        return connection.mayBeReplacedBy(segment);
    }

    /** RFC 6191 2; RCV.NXT is 2 here. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S 3:3(0)                          | true",
                "S 1000000:1000000(0)              | true",
                "S 0:0(0)                          | false",
                "S 4294967000:4294967000(0)        | false",
                "S 0:0(0) <TS val 1 ecr 0>         | true",
                "S. 3:3(0) ack 1                   | false",
                ". 3:3(0) ack 1                    | false",
                "SR 3:3(0)                         | false",
            })
    void synReplacesTimeWaitWithoutTimestamps(String syn, boolean expected) {
        reach(TcpState.TIME_WAIT);
        assertThat(replaces(syn)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "S 0:0(0) <TS val 2001 ecr 0>      | true",
                "S 3:3(0) <TS val 2001 ecr 0>      | true",
                "S 3:3(0) <TS val 2000 ecr 0>      | true",
                "S 0:0(0) <TS val 2000 ecr 0>      | false",
                "S 3:3(0) <TS val 1999 ecr 0>      | false",
            })
    void synReplacesTimeWaitWithTimestamps(String syn, boolean expected) {
        establishedWithTimestamps();
        user.closes();
        peer.sends("F. 1:1(0) ack 2 <TS val 2000 ecr 0>");
        assertThat(state()).isEqualTo(TcpState.TIME_WAIT);
        assertThat(replaces(syn)).isEqualTo(expected);
    }

    @Test
    void synWithoutTimestampsReplacesTimeWaitByItsSequenceNumber() {
        establishedWithTimestamps();
        user.closes();
        peer.sends("F. 1:1(0) ack 2");
        peer.sendsTimestamps = false;
        assertThat(replaces("S 3:3(0)")).isTrue();
        assertThat(replaces("S 0:0(0)")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ESTABLISHED", "FIN_WAIT_2", "CLOSE_WAIT", "LAST_ACK"})
    void synReplacesNothingButTimeWait(TcpState state) {
        reach(state);
        assertThat(replaces("S 1000:1000(0)")).isFalse();
    }
}
