package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why the host cannot connect, as real routers and its own routes say it, at once or later. */
final class TcpErrorsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void eachFailureIsToldForWhatItIs(String transport) throws Exception {
        assertThat(new Namespaces(directory, TcpProbe.class)
                        .run(
                                "default",
                                List.of(),
                                transport,
                                // nobody listens
                                "10.9.0.2",
                                "9.9.9.9",
                                "fd09::2",
                                "2001:db8:9::9",
                                // a router has no way there, or must not go there
                                "198.51.100.1",
                                "198.51.200.1",
                                "2001:db8:51::1",
                                "2001:db8:52::1",
                                // this host has no way there, or must not go there
                                "192.0.2.1",
                                "2001:db8:2::1",
                                "192.0.3.1",
                                "2001:db8:3::1",
                                "192.0.4.1",
                                "2001:db8:4::1",
                                // nobody has the address
                                "10.9.0.77",
                                "fd09::77"))
                .containsExactly(
                        "10.9.0.2 REFUSED",
                        "9.9.9.9 REFUSED",
                        "fd09::2 REFUSED",
                        "2001:db8:9::9 REFUSED",
                        "198.51.100.1 HOST_UNREACHABLE",
                        "198.51.200.1 HOST_UNREACHABLE",
                        "2001:db8:51::1 " + (transport.equals("nio") ? "NET_UNREACHABLE" : "HOST_UNREACHABLE"),
                        "2001:db8:52::1 PROHIBITED",
                        "192.0.2.1 HOST_UNREACHABLE",
                        "2001:db8:2::1 HOST_UNREACHABLE",
                        "192.0.3.1 PROHIBITED",
                        "2001:db8:3::1 PROHIBITED",
                        "192.0.4.1 NET_UNREACHABLE",
                        "2001:db8:4::1 NET_UNREACHABLE",
                        "10.9.0.77 HOST_UNREACHABLE",
                        "fd09::77 HOST_UNREACHABLE");
    }

    /** Also how far a SYN may go. */
    @Test
    void routersThatDidNotLetItPassAreNamed() throws Exception {
        assertThat(new Namespaces(directory, TcpProbe.class)
                        .run(
                                "default",
                                List.of(),
                                "errors",
                                "9.9.9.9,1",
                                "9.9.9.9,2",
                                "9.9.9.9,3",
                                "2001:db8:9::9,1",
                                "2001:db8:9::9,2",
                                "2001:db8:9::9,3",
                                "198.51.100.1",
                                "198.51.200.1",
                                "2001:db8:51::1",
                                "2001:db8:52::1",
                                "192.0.2.1",
                                "2001:db8:2::1"))
                .containsExactly(
                        "9.9.9.9,1 HOST_UNREACHABLE, 11/0 of 10.9.0.2",
                        "9.9.9.9,2 HOST_UNREACHABLE, 11/0 of 10.9.1.2",
                        "9.9.9.9,3 REFUSED",
                        "2001:db8:9::9,1 HOST_UNREACHABLE, 3/0 of fd09::2",
                        "2001:db8:9::9,2 HOST_UNREACHABLE, 3/0 of fd09:1::2",
                        "2001:db8:9::9,3 REFUSED",
                        "198.51.100.1 HOST_UNREACHABLE, 3/1 of 10.9.0.2",
                        "198.51.200.1 HOST_UNREACHABLE, 3/13 of 10.9.0.2",
                        "2001:db8:51::1 HOST_UNREACHABLE, 1/0 of fd09::2",
                        "2001:db8:52::1 PROHIBITED, 1/1 of fd09::2",
                        "192.0.2.1 HOST_UNREACHABLE",
                        "2001:db8:2::1 HOST_UNREACHABLE");
    }
}
