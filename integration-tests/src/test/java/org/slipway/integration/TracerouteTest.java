package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.cli.guest.LinuxGuest;

/**
 * A real guest looks at the way to the outside: Slipway runs at the end of a chain of real routers, each in a namespace of its
 * own, and the guest sees the gateway and all of them. See namespaces.sh for who is where.
 */
@RequiresGuest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TracerouteTest {

    private static final Path SCRIPT = Path.of(
            System.getProperty("slipway.root", ".."), "tap-bridge/src/test/resources/org/slipway/tap/namespaces.sh");

    private static final Pattern HOP = Pattern.compile("^ *\\d+ +(\\S+) .*");

    private SlipwayProcess slipway;
    private LinuxGuest guest;

    @BeforeAll
    void boot(@TempDir Path directory) throws Exception {
        slipway = SlipwayProcess.up(
                directory,
                List.of("unshare", "-rn", "env", "SECONDS_TO_LIVE=300", "sh", SCRIPT.toString(), "0 0"),
                List.of("user", "stream,server=on,addr.type=unix,addr.path=" + directory.resolve("vm.sock")));
        guest = LinuxGuest.boot(slipway.plug(GuestOptions.of(Environment.image(), directory)));
        guest.run(GuestCommands.LEASE).orThrow();
        guest.run(GuestCommands.AWAIT_IPV6).orThrow();
    }

    @AfterAll
    void close() throws Exception {
        if (guest != null) {
            guest.close();
        }
        if (slipway != null) {
            slipway.close();
        }
    }

    private static String hops(String output) {
        return output.lines()
                .map(HOP::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(hop -> hop.group(1))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "traceroute,     9.9.9.9, 10.0.2.2 10.9.0.2 10.9.1.2 9.9.9.9",
        "traceroute -I,  9.9.9.9, 10.0.2.2 10.9.0.2 10.9.1.2 9.9.9.9",
        "traceroute6,    2001:db8:9::9, fd00::2 fd09::2 fd09:1::2 2001:db8:9::9",
        "traceroute,     10.0.2.2, 10.0.2.2",
        "traceroute6,    fd00::2, fd00::2",
    })
    void everyHopIsSeen(String command, String target, String hops) {
        String output = guest.run(command + " -n -q 1 -w 4 -m 8 " + target, Duration.ofSeconds(60))
                .orThrow();
        assertThat(hops(output)).as(output).isEqualTo(hops);
    }

    @ParameterizedTest
    @CsvSource({
        "traceroute,  198.51.100.1, 10.0.2.2 10.9.0.2, !H",
        "traceroute6, 2001:db8:51::1, fd00::2 fd09::2, !",
        "traceroute,  198.51.200.1, 10.0.2.2 10.9.0.2, !A",
    })
    void routerThatHasNoWaySaysSo(String command, String target, String hops, String mark) {
        String output = guest.run(command + " -n -q 1 -w 4 -m 4 " + target, Duration.ofSeconds(60))
                .orThrow();
        assertThat(hops(output)).as(output).isEqualTo(hops);
        assertThat(output).contains(mark);
    }

    @Test
    void pingsReachTheFarEndInBothFamilies() {
        for (String ping : new String[] {"ping -s 4000 9.9.9.9", "ping6 -s 4000 2001:db8:9::9"}) {
            assertThat(guest.run(ping.replace(" -s", " -c 3 -i 0.2 -W 3 -s")).orThrow())
                    .as(ping)
                    .contains("3 packets received");
        }
    }

    @Test
    void refusedAndUnreachableTargetsFailAtOnce() {
        String errors = Stream.of(
                        "9.9.9.9", "2001:db8:9::9", "192.0.2.1", "2001:db8:2::1", "198.51.100.1", "2001:db8:51::1")
                .map(target -> guest.run("nc -w 20 " + target + " 9").output())
                .collect(Collectors.joining("\n"));
        assertThat(errors.lines())
                .hasSize(6)
                .allSatisfy(line -> assertThat(line).containsAnyOf("refused", "unreachable", "No route"));
        assertThat(errors).doesNotContain("timed out");
    }
}
