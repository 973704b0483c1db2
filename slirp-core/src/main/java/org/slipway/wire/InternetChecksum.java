package org.slipway.wire;

import io.netty.buffer.ByteBuf;

/**
 * The Internet checksum (RFC 1071): a one's-complement sum of 16-bit words in network byte order, an odd last byte padded
 * with zero. Partial sums are longs that may be added to each other; {@link #fold} and {@link #finish} reduce them.
 */
public final class InternetChecksum {

    private static final long LOW_32 = 0xffff_ffffL;

    private InternetChecksum() {}

    /**
     * The partial sum of {@code length} bytes at {@code at}. Two partial sums may be added only if the first covers an
     * even number of bytes. The result is less than 2^34 for any packet, so thousands may be added without overflow.
     */
    public static long sum(ByteBuf buf, int at, int length) {
        long sum = 0;
        int i = at;
        int end = at + length;
        // Eight bytes at a time: a sum of 32-bit halves folds to the same 16 bits as the sum of 16-bit words.
        for (; end - i >= 8; i += 8) {
            long word = buf.getLong(i);
            sum += (word >>> 32) + (word & LOW_32);
        }
        for (; end - i >= 2; i += 2) {
            sum += buf.getUnsignedShort(i);
        }
        if (i < end) {
            sum += buf.getUnsignedByte(i) << 8;
        }
        return (sum >>> 32) + (sum & LOW_32);
    }

    /** The partial sum of the pseudo header (RFC 9293 3.1, RFC 8200 8.1) for an upper packet of {@code length} bytes. */
    public static long pseudoHeader(IpAddress source, IpAddress destination, int protocol, int length) {
        return addressSum(source) + addressSum(destination) + protocol + length;
    }

    private static long addressSum(IpAddress address) {
        if (address.isIpv4()) {
            return address.ipv4Bits() & LOW_32;
        }
        return (address.high() >>> 32) + (address.high() & LOW_32) + (address.low() >>> 32) + (address.low() & LOW_32);
    }

    /** Folds a partial sum into 16 bits, not inverted: what a device expects in a checksum field that it completes. */
    public static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) folded;
    }

    /** The checksum to store: the folded sum, inverted. Over data that include their own checksum it is 0 if right. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }
}
