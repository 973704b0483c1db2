package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;

/**
 * Two connections joined by a wire, on a clock of its own that jumps from event to event. All chance comes from one seed, so
 * that a run can be repeated. Large segments are cut into packets, each of which has a fate of its own.
 */
final class SimulatedWire {

    /**
     * One direction of the wire.
     *
     * @param latencyNanos from the end of sending to arrival
     * @param bitsPerSecond 0 if nothing limits it
     * @param queueBytes what waits beyond this is dropped; with a rate only
     * @param loss chance of a packet to vanish, 0 to 1 (corrupt packets do, too: their checksum is wrong)
     * @param bursts chance that all packets of the next few milliseconds vanish
     * @param reorder chance of a packet to be late by up to two latencies
     * @param duplicate chance of a packet to arrive twice
     */
    record Conditions(
            long latencyNanos,
            long bitsPerSecond,
            int queueBytes,
            double loss,
            double bursts,
            double reorder,
            double duplicate) {

        static Conditions latencyMillis(long millis) {
            return new Conditions(millis * 1_000_000, 0, Integer.MAX_VALUE, 0, 0, 0, 0);
        }

        Conditions rate(long bits, int queue) {
            return new Conditions(latencyNanos, bits, queue, loss, bursts, reorder, duplicate);
        }

        Conditions losing(double chance) {
            return new Conditions(latencyNanos, bitsPerSecond, queueBytes, chance, bursts, reorder, duplicate);
        }

        Conditions burstsOf(double chance) {
            return new Conditions(latencyNanos, bitsPerSecond, queueBytes, loss, chance, reorder, duplicate);
        }

        Conditions disorder(double late, double twice) {
            return new Conditions(latencyNanos, bitsPerSecond, queueBytes, loss, bursts, late, twice);
        }
    }

    private record Event(long at, long order, Runnable task) {}

    /** Headers of IP and TCP, for the rate. */
    private static final int HEADERS = 52;

    /** More than any test needs; beyond it something goes round in circles. */
    private static final int MOST_EVENTS = 5_000_000;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Random random;
    private long order;
    private long now = 1_000_000_000L;
    private int eventCount;

    /** The end that opens. */
    final End client;

    final End server;

    SimulatedWire(long seed, Conditions toServer, Conditions toClient, TcpConfig clientConfig, TcpConfig serverConfig) {
        random = new Random(seed);
        client = new End("client", clientConfig, toServer);
        server = new End("server", serverConfig, toClient);
        client.peer = server;
        server.peer = client;
    }

    long nowNanos() {
        return now;
    }

    Random random() {
        return random;
    }

    /** Runs {@code task} after {@code delayNanos}. */
    void schedule(long delayNanos, Runnable task) {
        events.add(new Event(now + delayNanos, order++, task));
    }

    /** Lets the client open. */
    void open() {
        client.connection = TcpConnection.active(client.config, random.nextInt(), now, client);
        client.endOfTurn();
    }

    /** Runs until both ends are closed, nothing happens any more, or {@code limitNanos} have passed. */
    void run(long limitNanos) {
        long until = now + limitNanos;
        while (!isOver() && !events.isEmpty() && events.peek().at <= until) {
            Event event = events.remove();
            now = event.at;
            event.task.run();
            if (++eventCount > MOST_EVENTS) {
                throw new AssertionError("no end: " + this);
            }
        }
    }

    /** Whether both ends are closed. */
    boolean isOver() {
        return client.isClosed() && (server.isClosed() || server.connection == null);
    }

    @Override
    public String toString() {
        return "after " + (now - 1_000_000_000L) / 1_000_000 + " ms, client " + client + ", server " + server;
    }

    /** One end: the connection and its user. */
    final class End implements StreamListener {

        private final String name;
        private final TcpConfig config;
        private final Conditions conditions;
        private @Nullable End peer;

        @Nullable
        TcpConnection connection;

        /** Bytes that the user wants to send; all given to the connection as it has room. */
        long toSend;

        /** The most that it gives in one piece. */
        int pieceBytes = 65_536;

        /** Whether it closes when it has sent everything. */
        boolean closes = true;

        /** Bytes a millisecond that the user reads; 0 if all at once. */
        int readsPerMillisecond;

        long given;
        long received;
        boolean fin;

        @Nullable
        CloseCause cause;

        /** Buffers given to the connection, all of which must come back. */
        private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();

        Consumer<End> onEvent = end -> {};

        private long timerAt = Long.MAX_VALUE;
        private long wireFreeAt;
        private long burstUntil;
        private int unread;
        private boolean reading;
        private boolean inTurn;
        private boolean closeCalled;
        long packets;

        private End(String name, TcpConfig config, Conditions conditions) {
            this.name = name;
            this.config = config;
            this.conditions = conditions;
        }

        boolean isClosed() {
            return cause != null;
        }

        TcpConnection connection() {
            TcpConnection existing = connection;
            if (existing == null) {
                throw new IllegalStateException(name + " has not been opened");
            }
            return existing;
        }

        private End peer() {
            End other = peer;
            if (other == null) {
                throw new IllegalStateException();
            }
            return other;
        }

        // ---- its user

        private void pump() {
            TcpConnection existing = connection();
            while (toSend > 0 && existing.sendSpace() > 0) {
                int length = (int) Math.min(toSend, Math.min(existing.sendSpace(), 1 + random.nextInt(pieceBytes)));
                ByteBuf data = Pattern.bytes(given, length);
                buffers.add(data);
                given += length;
                toSend -= length;
                existing.send(data);
            }
            if (toSend == 0 && closes && !closeCalled) {
                closeCalled = true;
                existing.close();
            }
            onEvent.accept(this);
            while (!buffers.isEmpty() && buffers.element().refCnt() == 0) {
                buffers.remove();
            }
        }

