package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.cli.guest.LinuxGuest;

/** Guests on one network reach each other, whatever card they have. */
@RequiresGuest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TwoGuestsTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private HostServices host;
    private TestNetwork network;
    private LinuxGuest first;
    private LinuxGuest second;
    private String firstAddress;
    private String secondAddress;

    @BeforeAll
    void boot(@TempDir Path directory) throws IOException {
        assumeThat(Environment.onOracle())
                .as("libslirp is for one guest: it takes frames between guests for its own")
                .isFalse();
        host = new HostServices();
        network = Networks.start(Carrier.SOCKET_LISTEN, directory, host.resolver());
        GuestOptions plugged = Networks.guest(network, Files.createDirectory(directory.resolve("first")));
        first = LinuxGuest.boot(plugged);
        second = LinuxGuest.boot(
                network.plug(GuestOptions.of(Environment.image(), Files.createDirectory(directory.resolve("second")))
                        .withMac("52:54:00:12:34:57")
                        .withCard("e1000")));
        firstAddress = lease(first);
        secondAddress = lease(second);
    }

    @AfterAll
    void close() throws Exception {
        if (second != null) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
        if (network != null) {
            network.close();
        }
        if (host != null) {
            host.close();
        }
    }

    private static String lease(LinuxGuest guest) {
        guest.run(GuestCommands.LEASE).orThrow();
        return guest.run(". /tmp/lease.eth0; echo $ip").orThrow();
    }

    @Test
    void eachHasALeaseOfItsOwn() {
        assertThat(firstAddress).isEqualTo("10.0.2.15");
        assertThat(secondAddress).isEqualTo("10.0.2.16");
    }

    @Test
    void theyPingEachOther() {
        assertThat(first.run("ping -c 3 -i 0.2 -W 2 " + secondAddress).orThrow())
                .contains("3 packets received");
        assertThat(second.run("ping -c 3 -i 0.2 -W 2 " + firstAddress).orThrow())
                .contains("3 packets received");
    }

    @Test
    void theyExchangeTwentyMebibytesUnchanged() {
        first.run("nc -l -p 7000 -e sha256sum > /dev/null 2>&1 & " + GuestCommands.awaitListener(7000))
                .orThrow();
        String sent = second.run(GuestCommands.makeBulk("/tmp/bulk"), LIMIT).orThrow();
        String received =
                second.run("nc " + firstAddress + " 7000 < /tmp/bulk", LIMIT).orThrow();
        assertThat(received.split(" ")[0]).hasSize(64).isEqualTo(sent.split(" ")[0]);
    }

    @Test
    void bothReachTheHostAtTheSameTime() throws IOException {
        String download = "wget -q -O - http://10.0.2.2:" + host.http() + "/bulk | sha256sum";
        CompletableFuture<?> other = first.start(download, LIMIT)
                .thenAccept(result -> assertThat(result.orThrow()).startsWith(host.bulkDigest()));
        assertThat(second.run(download, LIMIT).orThrow()).startsWith(host.bulkDigest());
        assertThat(other).succeedsWithin(LIMIT);
    }
}
