package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.tcp.SimulatedLink.Conditions;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.TcpOptions;

/**
 * Two connections joined by a wire, on a clock of its own that jumps from event to event. All chance comes from one seed, so
 * that a run can be repeated. Large segments are cut into packets, each of which has a fate of its own.
 */
final class SimulatedWire {

    /** Headers of IP and TCP, for the rate. */
    private static final int HEADERS = 52;

    /** The bytes of a stream that nobody looks at. */
    private static final ByteBuf ANY_BYTES = Unpooled.wrappedBuffer(new byte[65_536]);

    private final SimulatedClock clock;
    private final Random random;

    /** Whether each byte is checked; measurements are faster without. */
    boolean checksBytes = true;

    /** The end that opens. */
    final End client;

    final End server;

    SimulatedWire(long seed, Conditions toServer, Conditions toClient, TcpConfig clientConfig, TcpConfig serverConfig) {
        this(new SimulatedClock(seed), toServer, toClient, clientConfig, serverConfig);
    }

    private SimulatedWire(
            SimulatedClock clock,
            Conditions toServer,
            Conditions toClient,
            TcpConfig clientConfig,
            TcpConfig serverConfig) {
        this(clock, new SimulatedLink(clock, toServer), new SimulatedLink(clock, toClient), clientConfig, serverConfig);
    }

    /** Over links that others may use, too. */
    SimulatedWire(
            SimulatedClock clock,
            SimulatedLink toServer,
            SimulatedLink toClient,
            TcpConfig clientConfig,
            TcpConfig serverConfig) {
        this.clock = clock;
        random = clock.random;
        client = new End("client", clientConfig, toServer);
        server = new End("server", serverConfig, toClient);
        client.peer = server;
        server.peer = client;
    }

    long nowNanos() {
        return clock.now();
    }

    Random random() {
        return random;
    }

    /** Runs {@code task} after {@code delayNanos}. */
    void schedule(long delayNanos, Runnable task) {
        clock.at(clock.now() + delayNanos, task);
    }

    /** Lets the client open. */
    void open() {
        client.connection = TcpConnection.active(client.config, random.nextInt(), clock.now(), client);
        client.endOfTurn();
    }

    /** Runs until both ends are closed, nothing happens any more, or {@code limitNanos} have passed. */
    void run(long limitNanos) {
        long until = clock.now() + limitNanos;
        while (!isOver() && clock.nextAt() <= until) {
            clock.step();
        }
    }

    /** Whether both ends are closed. */
    boolean isOver() {
        return client.isClosed() && (server.isClosed() || server.connection == null);
    }

    @Override
    public String toString() {
        return "after " + (clock.now() - SimulatedClock.START) / 1_000_000 + " ms, client " + client + ", server "
                + server;
    }

    /** One end: the connection and its user. */
    final class End implements StreamListener {

        private final String name;
        private final TcpConfig config;
        private final SimulatedLink link;
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
        private int unread;
        private boolean reading;
        private boolean closeCalled;

        private End(String name, TcpConfig config, SimulatedLink link) {
            this.name = name;
            this.config = config;
            this.link = link;
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
                ByteBuf data = checksBytes ? Pattern.bytes(given, length) : ANY_BYTES.retainedSlice(0, length);
                if (checksBytes) {
                    buffers.add(data);
                }
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
            if (checksBytes) {
                Pattern.check(received, buf, at, length);
            }
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
            existing.transmit(clock.now(), this::send);
            long deadline = existing.deadline();
            if (deadline < timerAt || timerAt <= clock.now()) {
                timerAt = deadline;
                if (deadline != TcpConnection.NEVER) {
                    clock.at(deadline, () -> expire(deadline));
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
                packet.payload(checksBytes ? copy(segment, offset, length) : ANY_BYTES, 0, length);
                carry(packet);
                offset += length;
            } while (offset < segment.payloadLength);
        }

        private ByteBuf copy(Segment segment, int offset, int length) {
            byte[] bytes = new byte[length];
            segment.buf.getBytes(segment.payload + offset, bytes);
            return Unpooled.wrappedBuffer(bytes);
        }

        private void copyOptions(Segment from, Segment to) {
            if (!checksBytes) {
                copyFields(from.options, to.options);
                return;
            }
            ByteBuf options = Unpooled.buffer(40);
            from.options.emit(options, 0);
            to.options.parse(options, 0, from.options.length());
        }

        private void copyFields(TcpOptions from, TcpOptions to) {
            to.mss = from.mss;
            to.windowScale = from.windowScale;
            to.sackPermitted = from.sackPermitted;
            to.timestamps = from.timestamps;
            to.timestampValue = from.timestampValue;
            to.timestampEcho = from.timestampEcho;
            for (int i = 0; i < Math.min(from.sackCount, from.timestamps ? 3 : TcpOptions.MAX_SACK_BLOCKS); i++) {
                to.addSack(from.sackLeft(i), from.sackRight(i));
            }
        }

        private void carry(Segment packet) {
            link.carry(packet.payloadLength + HEADERS, () -> peer().arrive(packet));
        }

        private void arrive(Segment packet) {
            if (connection == null && packet.has(TcpHeader.SYN) && !packet.has(TcpHeader.ACK)) {
                connection = TcpConnection.passive(config, packet, random.nextInt(), clock.now(), this);
                endOfTurn();
            } else if (connection == null || isClosed()) {
                answerWithReset(packet);
            } else {
                connection.receive(packet, clock.now());
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
