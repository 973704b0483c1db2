package org.slipway.network;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slipway.guest.Guest;
import org.slipway.guest.GuestAddress;
import org.slipway.guest.GuestException;
import org.slipway.guest.GuestStream;
import org.slipway.wire.IpAddress;

/**
 * A guest in memory of a running network, for any thread but the network's own:
 * <pre>
 * try (Network network = new NetworkBuilder()
 *         .gateway(GatewayConfig.DEFAULT)
 *         .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
 *         .start()) {
 *     InMemoryGuest vm1 = network.guest("vm1");
 *     vm1.lease().join();
 *     InMemoryStream stream = vm1.connect(IpAddress.parse("10.0.2.2"), 8080).join();
 *     stream.send("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
 *     byte[] page = stream.readAll(1 << 20).join();
 * }
 * </pre>
 * What fails, fails with a {@link GuestException}, when the network is closed, too. Futures complete, and callbacks run, on
 * the network's thread: whatever is chained to them must not wait for another of them.
 */
public final class InMemoryGuest {

    /** A datagram that came to a guest, whose address {@code destination} is if it was for that alone. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    public record Datagram(IpAddress source, int sourcePort, IpAddress destination, byte[] payload) {}

    private final Guest guest;
    private final Executor loop;

    InMemoryGuest(Guest guest, Executor loop) {
        this.guest = guest;
        this.loop = loop;
    }

    /** See {@link Guest#lease}. */
    public CompletableFuture<GuestAddress> lease() {
        return on(loop, guest::lease);
    }

    /** See {@link Guest#address(GuestAddress)}. Completes when it is done, with the address. */
    public CompletableFuture<GuestAddress> address(GuestAddress address) {
        return on(loop, () -> {
            guest.address(address);
            return CompletableFuture.completedFuture(address);
        });
    }

    /** See {@link Guest#autoconfigure}. */
    public CompletableFuture<IpAddress> autoconfigure() {
        return on(loop, guest::autoconfigure);
    }

    /** See {@link Guest#linkLocal}. */
    public CompletableFuture<IpAddress> linkLocal() {
        return on(loop, guest::linkLocal);
    }

    /** See {@link Guest#addresses}. */
    public CompletableFuture<List<IpAddress>> addresses() {
        return on(loop, () -> CompletableFuture.completedFuture(guest.addresses()));
    }

    /** See {@link Guest#ping}. */
    public CompletableFuture<Duration> ping(IpAddress destination) {
        return on(loop, () -> guest.ping(destination));
    }

    /** See {@link Guest#resolve}. */
    public CompletableFuture<List<IpAddress>> resolve(String name) {
        return on(loop, () -> guest.resolve(name));
    }

    /** See {@link Guest#connect}. */
    public CompletableFuture<InMemoryStream> connect(IpAddress remote, int port) {
        return on(loop, () -> guest.connect(remote, port)).thenApply(this::inMemory);
    }

    /**
     * See {@link Guest#listen}. Completes, with the port, when connections are taken.
     *
     * @param acceptor called on the network's thread; must not wait
     */
    public CompletableFuture<Integer> listen(int port, Consumer<InMemoryStream> acceptor) {
        return on(loop, () -> {
            guest.listen(port, stream -> acceptor.accept(inMemory(stream)));
            return CompletableFuture.completedFuture(port);
        });
    }

    /** See {@link Guest#sendUdp(int, IpAddress, int, io.netty.buffer.ByteBuf)}. Completes, with the length of {@code payload}, when it is sent. */
    public CompletableFuture<Integer> sendUdp(
            int sourcePort, IpAddress destination, int destinationPort, byte[] payload) {
        return on(loop, () -> {
            guest.sendUdp(sourcePort, destination, destinationPort, Unpooled.wrappedBuffer(payload));
            return CompletableFuture.completedFuture(payload.length);
        });
    }

    /** See {@link Guest#sendUdp(IpAddress, int, IpAddress, int, io.netty.buffer.ByteBuf)}. As the other method. */
    public CompletableFuture<Integer> sendUdp(
            IpAddress source, int sourcePort, IpAddress destination, int destinationPort, byte[] payload) {
        return on(loop, () -> {
            guest.sendUdp(source, sourcePort, destination, destinationPort, Unpooled.wrappedBuffer(payload));
            return CompletableFuture.completedFuture(payload.length);
        });
    }

    /**
     * See {@link Guest#onUdp}. Completes, with the port, when datagrams are taken.
     *
     * @param listener called on the network's thread; must not wait
     */
    public CompletableFuture<Integer> onUdp(int port, Consumer<Datagram> listener) {
        return on(loop, () -> {
            guest.onUdp(
                    port,
                    (source, sourcePort, destination, payload) -> listener.accept(
                            new Datagram(source, sourcePort, destination, ByteBufUtil.getBytes(payload))));
            return CompletableFuture.completedFuture(port);
        });
    }

    private InMemoryStream inMemory(GuestStream stream) {
        return new InMemoryStream(stream, loop);
    }

    /** Calls on the loop; the future is what the call gives, or why it could not be made. */
    static <T> CompletableFuture<T> on(Executor loop, Supplier<CompletableFuture<T>> call) {
        try {
            return CompletableFuture.supplyAsync(call, loop).thenCompose(Function.identity());
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new GuestException("the network is closed"));
        }
    }
}
