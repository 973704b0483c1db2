package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;

class AcceptGuardTest {

    private final ManualLoop loop = new ManualLoop();
    private final List<Throwable> reported = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new AcceptGuard(loop, reported::add));

    @Test
    void acceptingPausesASecondAfterAFailureAndGoesOn() {
        fail();
        assertThat(channel.config().isAutoRead()).isFalse();
        loop.advance(Duration.ofMillis(999));
        assertThat(channel.config().isAutoRead()).isFalse();
        loop.advance(Duration.ofMillis(1));
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        channel.checkException();
    }

    @Test
    void failuresInARowAreReportedOnce() {
        for (int i = 0; i < 10; i++) {
            fail();
            loop.advance(Duration.ofSeconds(1));
        }
        assertThat(reported).hasSize(1);
        channel.writeInbound("accepted");
        fail();
        assertThat(reported).hasSize(2);
        assertThat(loop.untilNextTimer()).isPositive();
    }

    private void fail() {
        channel.pipeline()
                .fireExceptionCaught(new IOException("accept(..) failed with error(-24): Too many open files"));
    }
}
