package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.cli.guest.LinuxGuest;

/** The command itself, as a process of its own, from its start to SIGTERM. */
@RequiresGuest
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CommandLineTest {

    private static final Pattern NETDEV = Pattern.compile("^ +-netdev (\\S+)", Pattern.MULTILINE);

    @Test
    void upCarriesAGuestUntilItIsToldToStop(@TempDir Path directory) throws Exception {
        int forward = Environment.freePort().getPort();
        Path messages = directory.resolve("messages");
        Path recording = directory.resolve("all.pcapng");
        Process slipway = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.slipway.cli.Main",
                        "up",
                        "user,hostfwd=tcp:127.0.0.1:" + forward + "-:80",
                        "stream,server=on,addr.type=unix,addr.path=" + directory.resolve("vm.sock"),
                        "--record",
                        recording.toString())
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        try {
            String netdev = awaitNetdev(slipway, messages);
            GuestOptions options = GuestOptions.of(Environment.image(), directory)
                    .withNetdev(netdev.replaceFirst("id=[^,]*", "id=n0"));
            try (LinuxGuest guest = LinuxGuest.boot(options)) {
                guest.run(GuestCommands.LEASE).orThrow();
                guest.run("mkdir -p /www && echo hello > /www/page && httpd -p 80 -h /www")
                        .orThrow();
                assertThat(get(forward)).isEqualTo("hello\n");
            }
            slipway.destroy();
            assertThat(slipway.waitFor(10, TimeUnit.SECONDS))
                    .as("ends when asked: " + Files.readString(messages))
                    .isTrue();
        } finally {
            slipway.destroyForcibly();
        }
        assertThat(slipway.exitValue()).as(Files.readString(messages)).isZero();
        assertThat(Files.readString(messages))
                .containsPattern("1 guest, [1-9]\\d* flows?")
                .containsPattern("[1-9]\\d* packets captured, [1-9]\\d* written to " + recording + ", 0 lost");
        Tshark packets = Tshark.read(recording);
        assertThat(packets.count("dhcp.option.dhcp", "5")).isEqualTo(1);
        assertThat(packets.count("tcp.flags.syn", "1", "tcp.flags.ack", "1", "tcp.srcport", "80"))
                .isEqualTo(1);
        assertThat(packets.faulty()).isEmpty();
    }

    /** Waits for the line that says what to give to QEMU. */
    private static String awaitNetdev(Process slipway, Path messages) throws IOException, InterruptedException {
        for (int i = 0; i < 300 && slipway.isAlive(); i++) {
            String said = Files.readString(messages);
            Matcher netdev = NETDEV.matcher(said);
            if (said.contains("running") && netdev.find()) {
                return netdev.group(1);
            }
            slipway.waitFor(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("the network does not come up: " + Files.readString(messages));
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
