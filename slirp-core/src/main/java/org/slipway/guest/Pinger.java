package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.slipway.ip.IpHost;
import org.slipway.ip.IpPacket;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropReason;
import org.slipway.wire.IcmpMessage;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.QuotedPacket;

/** Sends echo requests and waits for their replies (RFC 792, RFC 4443 4). */
final class Pinger {

    /** What ping sends. */
    private static final int DATA_LENGTH = 56;

    private static final int TIME_TO_LIVE = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A request on its way. */
    private record Waiting(
            IpAddress destination, long sentAtNanos, CompletableFuture<Duration> result, Timer timeout) {}

    private final Loop loop;
    private final IpHost ip;
    private final int identifier;
    private final Map<Integer, Waiting> requests = new HashMap<>();
    private final Frame frame = new Frame();
    private int nextSequence;

    Pinger(Loop loop, IpHost ip, RandomGenerator random) {
        this.loop = loop;
        this.ip = ip;
        identifier = random.nextInt(1 << 16);
    }

    CompletableFuture<Duration> ping(IpAddress destination) {
        int sequence = nextSequence++ & 0xffff;
        Timer timeout = loop.schedule(TIMEOUT.toNanos(), () -> fail(sequence, "no answer"));
        CompletableFuture<Duration> result = new CompletableFuture<>();
        requests.put(sequence, new Waiting(destination, loop.nanoTime(), result, timeout));
        if (!send(destination, sequence)) {
            fail(sequence, "no route");
        }
        return result;
    }

    private boolean send(IpAddress destination, int sequence) {
        int at = IpHost.HEADER_ROOM;
        int length = IcmpMessage.HEADER_LENGTH + DATA_LENGTH;
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(at + length);
        try {
            buf.setIndex(at, at + length);
            int type = destination.isIpv4() ? IcmpMessage.ECHO_REQUEST : Icmpv6Message.ECHO_REQUEST;
            IcmpMessage.write(buf, at, type, 0, identifier << 16 | sequence);
            for (int i = 0; i < DATA_LENGTH; i++) {
                buf.setByte(at + IcmpMessage.HEADER_LENGTH + i, i);
            }
            IpAddress source = ip.sourceFor(destination);
            int protocol = IpProtocol.ICMP;
            if (destination.isIpv4()) {
                IcmpMessage.writeChecksum(buf, at, length);
            } else {
                protocol = IpProtocol.ICMPV6;
                Icmpv6Message.writeChecksum(buf, at, length, source, destination);
            }
            return ip.send(source, destination, protocol, TIME_TO_LIVE, 0, false, frame.set(buf));
        } finally {
            buf.release();
        }
    }

    /** An echo reply, verified. */
    void receive(IpPacket reply) {
        int sequence = IcmpMessage.sequence(reply.buf(), reply.payload());
        Waiting waiting = requests.get(sequence);
        if (waiting == null
                || IcmpMessage.identifier(reply.buf(), reply.payload()) != identifier
                || !waiting.destination.equals(reply.source())) {
            reply.drop(DropReason.ICMP_NO_FLOW);
            return;
        }
        requests.remove(sequence);
        waiting.timeout.cancel();
        waiting.result.complete(Duration.ofNanos(loop.nanoTime() - waiting.sentAtNanos));
    }

    /** A request went nowhere; false if it is none that waits. */
    boolean unreachable(QuotedPacket quoted, String why) {
        int sequence = quoted.secondWord() & 0xffff;
        Waiting waiting = requests.get(sequence);
        boolean ours = waiting != null
                && quoted.secondWord() >>> 16 == identifier
                && waiting.destination.equals(quoted.destination());
        if (ours) {
            fail(sequence, why);
        }
        return ours;
    }

    private void fail(int sequence, String why) {
        Waiting waiting = requests.remove(sequence);
        if (waiting != null) {
            waiting.timeout.cancel();
            waiting.result.completeExceptionally(new GuestException("ping " + waiting.destination + ": " + why));
        }
    }

    void close() {
        List.copyOf(requests.keySet()).forEach(sequence -> fail(sequence, Guest.UNPLUGGED));
    }
}
