package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A traceroute in a guest shows the gateway, and then the hops that the host's network reports. */
final class TracerouteTest {

    @TempDir
    private Path directory;

    @Test
    void guestSeesTheGatewayAndThenEachRouter() throws Exception {
        assertThat(new Namespaces(directory, TraceProbe.class)
                        .run(
                                "0 0",
                                List.of(),
                                "udp,9.9.9.9,4",
                                "udp,2001:db8:9::9,4",
                                "icmp,9.9.9.9,4",
                                "icmp,2001:db8:9::9,4",
                                "udp,10.0.2.2,1",
                                "udp,fd00::2,1",
                                "udp,10.0.2.77,1",
                                "udp,fd00::77,1",
                                "icmp,10.0.2.2,1",
                                "icmp,fd00::2,1"))
                .containsExactly(
                        "udp,9.9.9.9,4; 10.0.2.2 11/0; 10.9.0.2 11/0; 10.9.1.2 11/0; 9.9.9.9 3/3",
                        "udp,2001:db8:9::9,4; fd00::2 3/0; fd09::2 3/0; fd09:1::2 3/0; 2001:db8:9::9 1/4",
                        "icmp,9.9.9.9,4; 10.0.2.2 11/0; 10.9.0.2 11/0; 10.9.1.2 11/0; 9.9.9.9 reply",
                        "icmp,2001:db8:9::9,4; fd00::2 3/0; fd09::2 3/0; fd09:1::2 3/0; 2001:db8:9::9 reply",
                        "udp,10.0.2.2,1; 10.0.2.2 3/3",
                        "udp,fd00::2,1; fd00::2 1/4",
                        "udp,10.0.2.77,1; 10.0.2.2 3/1",
                        "udp,fd00::77,1; fd00::2 1/3",
                        "icmp,10.0.2.2,1; 10.0.2.2 reply",
                        "icmp,fd00::2,1; fd00::2 reply");
    }
}
