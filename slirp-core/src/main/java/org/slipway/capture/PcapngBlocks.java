package org.slipway.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), appended to a little-endian buffer, which must have room for them.
 * <pre>
 *  0      4              8                        length - 4
 * +------+--------------+------ - - --+--- - - --+--------------+
 * | type | total length | fixed part  | options  | total length |
 * +------+--------------+------ - - --+--- - - --+--------------+
 * </pre>
 * Options are a 16-bit code, a 16-bit length and a value that is padded to four bytes.
 */
final class PcapngBlocks {

    /** Most bytes of a block besides packet data: a name, a description or a comment, and the fixed parts. */
    static final int MAX_OVERHEAD = 2_304;

    /** Most bytes of a text; longer ones are cut. */
    private static final int MAX_TEXT = 1_000;

    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int LINK_TYPE_ETHERNET = 1;

    private static final int END_OF_OPTIONS = 0;
    private static final int COMMENT = 1;
    private static final int SECTION_OS = 3;
    private static final int SECTION_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_DESCRIPTION_TEXT = 3;
    private static final int INTERFACE_TIME_RESOLUTION = 9;
    private static final int PACKET_FLAGS = 2;
    private static final int STATISTICS_RECEIVED = 4;
    private static final int STATISTICS_DROPPED = 5;

    /** Time stamps count units of 10^-9 s. */
    private static final int NANOSECONDS = 9;

    private static final int FLAG_INBOUND = 1;
    private static final int FLAG_OUTBOUND = 2;

    private PcapngBlocks() {}

    /** A buffer of {@code capacity} bytes in the byte order of all blocks. */
    static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins the file: who wrote it, on what system. */
    static void sectionHeader(ByteBuffer out, String os, String application) {
        int start = begin(out, SECTION_HEADER);
        out.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0);
        out.putLong(-1); // the section's length is not known beforehand
        text(out, SECTION_OS, os);
        text(out, SECTION_APPLICATION, application);
        option(out, END_OF_OPTIONS, 0);
        end(out, start);
    }

    /** Describes an interface; its number is its place among these blocks. */
    static void interfaceDescription(ByteBuffer out, CaptureInterface port, int snapLength) {
        int start = begin(out, INTERFACE_DESCRIPTION);
        out.putShort((short) LINK_TYPE_ETHERNET).putShort((short) 0).putInt(snapLength);
        text(out, INTERFACE_NAME, port.name());
        text(out, INTERFACE_DESCRIPTION_TEXT, port.description());
        option(out, INTERFACE_TIME_RESOLUTION, 1);
        out.put((byte) NANOSECONDS);
        pad(out, start);
        option(out, END_OF_OPTIONS, 0);
        end(out, start);
    }

    /** The packet at {@code at} in {@code chunk}, with its direction and, if it was dropped, a comment that says why. */
    static void enhancedPacket(ByteBuffer out, Chunk chunk, int at, @Nullable String comment) {
        int start = begin(out, ENHANCED_PACKET);
        int captured = chunk.capturedLength(at);
        out.putInt(chunk.interfaceId(at));
        time(out, chunk.epochNanos(at));
        out.putInt(captured).putInt(chunk.originalLength(at));
        out.put(chunk.memory().array(), chunk.memory().arrayOffset() + chunk.dataAt(at), captured);
        pad(out, start);
        option(out, PACKET_FLAGS, 4);
        out.putInt(chunk.direction(at) == Direction.INBOUND ? FLAG_INBOUND : FLAG_OUTBOUND);
        if (comment != null) {
            text(out, COMMENT, comment);
        }
        option(out, END_OF_OPTIONS, 0);
        end(out, start);
    }

    /** Ends an interface: how many packets passed it, and how many of them are missing in the file. */
    static void interfaceStatistics(ByteBuffer out, int interfaceId, long epochNanos, long received, long dropped) {
        int start = begin(out, INTERFACE_STATISTICS);
        out.putInt(interfaceId);
        time(out, epochNanos);
        option(out, STATISTICS_RECEIVED, 8);
        out.putLong(received);
        option(out, STATISTICS_DROPPED, 8);
        out.putLong(dropped);
        option(out, END_OF_OPTIONS, 0);
        end(out, start);
    }

    private static int begin(ByteBuffer out, int type) {
        int start = out.position();
        out.putInt(type).putInt(0);
        return start;
    }

    private static void end(ByteBuffer out, int start) {
        int length = out.position() - start + 4;
        out.putInt(length);
        out.putInt(start + 4, length);
    }

    private static void time(ByteBuffer out, long epochNanos) {
        out.putInt((int) (epochNanos >>> 32)).putInt((int) epochNanos);
    }

    private static void option(ByteBuffer out, int code, int length) {
        out.putShort((short) code).putShort((short) length);
    }

    private static void text(ByteBuffer out, int code, String text) {
        if (text.isEmpty()) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] cut = bytes.length <= MAX_TEXT ? bytes : Arrays.copyOf(bytes, MAX_TEXT);
        option(out, code, cut.length);
        int start = out.position();
        out.put(cut);
        pad(out, start);
    }

    private static void pad(ByteBuffer out, int start) {
        while ((out.position() - start & 3) != 0) {
            out.put((byte) 0);
        }
    }
}
