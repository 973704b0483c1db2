package org.slipway.tcp;

import java.util.Arrays;
import org.slipway.wire.TcpOptions;

/**
 * Which sequence numbers above the cumulative acknowledgment the peer has (RFC 6675 2 and 4): disjoint ranges, ascending.
 */
final class Scoreboard {

    /** RFC 6675 2: how much must have arrived above a hole for the hole to be a loss. */
    static final int DUPLICATE_THRESHOLD = 3;

    /** Most ranges kept; a peer that reports more is believed no further. */
    private static final int MAX_RANGES = 256;

    private int[] left = new int[8];
    private int[] right = new int[8];
    private int count;

    /** Bytes that the peer has above the cumulative acknowledgment. */
    int bytes() {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += right[i] - left[i];
        }
        return bytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The sequence number behind the highest range. */
    int highest() {
        return right[count - 1];
    }

    /** Takes the blocks of a segment that lie between {@code una} and {@code max}; true if they say something new. */
    boolean update(int una, int max, TcpOptions options) {
        boolean news = false;
        for (int i = 0; i < options.sackCount; i++) {
            int from = options.sackLeft(i);
            int to = options.sackRight(i);
            // Blocks at or below una are reports of duplicates (RFC 2883); blocks beyond max are lies. By distances
            // from
            // una: a block of a quarter of the sequence space stands the right way round to each of its neighbours.
            int flight = max - una;
            boolean inFlight =
                    Integer.compareUnsigned(from - una, flight) < 0 && Integer.compareUnsigned(to - una, flight) <= 0;
            if (inFlight && Seq.lessThan(from, to)) {
                news |= add(from, to);
            }
        }
        return news;
    }

    private boolean add(int from, int to) {
        int first = 0;
        while (first < count && Seq.lessThan(right[first], from)) {
            first++;
        }
        int behind = first;
        int newLeft = from;
        int newRight = to;
        while (behind < count && Seq.atMost(left[behind], to)) {
            newLeft = Seq.min(newLeft, left[behind]);
            newRight = Seq.max(newRight, right[behind]);
            behind++;
        }
        if (behind == first + 1 && newLeft == left[first] && newRight == right[first]) {
            return false;
        }
        if (behind == first && count == MAX_RANGES) {
            return false;
        }
        replace(first, behind, newLeft, newRight);
        return true;
    }

    /** Puts one range in the place of those from {@code first} to before {@code behind}. */
    private void replace(int first, int behind, int newLeft, int newRight) {
        int newCount = count - (behind - first) + 1;
        if (newCount > left.length) {
            left = Arrays.copyOf(left, 2 * left.length);
            right = Arrays.copyOf(right, 2 * right.length);
        }
        System.arraycopy(left, behind, left, first + 1, count - behind);
        System.arraycopy(right, behind, right, first + 1, count - behind);
        left[first] = newLeft;
        right[first] = newRight;
        count = newCount;
    }

    /** Forgets what is below the cumulative acknowledgment. */
    void acknowledge(int una) {
        int gone = 0;
        while (gone < count && Seq.atMost(right[gone], una)) {
            gone++;
        }
        if (gone > 0) {
            System.arraycopy(left, gone, left, 0, count - gone);
            System.arraycopy(right, gone, right, 0, count - gone);
            count -= gone;
        }
        if (count > 0) {
            left[0] = Seq.max(left[0], una);
        }
    }

    /** RFC 6675 4, IsLost: whether enough above {@code seq} has arrived for it to be lost. */
    boolean isLost(int seq, int mss) {
        int ranges = 0;
        int bytes = 0;
        for (int i = count - 1; i >= 0 && Seq.lessThan(seq, left[i]); i--) {
            ranges++;
            bytes += right[i] - left[i];
        }
        return ranges >= DUPLICATE_THRESHOLD || bytes > (DUPLICATE_THRESHOLD - 1) * mss;
    }

    /**
     * RFC 6675 4, SetPipe: bytes in the network between {@code una} and {@code next}.
     *
     * @param retransmitted everything below this that was lost has been sent again
     */
    int pipe(int una, int next, int retransmitted, int mss) {
        int pipe = 0;
        int from = una;
        for (int i = 0; i <= count; i++) {
            int to = i < count ? left[i] : next;
            if (Seq.lessThan(from, to)) {
                pipe += isLost(from, mss) ? 0 : to - from;
                int again = Seq.min(to, retransmitted) - from;
                pipe += Math.max(0, again);
            }
            from = i < count ? right[i] : from;
        }
        return pipe;
    }

    /** How many of the bytes between {@code una} and {@code next} the peer lacks. */
    int missing(int una, int next) {
        int missing = next - una;
        for (int i = 0; i < count && Seq.lessThan(left[i], next); i++) {
            missing -= Seq.min(right[i], next) - left[i];
        }
        return missing;
    }

    /** The first sequence number at or behind {@code from} that the peer lacks. */
    int nextMissing(int from) {
        for (int i = 0; i < count; i++) {
            if (Seq.atMost(left[i], from) && Seq.lessThan(from, right[i])) {
                return right[i];
            }
        }
        return from;
    }

    /** Where the hole that {@code seq} is in ends: at the next range, or at {@code limit}. */
    int endOfHole(int seq, int limit) {
        for (int i = 0; i < count; i++) {
            if (Seq.lessThan(seq, left[i])) {
                return Seq.min(left[i], limit);
            }
        }
        return limit;
    }

    /** Forgets everything. */
    void clear() {
        count = 0;
    }
}
