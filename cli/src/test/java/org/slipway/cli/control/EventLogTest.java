package org.slipway.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.GatewayConfig;
import org.slipway.network.InMemoryGuest;
import org.slipway.network.InMemoryStream;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.service.Lease;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** What happens, as lines of JSON. */
@Timeout(60)
class EventLogTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00.123456789Z"));
    private static final Lease LEASE =
            new Lease(IpAddress.parse("10.0.2.15"), MacAddress.parse("52:54:00:12:34:56"), "vm", 0);

    @TempDir
    Path directory;

    private static void noWarning(String text) {
        throw new AssertionError(text);
    }

    private static List<JsonObject> events(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static List<String> names(List<JsonObject> events) {
        return events.stream().map(event -> event.get("event").getAsString()).toList();
    }

    @Test
    void networkTellsOfGuestsLeasesFlowsAndDrops() throws IOException {
        Path file = directory.resolve("events");
        try (ServerSocket host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EventLog log = EventLog.open(file, CLOCK, EventLogTest::noWarning);
                Network network = new NetworkBuilder()
                        .gateway(GatewayConfig.DEFAULT)
                        .guest("vm1", MacAddress.parse("52:54:00:12:34:56"))
                        .events(log)
                        .start()) {
            InMemoryGuest vm = network.guest("vm1");
            vm.lease().join();
            InMemoryStream stream =
                    vm.connect(IpAddress.parse("10.0.2.2"), host.getLocalPort()).join();
            try (Socket accepted = host.accept()) {
                stream.send(new byte[1000]);
                accepted.getInputStream().readNBytes(1000);
            }
            // To a port where nobody listens: the refusal is a drop with a reason.
            vm.sendUdp(5000, IpAddress.parse("10.0.2.3"), 1, new byte[1]).join();
        }
        List<JsonObject> events = events(file);
        assertThat(names(events))
                .startsWith("port-up", "lease-bound", "flow-began")
                .contains("flow-ended", "port-down", "dropped");
        JsonObject ended = events.stream()
                .filter(event -> event.get("event").getAsString().equals("flow-ended"))
                .findFirst()
                .orElseThrow();
        assertThat(ended.get("time").getAsString()).isEqualTo("2026-03-01T12:00:00.123456Z");
        assertThat(ended.get("flow").getAsString()).isEqualTo("tcp1");
        assertThat(ended.get("port").getAsString()).isEqualTo("vm1");
        assertThat(ended.get("bytes-from-guest").getAsLong()).isEqualTo(1000);
    }

    @Test
    void fileIsContinued() throws IOException {
        Path file = Files.writeString(directory.resolve("events"), "before\n");
        try (EventLog log = EventLog.open(file, CLOCK, EventLogTest::noWarning)) {
            log.leaseBound(LEASE);
        }
        assertThat(file)
                .hasContent("before\n{\"time\":\"2026-03-01T12:00:00.123456Z\",\"event\":\"lease-bound\","
                        + "\"address\":\"10.0.2.15\",\"mac\":\"52:54:00:12:34:56\",\"hostname\":\"vm\"}\n");
    }

    /** Who reads slowly loses events, and learns how many; the network does not wait. */
    @Test
    void eventsThatDoNotFitAreCounted() throws InterruptedException {
        StringBuilder read = new StringBuilder();
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                writing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                read.append(new String(bytes, StandardCharsets.UTF_8));
            }
        };
        EventLog log = EventLog.to(slow, CLOCK, EventLogTest::noWarning);
        log.leaseBound(LEASE);
        writing.await();
        for (int i = 0; i < EventLog.MAX_WAITING + 7; i++) {
            log.leaseBound(LEASE);
        }
        goOn.countDown();
        log.close();
        assertThat(read.toString().lines().filter(line -> line.contains("lease-bound")))
                .hasSize(EventLog.MAX_WAITING + 1);
        assertThat(read.toString().lines().filter(line -> line.contains("events-lost")))
                .containsExactly("{\"time\":\"2026-03-01T12:00:00.123456Z\",\"event\":\"events-lost\",\"count\":7}");
    }

    @Test
    void fullDiskIsToldOnce() {
        CompletableFuture<String> told = new CompletableFuture<>();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        EventLog log =
                EventLog.to(full, CLOCK, text -> assertThat(told.complete(text)).isTrue());
        log.leaseBound(LEASE);
        assertThat(told.join()).isEqualTo("No space left on device");
        log.leaseBound(LEASE);
        log.close();
    }

    @Test
    void fileThatCannotBeHadIsAnError() {
        assertThatThrownBy(() -> EventLog.open(directory, CLOCK, EventLogTest::noWarning))
                .isInstanceOf(IOException.class);
    }
}
