package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/**
 * The options of one TCP header: MSS (RFC 9293 3.7.1), window scale and time stamps (RFC 7323), SACK (RFC 2018).
 * A mutable value, to be filled again for each segment; unknown options are skipped, as RFC 9293 3.1 (MUST-6) asks.
 */
public final class TcpOptions {

    /** Most SACK blocks that fit into one header. */
    public static final int MAX_SACK_BLOCKS = 4;

    /** Largest window scale (RFC 7323 2.3); a greater one in a SYN is taken as this. */
    public static final int MAX_WINDOW_SCALE = 14;

    /** RFC 9293 3.1: the data offset counts fifteen words at most, five of which are the header's own. */
    private static final int MAX_LENGTH = TcpHeader.MAX_LENGTH - TcpHeader.MIN_LENGTH;

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    /** Maximum segment size in bytes, or -1 if absent. */
    public int mss = -1;

    /** Shift of the window, 0 to 14, or -1 if absent. */
    public int windowScale = -1;

    /** Whether the sender takes SACK. */
    public boolean sackPermitted;

    /** Whether {@link #timestampValue} and {@link #timestampEcho} are there. */
    public boolean timestamps;

    public int timestampValue;
    public int timestampEcho;

    /** How many SACK blocks there are, 0 to 4. */
    public int sackCount;

    private final int[] sackEdges = new int[2 * MAX_SACK_BLOCKS];

    /** Forgets everything. Returns itself. */
    public TcpOptions clear() {
        mss = -1;
        windowScale = -1;
        sackPermitted = false;
        timestamps = false;
        timestampValue = 0;
        timestampEcho = 0;
        sackCount = 0;
        return this;
    }

    /** First sequence number of SACK block {@code i}. */
    public int sackLeft(int i) {
        return sackEdges[2 * i];
    }

    /** The sequence number behind SACK block {@code i}. */
    public int sackRight(int i) {
        return sackEdges[2 * i + 1];
    }

    /** Adds a SACK block, if there is room for it. */
    public void addSack(int left, int right) {
        if (sackCount < MAX_SACK_BLOCKS) {
            sackEdges[2 * sackCount] = left;
            sackEdges[2 * sackCount + 1] = right;
            sackCount++;
        }
    }

    /**
     * Reads {@code length} bytes of options at {@code at}. An option whose length is wrong ends the reading: what came
     * before it counts (RFC 9293 3.1, MUST-7: be prepared to handle an illegal option length).
     */
    public void parse(ByteBuf buf, int at, int length) {
        clear();
        int end = at + length;
        int i = at;
        while (i < end) {
            int kind = buf.getUnsignedByte(i);
            if (kind == END) {
                return;
            }
            if (kind == NO_OPERATION) {
                i++;
                continue;
            }
            int optionLength = i + 1 < end ? buf.getUnsignedByte(i + 1) : 0;
            if (optionLength < 2 || i + optionLength > end) {
                return;
            }
            parseOption(buf, i + 2, kind, optionLength - 2);
            i += optionLength;
        }
    }

    private void parseOption(ByteBuf buf, int at, int kind, int length) {
        switch (kind) {
            case MSS -> mss = length == 2 ? buf.getUnsignedShort(at) : mss;
            case WINDOW_SCALE ->
                windowScale = length == 1 ? Math.min(buf.getUnsignedByte(at), MAX_WINDOW_SCALE) : windowScale;
            case SACK_PERMITTED -> sackPermitted |= length == 0;
            case TIMESTAMPS -> {
                if (length == 8) {
                    timestamps = true;
                    timestampValue = buf.getInt(at);
                    timestampEcho = buf.getInt(at + 4);
                }
            }
            case SACK -> {
                for (int i = 0; length % 8 == 0 && i < length; i += 8) {
                    addSack(buf.getInt(at + i), buf.getInt(at + i + 4));
                }
            }
            default -> {}
        }
    }

    /** Bytes that {@link #emit} writes: a multiple of four, 40 at most. */
    public int length() {
        int blocks = emittedSackCount();
        return lengthWithoutSack() + (blocks > 0 ? 4 + 8 * blocks : 0);
    }

    private int lengthWithoutSack() {
        int length = 0;
        length += mss >= 0 ? 4 : 0;
        length += windowScale >= 0 ? 4 : 0;
        length += sackPermitted && !timestamps ? 4 : 0;
        length += timestamps ? 12 : 0;
        return length;
    }

    /** As many blocks as the other options leave room for: with time stamps three (RFC 2018 3). */
    private int emittedSackCount() {
        return Math.min(sackCount, (MAX_LENGTH - lengthWithoutSack() - 4) / 8);
    }

    /** Writes {@link #length} bytes at {@code at}, in the order and with the padding that Linux uses. */
    public void emit(ByteBuf buf, int at) {
        int i = at;
        if (mss >= 0) {
            buf.setInt(i, MSS << 24 | 4 << 16 | mss);
            i += 4;
        }
        if (timestamps) {
            int padding = sackPermitted ? SACK_PERMITTED << 24 | 2 << 16 : NO_OPERATION << 24 | NO_OPERATION << 16;
            buf.setInt(i, padding | TIMESTAMPS << 8 | 10);
            buf.setInt(i + 4, timestampValue);
            buf.setInt(i + 8, timestampEcho);
            i += 12;
        } else if (sackPermitted) {
            buf.setInt(i, NO_OPERATION << 24 | NO_OPERATION << 16 | SACK_PERMITTED << 8 | 2);
            i += 4;
        }
        if (windowScale >= 0) {
            buf.setInt(i, NO_OPERATION << 24 | WINDOW_SCALE << 16 | 3 << 8 | windowScale);
            i += 4;
        }
        int blocks = emittedSackCount();
        if (blocks > 0) {
            buf.setInt(i, NO_OPERATION << 24 | NO_OPERATION << 16 | SACK << 8 | 2 + 8 * blocks);
            i += 4;
            for (int block = 0; block < blocks; block++) {
                buf.setInt(i, sackLeft(block));
                buf.setInt(i + 4, sackRight(block));
                i += 8;
            }
        }
    }
}
