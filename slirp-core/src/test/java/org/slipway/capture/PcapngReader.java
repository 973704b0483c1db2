package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads a pcapng file by the letter of draft-ietf-opsawg-pcapng, sharing nothing with the writer. */
final class PcapngReader {

    @SuppressWarnings("ArrayRecordComponent")
    record Option(int code, byte[] value) {

        String text() {
            return new String(value, StandardCharsets.UTF_8);
        }

        long number() {
            ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
            return value.length == 8 ? bytes.getLong() : value.length == 4 ? bytes.getInt() : bytes.get();
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Block(int type, byte[] fixed, byte[] data, Map<Integer, Option> options) {

        int word(int index) {
            return ByteBuffer.wrap(fixed).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * index);
        }

        String text(int option) {
            Option found = options.get(option);
            return found == null ? "" : found.text();
        }

        long number(int option) {
            return Objects.requireNonNull(options.get(option), "option " + option)
                    .number();
        }

        /** Of a packet or statistics block. */
        long epochNanos() {
            return (long) word(1) << 32 | word(2) & 0xffff_ffffL;
        }
    }

    static final int SECTION = 0x0a0d0d0a;
    static final int INTERFACE = 1;
    static final int STATISTICS = 5;
    static final int PACKET = 6;

    private final List<Block> blocks = new ArrayList<>();

    PcapngReader(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            assertThat(in.remaining()).as("a whole block").isGreaterThanOrEqualTo(12);
            int start = in.position();
            int type = in.getInt();
            int length = in.getInt();
            assertThat(length % 4).isZero();
            assertThat(length).isBetween(12, file.length - start);
            assertThat(in.getInt(start + length - 4)).as("length repeated").isEqualTo(length);
            blocks.add(block(type, in.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN)));
            in.position(start + length);
        }
        assertThat(blocks.get(0).type).isEqualTo(SECTION);
        assertThat(blocks.get(0).word(0)).as("byte order").isEqualTo(0x1a2b3c4d);
        assertThat(blocks.get(0).word(1)).as("version 1.0").isEqualTo(1);
    }

    private static Block block(int type, ByteBuffer body) {
        int fixedLength = switch (type) {
            case SECTION -> 16;
            case INTERFACE -> 8;
            case STATISTICS -> 12;
            case PACKET -> 20;
            default -> throw new AssertionError("block type " + type);
        };
        byte[] fixed = new byte[fixedLength];
        body.get(fixed);
        byte[] data = new byte[type == PACKET ? body.getInt(12) : 0];
        body.get(data);
        align(body);
        return new Block(type, fixed, data, options(body));
    }

    private static Map<Integer, Option> options(ByteBuffer body) {
        Map<Integer, Option> options = new LinkedHashMap<>();
        while (body.hasRemaining()) {
            int code = body.getShort() & 0xffff;
            byte[] value = new byte[body.getShort() & 0xffff];
            if (code == 0) {
                assertThat(value).isEmpty();
                assertThat(body.remaining())
                        .as("nothing behind the end of options")
                        .isZero();
                return options;
            }
            body.get(value);
            align(body);
            assertThat(options.put(code, new Option(code, value))).isNull();
        }
        assertThat(options).as("options without an end").isEmpty();
        return options;
    }

    private static void align(ByteBuffer body) {
        while (body.position() % 4 != 0) {
            assertThat(body.get()).as("padding").isZero();
        }
    }

    List<Block> all() {
        return blocks;
    }

    Block section() {
        return blocks.get(0);
    }

    List<Block> interfaces() {
        return ofType(INTERFACE);
    }

    List<Block> packets() {
        return ofType(PACKET);
    }

    List<Block> statistics() {
        return ofType(STATISTICS);
    }

    private List<Block> ofType(int type) {
        return blocks.stream().filter(block -> block.type == type).toList();
    }
}
