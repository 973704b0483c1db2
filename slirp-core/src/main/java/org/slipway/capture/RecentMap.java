package org.slipway.capture;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets what was not asked for the longest, once it has {@code limit} entries: guests cannot make it grow. */
final class RecentMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1;

    private final int limit;

    RecentMap(int limit) {
        super(16, 0.75f, true);
        this.limit = limit;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > limit;
    }
}
