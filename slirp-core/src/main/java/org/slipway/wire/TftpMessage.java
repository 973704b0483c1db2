package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A TFTP message (RFC 1350 5), with options (RFC 2347). Text is ISO 8859-1, so that every byte but NUL is itself.
 * <pre>
 *  2 bytes   string   1    string   1    string   1   string   1
 * +--------+--------+----+--------+----+--------+----+-------+----+
 * | 01, 02 |  file  | 00 |  mode  | 00 |  name  | 00 | value | 00 |  RRQ, WRQ; any number of options
 * +--------+--------+----+--------+----+--------+----+-------+----+
 * |   03   | block (2)   | data                                   |  DATA
 * |   04   | block (2)   |                                           ACK
 * |   05   | code (2)    | string | 00 |                             ERROR
 * |   06   | name   | 00 | value  | 00 |                             OACK; any number of options
 * </pre>
 */
public sealed interface TftpMessage {

    /** Where requests go; everything else goes between ports of the transfer's own (RFC 1350 4). */
    int PORT = 69;

    /** Bytes in front of the data of a block. */
    int DATA_HEADER_LENGTH = 4;

    /** Larger than a request with every option there is. */
    int MAX_OPTIONS = 16;

    /** Appends the message at the writer index. */
    void emit(ByteBuf buf);

    /**
     * RRQ or WRQ: a client wants to read or write a file.
     *
     * @param write whether to write
     * @param mode in whatever case
     * @param options by name in lower case, in order
     */
    record Request(boolean write, String file, String mode, Map<String, String> options) implements TftpMessage {

        public Request {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }

        @Override
        public void emit(ByteBuf buf) {
            buf.writeShort(write ? TftpOperation.WRITE_REQUEST : TftpOperation.READ_REQUEST);
            TftpStrings.write(buf, file);
            TftpStrings.write(buf, mode);
            TftpStrings.write(buf, options);
        }
    }

    /**
     * DATA: what stands in front of the bytes.
     *
     * @param block 0 to 65,535: the number of a block, from 1 on, without its higher bits
     */
    record Data(int block) implements TftpMessage {

        @Override
        public void emit(ByteBuf buf) {
            buf.writeShort(TftpOperation.DATA).writeShort(block);
        }
    }

    /**
     * ACK: a block has come, and with a window all before it (RFC 7440).
     *
     * @param block as in {@link Data}; 0 acknowledges options
     */
    record Acknowledgment(int block) implements TftpMessage {

        @Override
        public void emit(ByteBuf buf) {
            buf.writeShort(TftpOperation.ACKNOWLEDGMENT).writeShort(block);
        }
    }

    /** ERROR: the transfer is over. */
    record Failure(int code, String text) implements TftpMessage {

        public static final int NOT_DEFINED = 0;
        public static final int FILE_NOT_FOUND = 1;
        public static final int ACCESS_VIOLATION = 2;
        public static final int ILLEGAL_OPERATION = 4;
        public static final int UNKNOWN_TRANSFER_ID = 5;

        @Override
        public void emit(ByteBuf buf) {
            buf.writeShort(TftpOperation.ERROR).writeShort(code);
            TftpStrings.write(buf, text);
        }
    }

    /** OACK: the options that the server agrees to, with its values. */
    record OptionAcknowledgment(Map<String, String> options) implements TftpMessage {

        public OptionAcknowledgment {
            options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        }

        @Override
        public void emit(ByteBuf buf) {
            buf.writeShort(TftpOperation.OPTION_ACKNOWLEDGMENT);
            TftpStrings.write(buf, options);
        }
    }

    /** Why the {@code length} bytes at {@code at} are no message, or null if {@link #parse} gives one. */
    static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return parse(buf, at, length) == null ? DropReason.TFTP_MALFORMED : null;
    }

    /**
     * The message in the {@code length} bytes at {@code at}, or null if it is cut off, has an unterminated string, or is
     * none. An empty name ends the options: some firmware pads its requests. Of an option that is there twice, the first
     * counts (RFC 2347 forbids the second).
     */
    static @Nullable TftpMessage parse(ByteBuf buf, int at, int length) {
        if (length < Short.BYTES) {
            return null;
        }
        int operation = buf.getUnsignedShort(at);
        int end = at + length;
        TftpStrings strings = new TftpStrings(buf, at + Short.BYTES, end);
        if (operation == TftpOperation.READ_REQUEST || operation == TftpOperation.WRITE_REQUEST) {
            return parseRequest(operation == TftpOperation.WRITE_REQUEST, strings);
        }
        if (operation == TftpOperation.OPTION_ACKNOWLEDGMENT) {
            Map<String, String> options = strings.options();
            return options == null ? null : new OptionAcknowledgment(options);
        }
        if (length < DATA_HEADER_LENGTH) {
            return null;
        }
        int number = buf.getUnsignedShort(at + 2);
        return switch (operation) {
            case TftpOperation.DATA -> new Data(number);
            case TftpOperation.ACKNOWLEDGMENT -> new Acknowledgment(number);
            // Not every client ends the text.
            case TftpOperation.ERROR -> new Failure(number, TftpStrings.text(buf, at + DATA_HEADER_LENGTH, end));
            default -> null;
        };
    }

    private static @Nullable TftpMessage parseRequest(boolean write, TftpStrings strings) {
        String file = strings.next();
        String mode = strings.next();
        Map<String, String> options = strings.options();
        return file == null || mode == null || options == null ? null : new Request(write, file, mode, options);
    }
}
