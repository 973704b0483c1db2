package org.slipway.tcp;

/** Brings a scenario's connection into the state in which it begins, the shortest way. */
final class ScenarioOpening {

    private ScenarioOpening() {}

    /** {@code peerSyn}: the peer's SYN, or its SYN-ACK if we open. */
    static void bring(ScenarioRunner runner, TcpState state, boolean byUs, SegmentText peerSyn) {
        if (byUs) {
            runner.userOpens();
            runner.anything(0);
        }
        if (state != TcpState.SYN_SENT) {
            runner.peerSends(peerSyn);
            runner.anything(0);
        }
        if (!byUs && state != TcpState.SYN_RECEIVED) {
            peer(runner, "seq 1 ack 1");
        }
        switch (state) {
            case SYN_SENT, SYN_RECEIVED, ESTABLISHED -> {}
            case FIN_WAIT_1 -> closes(runner);
            case FIN_WAIT_2 -> {
                closes(runner);
                peer(runner, "seq 1 ack 2");
            }
            case CLOSE_WAIT -> peer(runner, "FIN seq 1 ack 1");
            case CLOSING -> {
                closes(runner);
                peer(runner, "FIN seq 1 ack 1");
            }
            case LAST_ACK -> {
                peer(runner, "FIN seq 1 ack 1");
                closes(runner);
            }
            case TIME_WAIT -> {
                closes(runner);
                peer(runner, "seq 1 ack 2");
                peer(runner, "FIN seq 1 ack 2");
            }
            case CLOSED -> throw new IllegalArgumentException("no scenario begins in CLOSED");
        }
        runner.checkState(state);
        runner.forgetEvents();
    }

    private static void closes(ScenarioRunner runner) {
        runner.userCloses();
        runner.anything(0);
    }

    private static void peer(ScenarioRunner runner, String segment) {
        runner.peerSends(SegmentText.parse(segment));
        runner.anything(0);
    }
}
