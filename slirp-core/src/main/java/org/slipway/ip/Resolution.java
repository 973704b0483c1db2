package org.slipway.ip;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Timer;

/** The search for one neighbour, and the packets that wait for its end. */
final class Resolution {

    /** What a burst needs that starts a conversation; Linux keeps 101 packets, libslirp any number. */
    static final int MAX_PACKETS = 32;

    private final Queue<WaitingPacket> packets = new ArrayDeque<>();
    private final long share;
    private int bytes;
    private int requests;
    private @Nullable Timer timer;

    /** A search that counts to {@code share}. */
    Resolution(long share) {
        this.share = share;
    }

    long share() {
        return share;
    }

    /** Bytes that wait. */
    int bytes() {
        return bytes;
    }

    boolean isFull() {
        return packets.size() >= MAX_PACKETS;
    }

    void add(WaitingPacket packet) {
        packets.add(packet);
        bytes += packet.length();
    }

    /** The packet that waits longest, which the caller releases, or null. */
    @Nullable
    WaitingPacket poll() {
        WaitingPacket packet = packets.poll();
        if (packet != null) {
            bytes -= packet.length();
        }
        return packet;
    }

    /** Counts one more request to the neighbour. */
    void requested(Timer nextTry) {
        requests++;
        timer = nextTry;
    }

    int requests() {
        return requests;
    }

    void cancelTimer() {
        Timer pending = timer;
        if (pending != null) {
            pending.cancel();
        }
    }
}
