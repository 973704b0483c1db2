package org.slipway.tcp;

import java.util.Arrays;

/**
 * What has been sent and is not acknowledged cumulatively: pieces of the sequence space, one behind the other, each with the
 * time it was last sent and what became of it. It is the scoreboard of RFC 6675 and the transmit times of RFC 8985 5.2 in one.
 * A piece is what was sent at once, up to 64 KiB; reports about a part of it cut it.
 */
final class Flight {

    /** Four megabytes in packets of 1,460 bytes are 2,873. Beyond, neighbours are taken together and reports are not taken. */
    static final int MAX_PIECES = 4096;

    /** The peer has it (RFC 2018). */
    private static final byte SACKED = 1;

    /** It is to be sent again. */
    private static final byte LOST = 2;

    /** It was sent again: its acknowledgment may be that of an earlier transmission. */
    private static final byte REPEATED = 4;

    private int[] starts = new int[8];
    private long[] times = new long[8];
    private byte[] marks = new byte[8];

    /** Where in the arrays the first piece stands, and how many there are. */
    private int first;

    private int count;

    /** The sequence number behind the last piece. */
    private int end;

    private int sackedBytes;
    private int lostBytes;

    /** No piece below this is lost. */
    private int lostFrom;

    /** No piece behind this was repeated. */
    private int repeatedTo;

    /** When something was last sent again, and what was behind all that was in flight then. */
    private long repeatedAt;

    private int endWhenRepeated;

