package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;

class RateLimiterTest {

    private static final long STATION = 0x5254_0000_0001L;

    private final ManualLoop loop = new ManualLoop();
    private final RateLimiter limiter = new RateLimiter(loop);

    private int takeAll(long station) {
        int taken = 0;
        while (taken < 10_000 && limiter.take(station)) {
            taken++;
        }
        return taken;
    }

    @Test
    void burstThenARate() {
        assertThat(takeAll(STATION)).isEqualTo(RateLimiter.BURST);
        loop.advance(Duration.ofMillis(100));
        assertThat(takeAll(STATION)).isEqualTo(RateLimiter.PER_SECOND / 10);
    }

    @Test
    void whatAStationGetsNeverDependsOnOthers() {
        for (int other = 0; other < 3000; other++) {
            takeAll(1000 + other);
            assertThat(limiter.size()).isLessThanOrEqualTo(RateLimiter.MAX_STATIONS);
        }
        assertThat(takeAll(STATION)).isEqualTo(RateLimiter.BURST);
    }
}
