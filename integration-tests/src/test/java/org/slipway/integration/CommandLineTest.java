package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.cli.guest.LinuxGuest;

/** The command itself, as a process of its own, from its start to SIGTERM. */
@RequiresGuest
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CommandLineTest {

    @Test
    void upCarriesAGuestUntilItIsToldToStop(@TempDir Path directory) throws Exception {
        int forward = Environment.freePort().getPort();
        Path recording = directory.resolve("all.pcapng");
        String port = "stream,server=on,addr.type=unix,addr.path=" + directory.resolve("vm.sock");
        List<String> arguments =
                List.of("user,hostfwd=tcp:127.0.0.1:" + forward + "-:80", port, "--record", recording.toString());
        try (SlipwayProcess slipway = SlipwayProcess.up(directory, List.of(), arguments)) {
            try (LinuxGuest guest = LinuxGuest.boot(slipway.plug(GuestOptions.of(Environment.image(), directory)))) {
                guest.run(GuestCommands.LEASE).orThrow();
                guest.run("mkdir -p /www && echo hello > /www/page && httpd -p 80 -h /www")
                        .orThrow();
                assertThat(get(forward)).isEqualTo("hello\n");
            }
            assertThat(slipway.stop()).as(slipway.messages()).isZero();
            assertThat(slipway.messages())
                    .containsPattern("1 guest, [1-9]\\d* flows?")
                    .containsPattern("[1-9]\\d* packets captured, [1-9]\\d* written to " + recording + ", 0 lost");
        }
        Tshark packets = Tshark.read(recording);
        assertThat(packets.count("dhcp.option.dhcp", "5")).isEqualTo(1);
        assertThat(packets.count("tcp.flags.syn", "1", "tcp.flags.ack", "1", "tcp.srcport", "80"))
                .isEqualTo(1);
        assertThat(packets.faulty()).isEmpty();
    }

    private static String get(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/page"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
