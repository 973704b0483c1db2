package org.slipway.nat;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.function.LongConsumer;
import java.util.function.LongToIntFunction;

/**
 * What TCP holds for guests: bytes of hosts that the guest has not acknowledged, bytes of the guest that the host's sockets have
 * not taken, and what came before its turn. Bounded in all, and for each share at what is left for all others; one that has
 * more is short until it has given back a half.
 *
 * <p>Of a share that is short, the host's sockets are not read, and data of the guest are dropped, so that it sends them again.
 * Excepted are flows that hold nothing, if they are so few that this leaves enough for others: a guest whose downloads all stand
 * still can use its other connections.
 */
final class TcpMemory {

    /** Of all guests: half of the direct memory that the launcher gives to the JVM. */
    static final int MAX_BYTES = 128 << 20;

    /** One share; and as much again at most for flows that held nothing. */
    static final int MAX_BYTES_OF_A_SHARE = MAX_BYTES / 4;

    /** What one more read or frame may bring. */
    static final int MAX_PIECE = 65_536;

    private static final class Share {
        long bytes;
        boolean isShort;
    }

    private final LongObjectMap<Share> shares = new LongObjectHashMap<>();
    private final LongToIntFunction flowsOf;
    private final LongConsumer changed;
    private long all;

    /**
     * @param flowsOf how many flows a share has
     * @param changed told of a share that has become short, or is short no longer
     */
    TcpMemory(LongToIntFunction flowsOf, LongConsumer changed) {
        this.flowsOf = flowsOf;
        this.changed = changed;
    }

    /** Whether a flow of {@code share} that holds {@code held} bytes in one direction may take one more piece there. */
    boolean mayGrow(long share, int held) {
        Share own = shares.get(share);
        if (own == null || !own.isShort) {
            return true;
        }
        long pieces = (long) flowsOf.applyAsInt(share) * MAX_PIECE;
        return held == 0 && pieces <= Math.min(MAX_BYTES_OF_A_SHARE, (MAX_BYTES - all) / 2);
    }

    /** A flow of {@code share} holds so many {@code bytes} more, or less. */
    void add(long share, long bytes) {
        Share own = shares.get(share);
        if (own == null) {
            if (bytes == 0) {
                return;
            }
            own = new Share();
            shares.put(share, own);
        }
        own.bytes += bytes;
        all += bytes;
        if (own.bytes == 0) {
            shares.remove(share);
        }
        long most = Math.min(MAX_BYTES_OF_A_SHARE, MAX_BYTES - all);
        if (!own.isShort && own.bytes > most) {
            own.isShort = true;
            changed.accept(share);
        } else if (own.isShort && own.bytes <= Math.max(0, most / 2)) {
            own.isShort = false;
            changed.accept(share);
        }
    }

    /** Bytes of all shares. */
    long bytes() {
        return all;
    }
}
