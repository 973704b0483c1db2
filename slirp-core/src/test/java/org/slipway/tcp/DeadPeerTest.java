package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state ends when the peer is dead (RFC 9293 3.8.3, 3.8.4). */
class DeadPeerTest extends Scenario {

    private void reach(TcpState wanted) {
        switch (wanted) {
            case SYN_SENT -> opens();
            case SYN_RECEIVED -> isOpenedBy(LINUX_SYN);
            default -> established();
        }
        switch (wanted) {
            case FIN_WAIT_1 -> user.closes();
            case FIN_WAIT_2 -> {
                user.closes();
                peer.sends(". 1:1(0) ack 2");
            }
            case CLOSE_WAIT -> peer.sends("F. 1:1(0) ack 1");
            case LAST_ACK -> {
                peer.sends("F. 1:1(0) ack 1");
                user.closes();
            }
            case CLOSING -> {
                user.closes();
                peer.sends("F. 1:1(0) ack 1");
            }
            case TIME_WAIT -> {
                user.closes();
                peer.sends("F. 1:1(0) ack 2");
            }
            default -> {}
        }
        assertThat(state()).isEqualTo(wanted);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSED")
    void everyStateEnds(TcpState wanted) {
        reach(wanted);
        Duration bound = switch (wanted) {
            case SYN_SENT, SYN_RECEIVED -> Duration.ofMinutes(5);
            case TIME_WAIT -> Duration.ofMinutes(1);
            case ESTABLISHED, CLOSE_WAIT -> Duration.ofMinutes(135);
            default -> Duration.ofMinutes(15);
        };
        after(bound);
        assertThat(state()).isEqualTo(TcpState.CLOSED);
    }

    /** It answers nothing, and something is owed to it. */
    @ParameterizedTest
    @EnumSource(names = {"ESTABLISHED", "CLOSE_WAIT"})
    void unacknowledgedDataEndIt(TcpState wanted) {
        reach(wanted);
        user.sends(100);
        after(Duration.ofMinutes(15));
        assertThat(state()).isEqualTo(TcpState.CLOSED);
    }
}
