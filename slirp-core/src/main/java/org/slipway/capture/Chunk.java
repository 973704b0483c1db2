package org.slipway.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.UdpDatagram;

/**
 * A piece of memory with copies of packets, one behind the other. The loop fills it, then one other thread reads it.
 * <pre>
 *  0         4           8       16         20         24      28          32             36       40
 * +---------+-----------+-------+----------+----------+-------+-----------+--------------+--------+----- - -
 * | length  | interface | nanos | original | captured | flags | sum start | sum stored   | number | bytes
 * |         |           |       | length   | length   |       | or 0      | (from start) |        |
 * +---------+-----------+-------+----------+----------+-------+-----------+--------------+--------+----- - -
 * </pre>
 * Flags: bit 0 is set for outbound; from bit 8 on one more than the ordinal of the drop reason, or 0.
 */
final class Chunk {

    private static final int INTERFACE = 4;
    private static final int NANOS = 8;
    private static final int ORIGINAL_LENGTH = 16;
    private static final int CAPTURED_LENGTH = 20;
    private static final int FLAGS = 24;
    private static final int SUM_START = 28;
    private static final int SUM_OFFSET = 32;
    private static final int NUMBER = 36;
    private static final int HEADER_LENGTH = 44;

    private static final int OUTBOUND = 1;
    private static final int REASON_SHIFT = 8;
    private static final DropReason[] REASONS = DropReason.values();

    private final int id;
    private final ByteBuf memory;
    private int used;
    private int packets;
    private boolean filling;

    /** An empty chunk of {@code capacity} bytes; {@code id} tells it from others of its queue. */
    Chunk(int id, int capacity) {
        this.id = id;
        memory = Unpooled.wrappedBuffer(new byte[capacity]);
    }

    /** Number of this chunk in its queue. */
    int id() {
        return id;
    }

    /** The memory in which {@link #dataAt} and {@link #capturedLength} delimit a packet's bytes. */
    ByteBuf memory() {
        return memory;
    }

    /** Bytes that are filled: packets stand at 0 and from there at {@link #next}, below this. */
    int used() {
        return used;
    }

    /** How many packets it holds. */
    int packets() {
        return packets;
    }

    /** Whether it belongs to the loop, and drop reasons may still be set. */
    boolean isFilling() {
        return filling;
    }

    /** Makes it empty, to be filled. */
    void startFilling() {
        used = 0;
        packets = 0;
        filling = true;
    }

    /** The loop lets go of it. */
    void stopFilling() {
        filling = false;
    }

    /** Whether {@code captured} bytes of a packet fit. */
    boolean fits(int captured) {
        return memory.capacity() - used >= HEADER_LENGTH + captured;
    }

    /** Copies a frame's first {@code captured} bytes, which must fit. Returns where the packet stands. */
    int add(Frame frame, int captured, int interfaceId, Direction direction, long epochNanos, int number) {
        int at = used;
        memory.setInt(at, HEADER_LENGTH + captured);
        memory.setInt(at + INTERFACE, interfaceId);
        memory.setLong(at + NANOS, epochNanos);
        memory.setInt(at + ORIGINAL_LENGTH, frame.length());
        memory.setInt(at + CAPTURED_LENGTH, captured);
        memory.setInt(at + FLAGS, direction == Direction.OUTBOUND ? OUTBOUND : 0);
        memory.setInt(at + SUM_START, frame.needsChecksum() ? frame.checksumStart() : 0);
        memory.setInt(at + SUM_OFFSET, frame.needsChecksum() ? frame.checksumOffset() : 0);
        memory.setInt(at + NUMBER, number);
        ByteBuf head = frame.head();
        ByteBuf body = frame.body();
        int fromHead = Math.min(captured, head.readableBytes());
        head.getBytes(head.readerIndex(), memory, at + HEADER_LENGTH, fromHead);
        if (body != null && captured > fromHead) {
            body.getBytes(body.readerIndex(), memory, at + HEADER_LENGTH + fromHead, captured - fromHead);
        }
        used = at + HEADER_LENGTH + captured;
        packets++;
        return at;
    }

    /** Notes why the packet at {@code at} went no further. */
    void dropped(int at, DropReason reason) {
        int direction = memory.getInt(at + FLAGS) & OUTBOUND;
        memory.setInt(at + FLAGS, direction | reason.ordinal() + 1 << REASON_SHIFT);
    }

    /** Where the packet behind the one at {@code at} stands. */
    int next(int at) {
        return at + memory.getInt(at);
    }

    /** Which of the recording's interfaces the packet passed. */
    int interfaceId(int at) {
        return memory.getInt(at + INTERFACE);
    }

    /** When it passed, in nanoseconds since 1970. */
    long epochNanos(int at) {
        return memory.getLong(at + NANOS);
    }

    /** Length of the frame in bytes. */
    int originalLength(int at) {
        return memory.getInt(at + ORIGINAL_LENGTH);
    }

    /** How many of its bytes were copied. */
    int capturedLength(int at) {
        return memory.getInt(at + CAPTURED_LENGTH);
    }

    /** Which way it passed. */
    Direction direction(int at) {
        return (memory.getInt(at + FLAGS) & OUTBOUND) == 0 ? Direction.INBOUND : Direction.OUTBOUND;
    }

    /** Why it went no further, or null. */
    @Nullable
    DropReason dropReason(int at) {
        int reason = memory.getInt(at + FLAGS) >>> REASON_SHIFT;
        return reason == 0 ? null : REASONS[reason - 1];
    }

    /** The number that it was added with. */
    int number(int at) {
        return memory.getInt(at + NUMBER);
    }

    /** Where its bytes begin in {@link #memory}. */
    int dataAt(int at) {
        return at + HEADER_LENGTH;
    }

    /** Fills in the checksum that was left to a device, if the whole frame is here. */
    void completeChecksum(int at) {
        int start = memory.getInt(at + SUM_START);
        int offset = memory.getInt(at + SUM_OFFSET);
        int captured = capturedLength(at);
        if (offset <= 0 || start < 0 || start + offset + 2 > captured || captured < originalLength(at)) {
            return;
        }
        int checksum = InternetChecksum.finish(InternetChecksum.sum(memory, dataAt(at) + start, captured - start));
        // In one's complement 0xffff is zero as well, and UDP keeps 0 for "none" (RFC 768).
        boolean zeroMeansNone = offset == UdpDatagram.CHECKSUM;
        memory.setShort(dataAt(at) + start + offset, checksum == 0 && zeroMeansNone ? 0xffff : checksum);
        memory.setInt(at + SUM_OFFSET, 0);
    }
}
