package org.slipway.nat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A host that is not there: its sockets do what the test says, and write down what is done with them. */
public final class FakeHost implements HostSockets {

    private final List<Stream> streams = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final List<Udp> udps = new ArrayList<>();
    private @Nullable String refusal;

    private static ByteBuf buffer(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes);
    }

    /** From now on the host gives no more listeners and UDP sockets, for this reason; null: it does. */
    public void refuse(@Nullable String reason) {
        refusal = reason;
    }

    /** Every stream that was ever connected or accepted. */
    public List<Stream> streams() {
        return List.copyOf(streams);
    }

    /** How many streams were ever connected or accepted. */
    public int streamCount() {
        return streams.size();
    }

    /** The stream that was opened {@code back} streams before the last one. */
    public Stream recent(int back) {
        return streams.get(streams.size() - 1 - back);
    }

    /** The only stream since the last call, which forgets it. */
    public Stream onlyStream() {
        assertThat(streams).as("host streams").hasSize(1);
        return streams.remove(0);
    }

    /** Every UDP socket that was ever opened. */
    public List<Udp> udps() {
        return List.copyOf(udps);
    }

    /** Every listener that was ever opened. */
    public List<Server> servers() {
        return List.copyOf(servers);
    }

    @Override
    public HostStream connect(SocketAddress remote, int hops, HostStreamListener listener) {
        Stream stream = new Stream(remote);
        stream.hops = hops;
        stream.listener = listener;
        streams.add(stream);
        return stream;
    }

    @Override
    public HostStream run(List<String> command, HostStreamListener listener) {
        Stream stream = new Stream(null);
        stream.command = List.copyOf(command);
        stream.listener = listener;
        streams.add(stream);
        return stream;
    }

    @Override
    public HostStream run(GuestForward.Daemon daemon, HostStreamListener listener) {
        return run(daemon.words(), listener);
    }

    @Override
    public HostServer listen(SocketAddress local, Acceptor acceptor) {
        refuse(local);
        Server server = new Server(local, acceptor);
        servers.add(server);
        return server;
    }

    @Override
    public HostUdpSocket openUdp(@Nullable InetSocketAddress local, boolean ipv4, HostUdpListener listener) {
        refuse(local);
        Udp udp = new Udp(local != null ? local : new InetSocketAddress("0.0.0.0", 40_000 + udps.size()), listener);
        udps.add(udp);
        return udp;
    }

    @Override
    public HostUdpSocket openUdpPreferring(int port, boolean ipv4, HostUdpListener listener) {
        HostUdpSocket socket = openUdp(null, ipv4, listener);
        udps.get(udps.size() - 1).preferredPort = port;
        return socket;
    }

    private void refuse(@Nullable SocketAddress local) {
        if (refusal != null) {
            throw new HostSocketException(refusal, new IllegalStateException(String.valueOf(local)));
        }
    }

    /** A listener of the host. */
    public final class Server implements HostServer {

        private final SocketAddress local;
        private final Acceptor acceptor;
        private boolean closed;

        Server(SocketAddress local, Acceptor acceptor) {
            this.local = local;
            this.acceptor = acceptor;
        }

        /** A client connects. */
        public Stream accept(@Nullable InetSocketAddress client) {
            Stream stream = new Stream(client);
            stream.connected = true;
            streams.add(stream);
            HostStreamListener listener = acceptor.accepted(stream, client);
            if (listener == null) {
                stream.reset();
            } else {
                stream.listener = listener;
            }
            return stream;
        }

        public boolean isClosed() {
            return closed;
        }

        @Override
        public SocketAddress local() {
            return local;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A stream of the host, and its peer. */
    public static final class Stream implements HostStream {

        private final @Nullable SocketAddress remote;
        private List<String> command = List.of();
        private final Queue<ByteBuf> queue = new ArrayDeque<>();
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final List<String> log = new ArrayList<>();
        private @Nullable HostStreamListener listener;
        private int hops;
        private long pending;
        private int mostWrites;
        private boolean connected;
        private boolean inputEnded;
        private boolean stalled;
        private boolean flushed;
        private boolean reading;
        private boolean finishing;
        private boolean closing;

        Stream(@Nullable SocketAddress remote) {
            this.remote = remote;
        }

        // ---- what the test does

        /** Whom it is connected to. */
        public @Nullable SocketAddress remote() {
            return remote;
        }

        /** The words of the process that it is, if it is one. */
        public List<String> command() {
            return command;
        }

        /** How far its packets may go. */
        public int hops() {
            return hops;
        }

        /** What happened: "fin", "close", "reset", in order. */
        public List<String> log() {
            return List.copyOf(log);
        }

        /** What the kernel took. */
        public String taken() {
            return taken.toString(ISO_8859_1);
        }

        public boolean isReading() {
            return reading;
        }

        /** The largest number of buffers that ever waited. */
        public int mostWrites() {
            return mostWrites;
        }

        private HostStreamListener told() {
            return Objects.requireNonNull(listener, "nobody listens");
        }

        /** Whether anybody still wants to hear of it. */
        public boolean isOpen() {
            return listener != null;
        }

        /** Whether it is connected, and nobody has reset it since. */
        public boolean isConnected() {
            return connected;
        }

        public void connected() {
            connected = true;
            told().connected();
        }

        public void fail(ConnectFailure failure) {
            HostStreamListener to = told();
            listener = null;
            to.connectFailed(failure);
        }

        public void fail(ConnectFailure failure, UdpFailure told) {
            HostStreamListener to = told();
            listener = null;
            to.connectFailed(failure, told);
        }

        /** The peer sends; nobody may have been told not to read. */
        public void receive(byte[] data) {
            assertThat(reading).as("reading").isTrue();
            told().received(buffer(data));
        }

        /** As the other method, with a buffer of {@code capacity} bytes that it was read into. */
        public void receiveInto(int capacity, byte[] data) {
            assertThat(reading).as("reading").isTrue();
            told().received(PooledByteBufAllocator.DEFAULT
                    .directBuffer(capacity)
                    .writeBytes(data));
        }

        public void receive(String data) {
            receive(data.getBytes(ISO_8859_1));
        }

        public void receiveFin() {
            assertThat(inputEnded).as("input ended").isFalse();
            inputEnded = true;
            reading = false;
            told().inputEnded();
        }

        /** As {@link #receiveFin}, if the peer has not done so before. */
        public void receiveFinOnce() {
            if (!inputEnded) {
                receiveFin();
            }
        }

        /** The peer resets the connection. */
        public void receiveReset() {
            HostStreamListener to = told();
            listener = null;
            forget();
            to.broken();
        }

        /** The peer reads no more, or again. */
        public void stalled(boolean stalls) {
            stalled = stalls;
            drain();
        }

        // ---- what the network does

        @Override
        public void write(ByteBuf data) {
            pending += data.readableBytes();
            queue.add(data);
            mostWrites = Math.max(mostWrites, queue.size());
        }

        @Override
        public void flush() {
            flushed = true;
            drain();
        }

        private void drain() {
            long bytes = 0;
            while (!stalled && flushed && !queue.isEmpty()) {
                ByteBuf data = queue.remove();
                bytes += data.readableBytes();
                byte[] copy = new byte[data.readableBytes()];
                data.readBytes(copy);
                taken.writeBytes(copy);
                data.release();
            }
            if (queue.isEmpty()) {
                flushed = false;
            }
            pending -= bytes;
            HostStreamListener to = listener;
            if (bytes > 0 && to != null) {
                // As Netty may: from within flush.
                to.written(bytes);
            }
            if (pending == 0 && finishing) {
                finishing = false;
                log.add("fin");
            }
            if (pending == 0 && closing) {
                closing = false;
                log.add("close");
            }
        }

        @Override
        public long pendingBytes() {
            return pending;
        }

        @Override
        public void reading(boolean on) {
            reading = on;
        }

        @Override
        public void shutdownOutput() {
            finishing = true;
            drain();
        }

        @Override
        public void close() {
            listener = null;
            closing = true;
            flush();
        }

        @Override
        public void reset() {
            listener = null;
            forget();
            log.add("reset");
        }

        private void forget() {
            queue.forEach(ByteBuf::release);
            queue.clear();
            pending = 0;
        }
    }

    /** A datagram that left the host. */
    public record Datagram(String data, InetSocketAddress to) {}

    /** What the IP headers of datagrams carry. */
    public record Marks(int timeToLive, int typeOfService, boolean dontFragment) {}

    /** A UDP socket of the host. */
    public static final class Udp implements HostUdpSocket {

        private final InetSocketAddress local;
        private final HostUdpListener listener;
        private final List<Datagram> unflushed = new ArrayList<>();
        private final List<Datagram> sent = new ArrayList<>();
        private @Nullable Marks marks;
        private int preferredPort;
        private boolean closed;

        Udp(InetSocketAddress local, HostUdpListener listener) {
            this.local = local;
            this.listener = listener;
        }

        /** The port that it was to have if it could; 0 if none. */
        public int preferredPort() {
            return preferredPort;
        }

        /** Takes what was sent. */
        public List<Datagram> take() {
            List<Datagram> taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }

        /** Somebody sends to it. */
        public void receive(String data, InetSocketAddress from) {
            ByteBuf payload = buffer(data.getBytes(ISO_8859_1));
            listener.received(payload, from);
            payload.release();
        }

        /** A datagram did not arrive. */
        public void fail(UdpFailure failure) {
            listener.failed(failure);
        }

        public boolean isClosed() {
            return closed;
        }

        /** What the last datagram carried, or null if that was not said. */
        public @Nullable Marks marks() {
            return marks;
        }

        @Override
        public void mark(int timeToLive, int typeOfService, boolean dontFragment) {
            marks = new Marks(timeToLive, typeOfService, dontFragment);
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public void send(ByteBuf payload, InetSocketAddress to) {
            unflushed.add(new Datagram(payload.toString(ISO_8859_1), to));
            payload.release();
        }

        @Override
        public void flush() {
            sent.addAll(unflushed);
            unflushed.clear();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
