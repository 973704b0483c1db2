package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.OwnServices;
import org.slipway.gateway.SmbShare;
import org.slipway.network.InMemoryGuest;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.tap.LinuxExtras;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** Samba's own client, through a guest's connections, at Samba's smbd. */
@RequiresSamba
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SmbTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.2.4");
    private static final IpAddress SERVER_IPV6 = IpAddress.parse("fd00::4");

    @TempDir
    Path directory;

    private final List<String> news = new ArrayList<>();
    private Set<Path> before;
    private Path shared;
    private Network network;
    private InMemoryGuest guest;

    @BeforeEach
    void start() throws IOException {
        before = Set.of();
        before = privateDirectories();
        // Samba has a meaning for all of these, and no way to quote them.
        shared = Files.createDirectory(directory.resolve("a %U,%$(HOME) \"b\";#\n[c]\\"));
        network = new NetworkBuilder()
                .gateway(GatewayConfig.DEFAULT.serving(
                        OwnServices.DEFAULT.sharing(new SmbShare(shared, List.of(SERVER, SERVER_IPV6)))))
                .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                .hostExtras(new LinuxExtras(new SecureRandom()))
                .listener((kind, text) -> {
                    synchronized (news) {
                        news.add(kind + ": " + text);
                    }
                })
                .start();
        guest = network.guest("vm1");
        guest.lease().join();
    }

    @AfterEach
    void stop() {
        network.close();
    }

    /** Directories for Samba, but for those that were there before. */
    private Set<Path> privateDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("slipway-smb-"))
                    .filter(file -> !before.contains(file))
                    .collect(Collectors.toSet());
        }
    }

    /** Processes, ours or not, that have been told of one of {@code directories}. */
    private static List<String> processesOf(Set<Path> directories) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> directories.stream().anyMatch(directory -> line.contains(directory.toString())))
                .toList();
    }

    private Process client(LocalRelay relay, String... options) throws IOException {
        List<String> line = new ArrayList<>(
                List.of("smbclient", "-N", "-p", String.valueOf(relay.port()), "-s", "/dev/null", "-t", "30"));
        line.addAll(List.of(options));
        return new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private String run(LocalRelay relay, String... options) throws Exception {
        Process client = client(relay, options);
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).as(said).isZero();
        return said;
    }

    private byte[] random(String file, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Files.write(directory.resolve(file), bytes);
        return bytes;
    }

    @Test
    void filesPassBothWaysAndNothingIsLeftBehind() throws Exception {
        byte[] up = random("up", 3_000_001);
        byte[] down = random("down", 1_000_003);
        Files.move(directory.resolve("down"), shared.resolve("down"));
        Set<Path> ours;
        try (LocalRelay relay = new LocalRelay(guest, SERVER, 445)) {
            assertThat(run(relay, "//127.0.0.1/qemu", "-c", "put up; mkdir sub; ls; get down"))
                    .containsPattern("up +A +3000001 ")
                    .containsPattern("sub +D +0 ");
            assertThat(shared.resolve("up")).hasBinaryContent(up);
            assertThat(directory.resolve("down")).hasBinaryContent(down);
            assertThat(run(relay, "-L", "//127.0.0.1/")).containsPattern("qemu +Disk");
            ours = privateDirectories();
            assertThat(ours).hasSize(1);
            // The helper that knows the names of shares.
            assertThat(processesOf(ours)).isNotEmpty();
        }
        network.close();
        assertThat(processesOf(ours)).isEmpty();
        assertThat(privateDirectories()).isEmpty();
        assertThat(news).noneMatch(text -> text.startsWith("WARNING"));
    }

    @Test
    void sessionServiceAndIpv6LeadThereToo() throws Exception {
        Files.writeString(shared.resolve("hello"), "hello");
        try (LocalRelay session = new LocalRelay(guest, SERVER, 139)) {
            assertThat(run(session, "//127.0.0.1/qemu", "-c", "ls")).contains("hello");
        }
        guest.autoconfigure().join();
        try (LocalRelay ipv6 = new LocalRelay(guest, SERVER_IPV6, 445)) {
            assertThat(run(ipv6, "//127.0.0.1/qemu", "-c", "ls")).contains("hello");
        }
        assertThat(news.toString()).contains("\\\\10.0.2.4\\qemu and \\\\fd00::4\\qemu");
    }

    @Test
    void clientThatIsKilledDisturbsNoOther() throws Exception {
        byte[] up = random("up", 2_000_000);
        try (LocalRelay relay = new LocalRelay(guest, SERVER, 445)) {
            Process first = client(relay, "//127.0.0.1/qemu");
            say(first, "!touch first-is-there");
            awaitFile("first-is-there", first);
            List<ProcessHandle> serverOfFirst = smbds();
            assertThat(serverOfFirst).hasSize(1);
            Process second = client(relay, "//127.0.0.1/qemu");
            say(second, "!touch second-is-there");
            awaitFile("second-is-there", second);
            assertThat(smbds()).hasSize(2);

            first.destroyForcibly();
            serverOfFirst.get(0).onExit().orTimeout(10, TimeUnit.SECONDS).join();
            say(second, "put up");
            awaitFile(shared + "/up", second);
            say(second, "get up again");
            awaitFile("again", second);
            say(second, "exit");
            assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(directory.resolve("again")).hasBinaryContent(up);
        }
    }

    /** One line, and none before the client has begun with the last one: it waits for more when it has read two at once. */
    private static void say(Process client, String line) throws IOException {
        client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    /** Waits for what {@code client} makes when it has come so far. */
    private void awaitFile(String file, Process client) throws InterruptedException {
        for (int i = 0; i < 600 && !Files.exists(directory.resolve(file)); i++) {
            assertThat(client.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(directory.resolve(file)).exists();
    }

    @Test
    void nextStartDeletesWhatAKilledOneHasLeftAndNothingOfOneThatRuns() throws Exception {
        Set<Path> ofThis = privateDirectories();
        List<String> ports =
                List.of("user,smb=" + directory, "stream,server=on,addr.type=unix,addr.path=" + directory.resolve("s"));
        try (SlipwayProcess first = SlipwayProcess.up(directory, List.of(), ports)) {
            assertThat(first.messages()).contains("guests find " + directory + " at \\\\10.0.2.4\\qemu and");
            Set<Path> left = privateDirectories();
            left.removeAll(ofThis);
            assertThat(left).hasSize(1);
            first.killAtOnce();
            assertThat(privateDirectories()).containsAll(left);
            try (SlipwayProcess second = SlipwayProcess.up(directory, List.of(), ports)) {
                assertThat(privateDirectories()).hasSize(2).containsAll(ofThis).doesNotContainAnyElementsOf(left);
                assertThat(second.stop()).isZero();
            }
        }
        assertThat(privateDirectories()).isEqualTo(ofThis);
    }

    @Test
    void smbdThatDiesAtOnceIsToldOnce() throws Exception {
        Path configuration = privateDirectories().iterator().next().resolve("smb.conf");
        Files.writeString(configuration, "[global]\nsecurity = nonsense\nlock directory = /proc/nowhere\n");
        try (LocalRelay relay = new LocalRelay(guest, SERVER, 445)) {
            for (int i = 0; i < 2; i++) {
                assertThat(client(relay, "//127.0.0.1/qemu", "-c", "ls").waitFor(30, TimeUnit.SECONDS))
                        .isTrue();
            }
        }
        awaitNews("WARNING");
        network.close();
        synchronized (news) {
            assertThat(news.stream().filter(text -> text.startsWith("WARNING")))
                    .singleElement()
                    .asString()
                    .startsWith("WARNING: smbd has ended without a word to a guest; its last line: ")
                    .doesNotContain("its log is empty");
        }
    }

    private void awaitNews(String beginning) throws InterruptedException {
        synchronized (news) {
            for (int i = 0; i < 100 && news.stream().noneMatch(text -> text.startsWith(beginning)); i++) {
                news.wait(100);
            }
        }
    }

    private static List<ProcessHandle> smbds() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/smbd"))
                .toList();
    }
}
