package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.service.DnsUpstream.Transport;
import org.slipway.wire.DnsMessage;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/**
 * A guest's TCP connection to the virtual resolver (RFC 7766): any number of queries, answered in the order in which the
 * answers come.
 */
final class DnsTcpSession implements StreamService.Session {

    /** RFC 7766 6.2.3 wants seconds; enough for a person who types queries. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** A guest that leaves so much unread does not want answers. Four of the largest. */
    static final int MAX_UNSENT_BYTES = 256 * 1024;

    private static final int FIRST_CAPACITY = 512;

    private final DnsRelay relay;
    private final Loop loop;
    private final DropCounters drops;
    private final long station;
    private final StreamService.Output out;

    /** Length and what is there of the message that is coming in. */
    private ByteBuf partial = Unpooled.EMPTY_BUFFER;

    private Timer idle;
    private long activeNanos;
    private int unanswered;
    private boolean inputClosed;
    private boolean ending;
    private boolean closed;

    DnsTcpSession(DnsRelay relay, Loop loop, DropCounters drops, long station, StreamService.Output out) {
        this.relay = relay;
        this.loop = loop;
        this.drops = drops;
        this.station = station;
        this.out = out;
        activeNanos = loop.nanoTime();
        idle = loop.schedule(IDLE_NANOS, this::checkIdle);
    }

    @Override
    public void received(ByteBuf data) {
        int at = data.readerIndex();
        while (at < data.writerIndex() && !ending) {
            if (partial.capacity() == 0) {
                partial = PooledByteBufAllocator.DEFAULT.directBuffer(
                        FIRST_CAPACITY, DnsRelay.LENGTH_PREFIX + DnsRelay.MAX_QUERY_LENGTH);
            }
            int missing = missing();
            int taken = Math.min(missing, data.writerIndex() - at);
            partial.writeBytes(data, at, taken);
            at += taken;
            if (taken == missing) {
                advance();
            }
        }
    }

    /** Bytes that are missing to the length, or else to the message. */
    private int missing() {
        int have = partial.writerIndex();
        return have < DnsRelay.LENGTH_PREFIX
                ? DnsRelay.LENGTH_PREFIX - have
                : DnsRelay.LENGTH_PREFIX + partial.getUnsignedShort(0) - have;
    }

    /** The length or the message is whole. */
    private void advance() {
        int length = partial.getUnsignedShort(0);
        if (length < DnsMessage.HEADER_LENGTH || length > DnsRelay.MAX_QUERY_LENGTH) {
            drops.count(DropReason.DNS_MALFORMED);
            end();
        } else if (partial.writerIndex() > DnsRelay.LENGTH_PREFIX) {
            ask(partial.slice(DnsRelay.LENGTH_PREFIX, length));
            if (!closed) {
                partial.clear();
            }
        }
    }

    private void ask(ByteBuf message) {
        activeNanos = loop.nanoTime();
        unanswered++;
        DropReason reason = relay.ask(station, Transport.TCP, message, this::answer);
        if (reason != null) {
            drops.count(reason);
        }
        if (reason == DropReason.DNS_MALFORMED) {
            end();
        }
    }

    private void answer(ByteBuf message) {
        unanswered--;
        activeNanos = loop.nanoTime();
        if (closed || ending) {
            message.release();
        } else if (out.unsentBytes() > MAX_UNSENT_BYTES) {
            message.release();
            ending = true;
            out.abort();
        } else {
            out.send(message);
            endIfAllIsSaid();
        }
    }

    @Override
    public void inputClosed() {
        inputClosed = true;
        endIfAllIsSaid();
    }

    private void endIfAllIsSaid() {
        if (inputClosed && unanswered == 0) {
            end();
        }
    }

    private void end() {
        if (!ending && !closed) {
            ending = true;
            out.close();
        }
    }

    private void checkIdle() {
        long left = activeNanos + IDLE_NANOS - loop.nanoTime();
        if (left > 0) {
            idle = loop.schedule(left, this::checkIdle);
        } else {
            end();
        }
    }

    @Override
    public void closed() {
        if (!closed) {
            closed = true;
            idle.cancel();
            partial.release();
            relay.sessionClosed(station);
        }
    }
}
