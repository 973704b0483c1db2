package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;

/**
 * Runs a scenario with a clock moved by hand. Whatever comes out must be written down: a segment, a byte for the user or an
 * event that no step asks for fails the scenario, as does one that is missing.
 */
final class ScenarioRunner {

    /** So that a connection that wants to transmit for ever does not. */
    private static final int MAX_TURNS = 100_000;

    private static final long START = 5_000_000_000L;

    final ScenarioSettings settings = new ScenarioSettings();

    private final List<ByteBuf> buffers = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final Deque<SentPacket> unexpected = new ArrayDeque<>();
    private final ScenarioUser user = new ScenarioUser(this::connection, this::log);

    @Nullable
    private ScenarioPeer peer;

    @Nullable
    private TcpConnection connection;

    private long now = START;
    private int given;

    /** The end of what we have sent and a step has expected, relative. */
    private int sent;

    private ScenarioRunner() {}

    /** Runs {@code file}; throws {@link AssertionError} with file, line and all that happened before. */
    static void run(ScenarioFile file) {
        ScenarioRunner runner = new ScenarioRunner();
        try {
            for (ScenarioFile.Step step : file.steps()) {
                runner.run(file, step);
            }
        } finally {
            runner.end();
        }
        runner.checkBuffers(file);
    }

    private void run(ScenarioFile file, ScenarioFile.Step step) {
        boolean last = step == file.steps().get(file.steps().size() - 1);
        try {
            step.action().on(this);
            if (last) {
                checkQuiet();
                checkAllClaimed();
            }
        } catch (AssertionError | RuntimeException failure) {
            String message = file.name() + ":" + step.line() + ": " + step.text() + "\n" + failure.getMessage()
                    + "\n(" + file.rule() + ")\nuntil then:\n" + String.join("\n", log)
                    + (connection == null ? "" : "\n" + connection);
            throw new AssertionError(message, failure);
        }
    }

    private void end() {
        if (connection != null) {
            connection.abort();
            connection.transmit(now, segment -> {});
        }
    }

    private void checkBuffers(ScenarioFile file) {
        for (ByteBuf buffer : buffers) {
            if (buffer.refCnt() != 0) {
                throw new AssertionError(
                        file.name() + ": a buffer has " + buffer.refCnt() + " references after the end");
            }
        }
    }

    private void log(String what) {
        log.add(String.format("%12s  %s", TimeSpan.text(now - START), what));
    }

    private TcpConnection connection() {
        return Objects.requireNonNull(connection, "nobody has opened a connection yet");
    }

    private ScenarioPeer peer() {
        if (peer == null) {
            peer = new ScenarioPeer(settings.ourSequence, settings.peerSequence, buffers);
        }
        return peer;
    }

    // ---- the user

    void userOpens() {
        peer();
        connection = TcpConnection.active(settings.config(), settings.ourSequence, now, user);
        userDoes("opens");
    }

    void userWrites(int bytes) {
        ByteBuf data = Pattern.bytes(given, bytes);
        buffers.add(data);
        given += bytes;
        connection().send(data);
        userDoes("writes " + bytes);
    }

    void userCloses() {
        connection().close();
        userDoes("closes");
    }

    void userAborts() {
        connection().abort();
        userDoes("aborts");
    }

    void userStopsReading() {
        user.reads = false;
        userDoes("stops reading");
    }

    void userReads(int bytes) {
        if (bytes > user.unread) {
            throw new IllegalStateException("the user has only " + user.unread + " bytes to read");
        }
        user.unread -= bytes;
        connection().consumed(bytes);
        userDoes("reads " + bytes);
    }

    void userReadsAll() {
        user.reads = true;
        userReads(user.unread);
    }

    private void userDoes(String what) {
        checkQuiet();
        log("user " + what);
        transmit();
    }

    // ---- segments and time

    /** The peer sends; our side answers, packet by packet. */
    void peerSends(SegmentText text) {
        checkQuiet();
        ScenarioPeer peer = peer();
        int from = text.seq.value(peer.sent);
        int end = text.end.value(peer.sent);
        int packets = text.packets.least();
        int each = (end - from + packets - 1) / packets;
        log("> " + text.text);
        for (int i = 0; i < text.times.least(); i++) {
            for (int j = 0; j < packets; j++) {
                int left = Math.min(end, from + j * each);
                int right = Math.min(end, left + each);
                boolean last = j == packets - 1;
                Segment packet = peer.packet(text, left, right, last, sent, (now - START) / 1_000_000);
                try {
                    receive(packet, left);
                } finally {
                    packet.buf.release();
                }
                transmit();
            }
        }
        int next = from + text.length(peer.sent);
        peer.sent = Math.max(peer.sent, next);
    }

    private void receive(Segment packet, int seq) {
        boolean opens = packet.has(TcpHeader.SYN) && !packet.has(TcpHeader.ACK);
        if (connection == null && opens) {
            peer().beginAgain(settings.ourSequence, seq);
            connection = TcpConnection.passive(settings.config(), packet, settings.ourSequence, now, user);
        } else if (connection().mayBeReplacedBy(packet)) {
            // As whoever holds the connections does.
            connection().endTimeWait();
            settings.ourSequence = connection().initialSequenceBehind(settings.ourSequence);
            peer().beginAgain(settings.ourSequence, seq);
            sent = 0;
            connection = TcpConnection.passive(settings.config(), packet, settings.ourSequence, now, user);
        } else {
            connection().receive(packet, now);
        }
    }