    /** Begins anew, with nothing in flight, at {@code seq}. */
    void clear(int seq) {
        first = 0;
        count = 0;
        end = seq;
        sackedBytes = 0;
        lostBytes = 0;
        lostFrom = seq;
        repeatedTo = seq;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** How many pieces there are. */
    int count() {
        return count;
    }

    /** The first sequence number of piece {@code i}. */
    int start(int i) {
        return starts[first + i];
    }

    /** The sequence number behind piece {@code i}. */
    int end(int i) {
        return i + 1 < count ? starts[first + i + 1] : end;
    }

    /** When piece {@code i} was last sent. */
    long sentAt(int i) {
        return times[first + i];
    }

    boolean isRepeated(int i) {
        return (marks[first + i] & REPEATED) != 0;
    }

    /** Whether piece {@code i} is thought to be in the network. */
    boolean isInNetwork(int i) {
        return (marks[first + i] & (SACKED | LOST)) == 0;
    }

    /**
     * Whether piece {@code i} was sent before one that was sent at {@code time} and ends at {@code to}. In one turn, what is
     * lost goes before what is new.
     */
    boolean isSentBefore(int i, long time, int to) {
        long own = sentAt(i);
        if (own != time) {
            return own - time < 0;
        }
        return isRepeated(i) ? own == repeatedAt && Seq.lessThan(endWhenRepeated, to) : Seq.lessThan(end(i), to);
    }

    /** Bytes that the peer has reported above a hole. */
    int sackedBytes() {
        return sackedBytes;
    }

    /** Bytes that wait to be sent again. */
    int lostBytes() {
        return lostBytes;
    }

    /** RFC 6675 4, SetPipe: bytes thought to be in the network. */
    int pipe() {
        return count == 0 ? 0 : end - starts[first] - sackedBytes - lostBytes;
    }

    /** The sequence number behind all that was sent again. */
    int repeatedTo() {
        return repeatedTo;
    }

    // ---- sending

    /** New bytes up to {@code to} were sent. */
    void sent(int to, long now) {
        int last = first + count - 1;
        boolean full = count == MAX_PIECES;
        if (count > 0 && marks[last] == 0 && (full || times[last] == now)) {
            times[last] = now;
        } else if (full) {
            // The report about the last piece is forgotten: it is sent again in the end, at worst.
            forget(count - 1);
            times[last] = now;
        } else {
            insert(count, end, now, (byte) 0);
        }
        end = to;
    }

    /** The bytes from {@code from} up to {@code to} were sent again; several pieces only if all of them are lost. */
    void sentAgain(int from, int to, long now) {
        if (repeatedAt != now || repeatedTo == starts[first]) {
            repeatedAt = now;
            endWhenRepeated = end;
        }
        int i = cut(from);
        int behind = Math.max(i + 1, cut(to));
        for (int k = i; k < behind; k++) {
            forget(k);
        }
        remove(i + 1, behind - i - 1);
        marks[first + i] = REPEATED;
        times[first + i] = now;
        repeatedTo = Seq.max(repeatedTo, end(i));
        if (i > 0 && marks[first + i - 1] == REPEATED && times[first + i - 1] == now) {
            remove(i, 1);
        }
    }

    /** The first lost piece; there must be one. */
    int firstLost() {
        int i = indexOf(Seq.max(lostFrom, starts[first]));
        while ((marks[first + i] & LOST) == 0) {
            i++;
        }
        lostFrom = start(i);
        return i;
    }

    /** The sequence number behind the lost pieces that follow each other from piece {@code i} on, {@code most} bytes at most. */
    int lostTo(int i, int most) {
        int last = i;
        while (end(last) - start(i) < most && last + 1 < count && (marks[first + last + 1] & LOST) != 0) {
            last++;
        }
        return Seq.min(end(last), start(i) + most);
    }

    // ---- what the peer says

    /** Everything below {@code una} has arrived; tells {@code rack} of what is new. */
    void acknowledge(int una, Rack rack) {
        while (count > 0 && Seq.lessThan(starts[first], una)) {
            int to = Seq.min(end(0), una);
            byte mark = marks[first];
            int length = to - starts[first];
            if ((mark & SACKED) == 0) {
                rack.delivered(times[first], to, length, (mark & REPEATED) != 0);
            }
            sackedBytes -= (mark & SACKED) != 0 ? length : 0;
            lostBytes -= (mark & LOST) != 0 ? length : 0;
            if (to == end(0)) {
                first++;
                count--;
            } else {
                starts[first] = to;
            }
        }
        if (count == 0) {
            clear(una);
        } else if ((marks[first] & SACKED) != 0) {
            // RFC 2018 8: it would be acknowledged if the peer still had it.
            forgetSacks();
        }
        lostFrom = Seq.max(lostFrom, una);
        repeatedTo = Seq.max(repeatedTo, una);
    }

    /** The peer has what is between {@code from} and {@code to}, both in flight; tells {@code rack} of what is new. */
    void sack(int from, int to, Rack rack) {
        int i = cut(from);
        if (i < count && start(i) != from) {
            // No room to cut: what is reported in part only counts as not reported.
            i++;
        }
        int behind = cut(to);
        for (int k = i; k < behind; k++) {
            if ((marks[first + k] & SACKED) == 0) {
                rack.delivered(times[first + k], end(k), end(k) - start(k), isRepeated(k));
                forget(k);
                marks[first + k] |= SACKED;
                sackedBytes += end(k) - start(k);
            }
        }
        // One piece of all that touch.
        int low = i > 0 && i < behind && (marks[first + i - 1] & SACKED) != 0 ? i - 1 : i;
        int high = behind < count && i < behind && (marks[first + behind] & SACKED) != 0 ? behind + 1 : behind;
        if (high - low > 1) {
            remove(low + 1, high - low - 1);
        }
    }

    /** RFC 2018 8: the peer has dropped what it had reported. */
    void forgetSacks() {
        for (int i = 0; i < count; i++) {
            marks[first + i] &= ~SACKED;
        }
        sackedBytes = 0;
    }

    /** Piece {@code i}, which is in the network, is lost. */
    void lose(int i) {
        marks[first + i] |= LOST;
        lostBytes += end(i) - start(i);
        lostFrom = Seq.min(lostFrom, start(i));
    }

    /** The bytes from {@code from} up to {@code to} are lost, as far as the piece reaches that {@code from} is in. */
    void lose(int from, int to) {
        int i = cut(from);
        cut(to);
        if (isInNetwork(i)) {
            lose(i);
        }
    }

    /** All that is in the network is lost. */
    void loseAll() {
        for (int i = 0; i < count; i++) {
            if (isInNetwork(i)) {
                lose(i);
            }
        }
    }

    /** Nothing was lost after all. */
    void forgetLosses() {
        for (int i = 0; i < count && lostBytes > 0; i++) {
            marks[first + i] &= ~LOST;
        }
        lostBytes = 0;
    }

    // ---- the pieces

    /** Piece {@code i} counts as in the network. */
    private void forget(int i) {
        int length = end(i) - start(i);
        byte mark = marks[first + i];
        sackedBytes -= (mark & SACKED) != 0 ? length : 0;
        lostBytes -= (mark & LOST) != 0 ? length : 0;
        marks[first + i] = (byte) (mark & ~(SACKED | LOST));
    }

    /** The piece that {@code seq} is in; it must be in one. */
    private int indexOf(int seq) {
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Seq.atMost(starts[first + middle], seq)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Sees to it that a piece begins at {@code seq}, if there is room for another; returns the piece that it is in. */
    private int cut(int seq) {
        if (seq == end) {
            return count;
        }
        int i = indexOf(seq);
        if (starts[first + i] == seq || count == MAX_PIECES) {
            return i;
        }
        insert(i + 1, seq, times[first + i], marks[first + i]);
        return i + 1;
    }

    private void insert(int i, int seq, long time, byte mark) {
        if (first + count == starts.length) {
            makeRoom();
        }
        int at = first + i;
        System.arraycopy(starts, at, starts, at + 1, count - i);
        System.arraycopy(times, at, times, at + 1, count - i);
        System.arraycopy(marks, at, marks, at + 1, count - i);
        starts[at] = seq;
        times[at] = time;
        marks[at] = mark;
        count++;
    }

    private void makeRoom() {
        int capacity = starts.length;
        if (first < capacity / 2) {
            starts = Arrays.copyOf(starts, 2 * capacity);
            times = Arrays.copyOf(times, 2 * capacity);
            marks = Arrays.copyOf(marks, 2 * capacity);
        }
        System.arraycopy(starts, first, starts, 0, count);
        System.arraycopy(times, first, times, 0, count);
        System.arraycopy(marks, first, marks, 0, count);
        first = 0;
    }

    /** Joins {@code removed} pieces from {@code i} on to the one before. */
    private void remove(int i, int removed) {
        int from = first + i + removed;
        int left = count - i - removed;
        System.arraycopy(starts, from, starts, first + i, left);
        System.arraycopy(times, from, times, first + i, left);
        System.arraycopy(marks, from, marks, first + i, left);
        count -= removed;
    }
}
