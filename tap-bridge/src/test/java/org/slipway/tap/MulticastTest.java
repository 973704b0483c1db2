package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.loop.Transport;

/** What guests send to groups of the host's network arrives there, and nothing of it comes back to them. */
@Timeout(60)
final class MulticastTest {

    @Test
    void membersHearAndTheSenderDoesNot(@TempDir Path directory) throws Exception {
        assumeTrue(Transport.best() == Transport.EPOLL && Libc.isSupported(), "skipped: not Linux");
        List<String> lines =
                new Namespaces(directory, MulticastProbe.class).run("default", List.of(), "239.1.2.3", "ff05::1:3");
        assertThat(lines).containsExactly("member heard 5", "sender heard null", "member heard 5", "sender heard null");
    }
}