    private void transmit() {
        ScenarioPeer peer = peer();
        connection()
                .transmit(
                        now,
                        segment -> peer.hear(segment, now).forEach(packet -> {
                            log("< " + packet);
                            peer.noteTimestamp(packet);
                            unexpected.add(packet);
                        }));
    }

    /** ICMP tells of a packet of ours that began at {@code sequence}: with {@code mss} that it was too big, without that it was lost. */
    void icmp(int sequence, int mss, boolean believed) {
        checkQuiet();
        int quoted = settings.ourSequence + sequence;
        log("icmp seq " + sequence + (mss > 0 ? " too big, mss " + mss : " unreachable"));
        boolean is =
                mss > 0 ? connection().packetTooBig(quoted, mss) : connection().unreachable(quoted);
        if (is != believed) {
            throw new AssertionError("but that is " + (is ? "" : "not ") + "believed");
        }
        transmit();
    }

    /** Moves the clock to {@code until} or, before, to when our side sends something. */
    private void advance(long until) {
        for (int turns = 0; unexpected.isEmpty() && connection != null; turns++) {
            if (connection.deadline() > until) {
                break;
            }
            if (turns > MAX_TURNS) {
                throw new AssertionError("the connection wants to transmit for ever");
            }
            now = Math.max(now, connection.deadline());
            transmit();
        }
        now = unexpected.isEmpty() ? until : now;
    }

    /** Nothing is sent for {@code nanos}. */
    void silence(long nanos) {
        checkQuiet();
        advance(now + nanos);
        checkQuiet();
    }

    /** Whatever is sent for {@code nanos} is as it should be. */
    void anything(long nanos) {
        long until = now + nanos;
        do {
            while (!unexpected.isEmpty()) {
                sent = Math.max(sent, unexpected.remove().next());
            }
            advance(until);
        } while (!unexpected.isEmpty());
    }

    private void checkQuiet() {
        if (!unexpected.isEmpty()) {
            throw new AssertionError("this was sent, and nothing expected it: " + unexpected.getFirst());
        }
    }

    // ---- expectations

    /** Our side sends {@code expected}, {@code span} from now. */
    void expect(SegmentText expected, TimeSpan span) {
        long from = now;
        int count = 0;
        advance(from + span.most());
        while (!unexpected.isEmpty() && count < expected.times.most()) {
            SentPacket first = unexpected.getFirst();
            if (count > 0 && !first.begins(expected, sent, peer().sent)) {
                break;
            }
            checkTime(first.nanos() - from, span);
            takePackets(expected);
            count++;
        }
        if (!expected.times.matches(count, 0)) {
            throw new AssertionError(
                    "it was sent " + count + " times" + (count == 0 ? " within " + TimeSpan.text(span.most()) : ""));
        }
    }

    private static void checkTime(long took, TimeSpan span) {
        if (took < span.least() || took > span.most()) {
            throw new AssertionError("sent after " + TimeSpan.text(took));
        }
    }

    private void takePackets(SegmentText expected) {
        SentPacket packet = unexpected.remove();
        if (!packet.begins(expected, sent, peer().sent)) {
            throw new AssertionError("but this was sent: " + packet);
        }
        int packets = 1;
        int before = sent;
        while (packets < expected.packets.most() && continues(packet, expected, before)) {
            packet = unexpected.remove();
            packets++;
        }
        int compared = TcpHeader.FIN | expected.flags & TcpHeader.PSH;
        boolean right = expected.end.matches(packet.end(), before)
                && expected.packets.matches(packets, 0)
                && (packet.flags() & compared) == (expected.flags & compared)
                && (expected.payload || packet.length() == 0);
        if (!right) {
            throw new AssertionError("but what was sent are " + packets + " packets, the last of them " + packet);
        }
        sent = Math.max(sent, packet.next());
    }

    private boolean continues(SentPacket packet, SegmentText expected, int before) {
        boolean complete = expected.end.isExact() && expected.end.matches(packet.end(), before);
        SentPacket following = unexpected.peek();
        return !complete
                && following != null
                && following.seq() == packet.end()
                && following.hasHeaderOf(expected, peer().sent);
    }

    void checkState(TcpState expected) {
        checkQuiet();
        if (connection().state() != expected) {
            throw new AssertionError("but the state is " + connection().state());
        }
    }

    void checkReceived(int bytes) {
        if (user.unclaimed != bytes) {
            throw new AssertionError("but it got " + user.unclaimed);
        }
        user.unclaimed = 0;
    }

    void checkEvent(String event) {
        String told = user.events.isEmpty() ? "nothing" : user.events.remove();
        boolean any = event.endsWith("*") && told.startsWith("closed");
        if (!any && !told.equals(event)) {
            throw new AssertionError("but it is told " + told);
        }
    }

    private void checkAllClaimed() {
        checkReceived(0);
        checkEvent("nothing");
    }

    /** The user's events so far are no part of the scenario. */
    void forgetEvents() {
        user.events.clear();
        user.unclaimed = 0;
    }
}
