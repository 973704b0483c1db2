package org.slipway.ip;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Whose share gives way when there is too much of something in all. */
final class Greediest {

    private Greediest() {}

    /** The share that has most of {@code all} by {@code weight}; of several, that of the first. UNKNOWN if nobody has any. */
    static <T> long share(Iterable<T> all, ToLongFunction<T> share, ToIntFunction<T> weight) {
        LongObjectMap<int[]> sums = new LongObjectHashMap<>();
        for (T each : all) {
            sums.computeIfAbsent(share.applyAsLong(each), unused -> new int[1])[0] += weight.applyAsInt(each);
        }
        long greediest = IpHost.UNKNOWN;
        int most = 0;
        for (T each : all) {
            int sum = sums.get(share.applyAsLong(each))[0];
            if (sum > most) {
                most = sum;
                greediest = share.applyAsLong(each);
            }
        }
        return greediest;
    }
}