        /** After the end: how many buffers were not given back. */
        long leaked() {
            return buffers.stream().filter(buffer -> buffer.refCnt() != 0).count();
        }

        private void read() {
            reading = false;
            if (isClosed()) {
                return;
            }
            int bytes = Math.min(unread, readsPerMillisecond);
            unread -= bytes;
            connection().consumed(bytes);
            readOn();
            endOfTurn();
        }

        private void readOn() {
            if (unread > 0 && !reading) {
                reading = true;
                schedule(1_000_000, this::read);
            }
        }

        @Override
        public void established() {}

        @Override
        public void received(ByteBuf buf, int at, int length) {
            if (fin || isClosed()) {
                throw new AssertionError("data after the end: " + this);
            }
            Pattern.check(received, buf, at, length);
            received += length;
            if (readsPerMillisecond == 0) {
                connection().consumed(length);
            } else {
                unread += length;
                readOn();
            }
        }

        @Override
        public void receivedFin() {
            if (fin) {
                throw new AssertionError("second FIN: " + this);
            }
            fin = true;
        }

        @Override
        public void acknowledged() {}

        @Override
        public void closed(CloseCause why) {
            if (cause != null) {
                throw new AssertionError("closed twice: " + this);
            }
            cause = why;
        }

        // ---- its wire

        void endOfTurn() {
            TcpConnection existing = connection();
            pump();
            existing.transmit(now, this::send);
            long deadline = existing.deadline();
            if (deadline < timerAt || timerAt <= now) {
                timerAt = deadline;
                if (deadline != TcpConnection.NEVER) {
                    long at = Math.max(deadline, now);
                    events.add(new Event(at, order++, () -> expire(deadline)));
                }
            }
        }

        private void expire(long scheduledFor) {
            if (timerAt == scheduledFor) {
                timerAt = Long.MAX_VALUE;
                endOfTurn();
            }
        }

        private void send(Segment segment) {
            int offset = 0;
            do {
                int length = Math.min(Math.max(1, segment.segmentBytes), segment.payloadLength - offset);
                Segment packet = new Segment();
                packet.sequence = segment.sequence + offset;
                packet.acknowledgment = segment.acknowledgment;
                boolean last = offset + length == segment.payloadLength;
                packet.flags = last ? segment.flags : segment.flags & ~(TcpHeader.FIN | TcpHeader.PSH);
                packet.window = segment.window;
                copyOptions(segment, packet);
                byte[] bytes = new byte[length];
                segment.buf.getBytes(segment.payload + offset, bytes);
                packet.payload(Unpooled.wrappedBuffer(bytes), 0, length);
                carry(packet);
                offset += length;
            } while (offset < segment.payloadLength);
        }

        private void copyOptions(Segment from, Segment to) {
            ByteBuf options = Unpooled.buffer(40);
            from.options.emit(options, 0);
            to.options.parse(options, 0, from.options.length());
        }

        private void carry(Segment packet) {
            packets++;
            if (conditions.bursts > 0 && random.nextDouble() < conditions.bursts) {
                burstUntil = now + 1_000_000L * (1 + random.nextInt(20));
            }
            boolean lost = now < burstUntil || random.nextDouble() < conditions.loss;
            long leaves = now;
            if (conditions.bitsPerSecond > 0) {
                long waiting = Math.max(0, wireFreeAt - now);
                if (waiting * conditions.bitsPerSecond / 8_000_000_000L > conditions.queueBytes) {
                    return;
                }
                long bits = (packet.payloadLength + HEADERS) * 8L;
                wireFreeAt = Math.max(now, wireFreeAt) + bits * 1_000_000_000L / conditions.bitsPerSecond;
                leaves = wireFreeAt;
            }
            if (lost) {
                return;
            }
            deliver(packet, leaves);
            if (random.nextDouble() < conditions.duplicate) {
                deliver(packet, leaves);
            }
        }

        private void deliver(Segment packet, long leaves) {
            long late = random.nextDouble() < conditions.reorder
                    ? (long) (random.nextDouble() * 2 * conditions.latencyNanos)
                    : 0;
            events.add(new Event(leaves + conditions.latencyNanos + late, order++, () -> peer().arrive(packet)));
        }

        private void arrive(Segment packet) {
            if (connection == null && packet.has(TcpHeader.SYN) && !packet.has(TcpHeader.ACK)) {
                connection = TcpConnection.passive(config, packet, random.nextInt(), now, this);
                endOfTurn();
            } else if (connection == null || isClosed()) {
                answerWithReset(packet);
            } else {
                connection.receive(packet, now);
                endOfTurn();
            }
        }

        /** RFC 9293 3.10.7.1. */
        private void answerWithReset(Segment packet) {
            if (packet.has(TcpHeader.RST)) {
                return;
            }
            Segment reset = new Segment();
            if (packet.has(TcpHeader.ACK)) {
                reset.flags = TcpHeader.RST;
                reset.sequence = packet.acknowledgment;
            } else {
                reset.flags = TcpHeader.RST | TcpHeader.ACK;
                reset.acknowledgment = packet.sequence + packet.length();
            }
            carry(reset);
        }

        @Override
        public String toString() {
            return "[" + (connection == null ? "none" : connection) + " given " + given + " received " + received
                    + (fin ? " fin" : "") + (cause == null ? "" : " " + cause)
                    + (connection == null ? "" : " rtt " + connection.smoothedRttNanos() / 1_000_000 + " ms") + "]";
        }
    }
}
