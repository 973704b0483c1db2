package org.slipway.link;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slipway.lan.Lan;
import org.slipway.lan.Port;
import org.slipway.lan.PortStatistics;
import org.slipway.loop.NettyLoop;
import org.slipway.loop.Transport;
import org.slipway.wire.DropCounters;

/** A switch on a real event loop, into which links plug guests, and what they told. */
final class LinkFixture implements Closeable, LinkListener {

    /** A guest that speaks QEMU's framing over a blocking socket. */
    static final class Guest implements Closeable {
        final SocketChannel socket;

        Guest(SocketChannel socket) {
            this.socket = socket;
        }

        static Guest connect(SocketAddress address) throws IOException {
            return new Guest(SocketChannel.open(
                    address instanceof DomainSocketAddress unix ? UnixDomainSocketAddress.of(unix.path()) : address));
        }

        void send(byte[]... frames) throws IOException {
            for (byte[] frame : frames) {
                write(ByteBuffer.allocate(4 + frame.length)
                        .putInt(frame.length)
                        .put(frame)
                        .flip());
            }
        }

        void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                socket.write(bytes);
            }
        }

        byte[] receive() throws IOException {
            return read(read(4).getInt()).array();
        }

        /** Whether the other side has closed the connection, with or without having read everything. */
        boolean isAtEnd() throws IOException {
            try {
                return socket.read(ByteBuffer.allocate(1)) < 0;
            } catch (SocketException e) {
                return "Connection reset".equals(e.getMessage());
            }
        }

        private ByteBuffer read(int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (socket.read(buffer) < 0) {
                    throw new EOFException();
                }
            }
            return buffer.flip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    final IoEventLoopGroup group;
    final NettyLoop loop;
    final DropCounters drops = new DropCounters();
    final Lan lan;
    final LinkContext context;
    private final Map<String, PortStatistics> statistics = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Those that work here. */
    static Stream<Transport> transports() {
        return Stream.of(Transport.best(), Transport.NIO).distinct();
    }

    LinkFixture(Transport transport, int maxGuests) {
        group = transport.newGroup(new DefaultThreadFactory("link-test"));
        loop = new NettyLoop(group.next(), Clock.systemUTC());
        lan = new Lan(loop, drops);
        context = new LinkContext(transport, loop.eventLoop(), loop, drops, new GuestNames(maxGuests), this);
    }

    @Override
    public void plugged(Port port) {
        statistics.put(port.name(), lan.attach(port));
        told.add("+" + port.name());
    }

    @Override
    public void unplugged(Port port) {
        lan.detach(port);
        told.add("-" + port.name());
    }

    @Override
    public void event(String text) {
        told.add(text);
    }

    @Override
    public void warning(String text) {
        told.add("! " + text);
    }

    /** Counters of the guest of this name. */
    PortStatistics statistics(String name) {
        return Objects.requireNonNull(statistics.get(name));
    }

    /** The next thing that the links told; waits for it. */
    String next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(10, TimeUnit.SECONDS), "nothing was told");
    }

    /** What was told already. */
    List<String> toldSoFar() {
        return List.copyOf(told);
    }

    /** Runs {@code action} on the loop and waits for its result. */
    <T> T call(Callable<T> action) throws Exception {
        return loop.eventLoop().submit(action).get(10, TimeUnit.SECONDS);
    }

    void run(Runnable action) throws Exception {
        loop.eventLoop().submit(action).get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
