package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.NdpListener;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.RouterAdvertisement;

/**
 * Tells guests of the router, its prefix and its resolver (RFC 4861 6.2): at once who asks, and all of them from time to
 * time. A guest that has an address is answered alone (RFC 7772 5.1). On the network's loop only.
 */
public final class RouterAdvertiser implements NdpListener {

    /** RFC 4861 6.2.1: MaxRtrAdvInterval; MinRtrAdvInterval is a third of it. */
    static final long MAX_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(600);

    static final long MIN_INTERVAL_NANOS = MAX_INTERVAL_NANOS / 3;

    /** RFC 4861 10: the first few come sooner, for guests that were there before the router. */
    static final int INITIAL_ADVERTISEMENTS = 3;

    static final long MAX_INITIAL_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(16);

    /** RFC 4861 10: MIN_DELAY_BETWEEN_RAS, of those to all guests. */
    static final long MIN_DELAY_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** RFC 4861 4.2. */
    private static final int HOP_LIMIT = 255;

    private final Loop loop;
    private final IpHost ip;
    private final IpAddress router;
    private final RouterAdvertisement advertisement;
    private final RandomGenerator random;
    private final Frame frame = new Frame();
    private int initial = INITIAL_ADVERTISEMENTS;
    private long sentToAllNanos;
    private @Nullable Timer timer;
    private boolean soon;

    /**
     * Says nothing before {@link #start}.
     *
     * @param router our link-local address, by which hosts know us
     * @param advertisement what is said
     */
    public RouterAdvertiser(
            Loop loop, IpHost ip, IpAddress router, RouterAdvertisement advertisement, RandomGenerator random) {
        this.loop = loop;
        this.ip = ip;
        this.router = router;
        this.advertisement = advertisement;
        this.random = random;
        sentToAllNanos = loop.nanoTime() - MIN_DELAY_NANOS;
    }

    /** Tells all guests, soon for the first time. */
    public void start() {
        schedule(0);
    }

    private void schedule(long delayNanos) {
        Timer armed = timer;
        if (armed != null) {
            armed.cancel();
        }
        timer = loop.schedule(delayNanos, this::advertise);
    }

    private void advertise() {
        soon = false;
        sentToAllNanos = loop.nanoTime();
        send(advertisement, IpAddress.ALL_NODES, IpHost.UNKNOWN);
        long interval = MIN_INTERVAL_NANOS + random.nextLong(MAX_INTERVAL_NANOS - MIN_INTERVAL_NANOS + 1);
        if (initial > 0) {
            initial--;
            interval = Math.min(interval, MAX_INITIAL_INTERVAL_NANOS);
        }
        schedule(interval);
    }

    @Override
    public void routerSolicited(IpAddress source, long mac) {
        if (!source.isUnspecified()) {
            send(advertisement, source, mac);
        } else if (!soon) {
            soon = true;
            schedule(Math.max(0, sentToAllNanos + MIN_DELAY_NANOS - loop.nanoTime()));
        }
    }

    private void send(RouterAdvertisement said, IpAddress destination, long mac) {
        int length = said.length();
        int at = IpHost.HEADER_ROOM;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(at + length);
        try {
            said.emit(buf, at);
            Icmpv6Message.writeChecksum(buf, at, length, router, destination);
            buf.setIndex(at, at + length);
            ip.sendTo(mac, router, destination, IpProtocol.ICMPV6, HOP_LIMIT, 0, false, frame.set(buf));
        } finally {
            buf.release();
        }
    }

    /** Tells all guests that we are a router no longer (RFC 4861 6.2.5), and falls silent. */
    public void close() {
        Timer armed = timer;
        if (armed == null) {
            return;
        }
        armed.cancel();
        timer = null;
        RouterAdvertisement last = new RouterAdvertisement(
                advertisement.hopLimit(),
                advertisement.flags(),
                0,
                advertisement.linkLayerAddress(),
                0,
                List.of(),
                List.of(),
                List.of(),
                0);
        send(last, IpAddress.ALL_NODES, IpHost.UNKNOWN);
    }
}
