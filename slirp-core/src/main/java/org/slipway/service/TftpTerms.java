package org.slipway.service;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What client and server agree on for one transfer (RFC 2347).
 *
 * @param blockBytes of a block of data (RFC 2348); fewer only in the last
 * @param windowBlocks how many blocks may be on their way (RFC 7440)
 * @param timeoutSeconds after which the server repeats itself for the first time (RFC 2349)
 * @param accepted the options that the server agrees to, with its values
 */
record TftpTerms(int blockBytes, int windowBlocks, int timeoutSeconds, Map<String, String> accepted) {

    /** RFC 1350 2. */
    static final int DEFAULT_BLOCK_BYTES = 512;

    private static final int MIN_BLOCK_BYTES = 8;
    private static final int MAX_BLOCK_BYTES = 65_464;
    private static final int DEFAULT_TIMEOUT_SECONDS = 1;
    private static final int MAX_TIMEOUT_SECONDS = 255;

    /** Enough for any round trip on a virtual network; more would only fill the guest's queue. */
    static final int MAX_WINDOW_BLOCKS = 64;

    /** What may be on its way; bounds the memory of a transfer. */
    static final int MAX_WINDOW_BYTES = 128 * 1024;

    /**
     * Answers what a client asks for.
     *
     * @param maxBlockBytes the largest block that is not fragmented
     * @param size of the file
     */
    static TftpTerms of(Map<String, String> asked, int maxBlockBytes, long size) {
        Map<String, String> accepted = new LinkedHashMap<>();
        int blockBytes = DEFAULT_BLOCK_BYTES;
        int windowAsked = 0;
        int timeoutSeconds = DEFAULT_TIMEOUT_SECONDS;
        for (Map.Entry<String, String> option : asked.entrySet()) {
            int value = number(option.getValue());
            switch (option.getKey()) {
                case "blksize" -> {
                    if (value >= MIN_BLOCK_BYTES) {
                        blockBytes = Math.min(Math.min(value, MAX_BLOCK_BYTES), maxBlockBytes);
                        accepted.put("blksize", Integer.toString(blockBytes));
                    }
                }
                case "windowsize" -> {
                    if (value >= 1) {
                        windowAsked = value;
                    }
                }
                case "timeout" -> {
                    if (value >= 1 && value <= MAX_TIMEOUT_SECONDS) {
                        timeoutSeconds = value;
                        accepted.put("timeout", Integer.toString(value));
                    }
                }
                case "tsize" -> accepted.put("tsize", Long.toString(size));
                default -> {
                    // RFC 2347: what the server does not know it leaves out.
                }
            }
        }
        int windowMost = Math.max(1, Math.min(MAX_WINDOW_BLOCKS, MAX_WINDOW_BYTES / blockBytes));
        int windowBlocks = Math.max(1, Math.min(windowAsked, windowMost));
        if (windowAsked > 0) {
            accepted.put("windowsize", Integer.toString(windowBlocks));
        }
        return new TftpTerms(blockBytes, windowBlocks, timeoutSeconds, accepted);
    }

    /** A decimal number, as large as it may be; -1 if it is none. */
    private static int number(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Integer.parseInt(text);
    }
}
