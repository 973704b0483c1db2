package org.slipway.tcp;

/** Arithmetic on 32-bit sequence numbers, which wrap (RFC 9293 3.4). Sums are plain {@code +}; orders are here. */
public final class Seq {

    private Seq() {}

    /** Whether {@code a} comes before {@code b}. */
    public static boolean lessThan(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code a} comes before {@code b} or is equal to it. */
    public static boolean atMost(int a, int b) {
        return a - b <= 0;
    }

    /** The later one. */
    public static int max(int a, int b) {
        return lessThan(a, b) ? b : a;
    }

    /** The earlier one. */
    public static int min(int a, int b) {
        return lessThan(a, b) ? a : b;
    }

    /** Whether {@code seq} is one of the {@code size} numbers from {@code start} on. */
    public static boolean inWindow(int seq, int start, int size) {
        return Integer.compareUnsigned(seq - start, size) < 0;
    }
}
