package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropReason;

@Timeout(60)
class PcapngRecorderTest {

    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;

    @TempDir
    Path directory;

    private final ManualLoop loop = new ManualLoop();
    private final List<String> warnings = new ArrayList<>();

    private PcapngRecorder open(Path file) {
        return PcapngRecorder.open(file, loop, warnings::add);
    }

    private static byte[] data(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + seed);
        }
        return bytes;
    }

    private static Frame frame(byte[] bytes) {
        return new Frame().set(Unpooled.wrappedBuffer(bytes));
    }

    private long record(PacketSink sink, Direction direction, byte[] bytes) {
        return sink.packet(frame(bytes), direction, loop.epochNanos());
    }

    /** Moves the clock, so that what waits is handed over, until the other thread has made {@code condition} true. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the other thread gets on").isLessThan(deadline);
            loop.advance(Duration.ofMillis(100));
            Thread.yield();
        }
    }

    private static PcapngReader read(Path file) throws IOException {
        return new PcapngReader(Files.readAllBytes(file));
    }

    @Test
    void fileTellsInterfacesDirectionsTimesLengthsAndDrops() throws IOException {
        Path file = directory.resolve("all.pcapng");
        PcapngRecorder recorder = open(file);
        PacketSink first = recorder.addInterface("guest1", "socket,listen=127.0.0.1:1234");
        long request = record(first, Direction.INBOUND, data(61, 1));
        loop.advance(Duration.ofNanos(1));
        record(first, Direction.OUTBOUND, data(1514, 2));
        first.dropped(request, DropReason.IP_NO_ROUTE);
        PacketSink second = recorder.addInterface("guest2", "");
        loop.advance(Duration.ofSeconds(5_000));
        record(second, Direction.INBOUND, data(0, 0));
        recorder.close();

        PcapngReader pcapng = read(file);
        assertThat(pcapng.section().text(4)).startsWith("Slipway");
        assertThat(pcapng.interfaces()).hasSize(2).allSatisfy(port -> {
            assertThat(port.word(0)).as("link type Ethernet").isEqualTo(1);
            assertThat(port.word(1)).as("snap length").isEqualTo(PcapngRecorder.SNAP_LENGTH);
            assertThat(port.number(9)).as("nanoseconds").isEqualTo(9);
        });
        assertThat(pcapng.interfaces().get(0).text(2)).isEqualTo("guest1");
        assertThat(pcapng.interfaces().get(0).text(3)).isEqualTo("socket,listen=127.0.0.1:1234");
        assertThat(pcapng.interfaces().get(1).text(2)).isEqualTo("guest2");

        List<PcapngReader.Block> packets = pcapng.packets();
        assertThat(packets).hasSize(3);
        assertPacket(packets.get(0), 0, 0, data(61, 1), INBOUND, "dropped: ip no route");
        assertPacket(packets.get(1), 0, 1, data(1514, 2), OUTBOUND, "");
        assertPacket(packets.get(2), 1, 5_000_000_000_001L, data(0, 0), INBOUND, "");

        assertThat(pcapng.statistics()).extracting(block -> block.number(4)).containsExactly(2L, 1L);
        assertThat(pcapng.statistics()).extracting(block -> block.number(5)).containsExactly(0L, 0L);
        assertThat(recorder.stats()).isEqualTo(new PcapngRecorder.Stats(3, 3, 0, null));
        assertThat(warnings).isEmpty();
    }

    private static void assertPacket(
            PcapngReader.Block packet, int port, long nanos, byte[] data, int direction, String comment) {
        assertThat(packet.word(0)).isEqualTo(port);
        assertThat(packet.epochNanos()).isEqualTo(ManualLoop.EPOCH_NANOS + nanos);
        assertThat(packet.word(4)).as("original length").isEqualTo(data.length);
        assertThat(packet.data()).isEqualTo(data);
        assertThat(packet.number(2)).as("direction").isEqualTo(direction);
        assertThat(packet.text(1)).isEqualTo(comment);
    }

    @Test
    void frameInTwoBuffersIsJoinedAndBorrowedOnly() throws IOException {
        Path file = directory.resolve("two.pcapng");
        PcapngRecorder recorder = open(file);
        PacketSink sink = recorder.addInterface("guest1", "");
        byte[] head = data(54, 1);
        byte[] body = data(1000, 2);
        Frame frame = new Frame()
                .set(
                        Unpooled.wrappedBuffer(head).readerIndex(4),
                        Unpooled.wrappedBuffer(body).readerIndex(1));
        sink.packet(frame, Direction.OUTBOUND, loop.epochNanos());
        head[10] = 99;
        body[10] = 99;
        recorder.close();

        byte[] recorded = read(file).packets().get(0).data();
        assertThat(recorded).hasSize(50 + 999);
        assertThat(recorded[0]).isEqualTo(data(54, 1)[4]);
        assertThat(recorded[6]).isEqualTo(data(54, 1)[10]);
        assertThat(recorded[50 + 9]).isEqualTo(data(1000, 2)[10]);
    }

    @Test
    void checksumThatIsLeftToADeviceIsCompletedInTheCopy() throws IOException {
        Path file = directory.resolve("sum.pcapng");
        PcapngRecorder recorder = open(file);
        PacketSink sink = recorder.addInterface("guest1", "");
        byte[] packet = Packets.udp(Packets.GATEWAY, 53, Packets.GUEST, 4000, Packets.bytes("odd"));
        byte[] whole = Packets.fromGateway(0x0800, packet);
        byte[] exact = java.util.Arrays.copyOf(whole, 14 + packet.length);
        byte[] partial = exact.clone();
        byte[] pseudo = Packets.pseudo(Packets.GATEWAY, Packets.GUEST, 17, 11);
        int sum = org.slipway.wire.InternetChecksum.fold(
                org.slipway.wire.InternetChecksum.sum(Unpooled.wrappedBuffer(pseudo), 0, pseudo.length));
        partial[40] = (byte) (sum >>> 8);
        partial[41] = (byte) sum;
        sink.packet(frame(partial).needsChecksum(34, 6), Direction.OUTBOUND, loop.epochNanos());
        sink.packet(frame(partial.clone()).needsChecksum(34, 60_000), Direction.OUTBOUND, loop.epochNanos());
        recorder.close();

        assertThat(read(file).packets().get(0).data()).isEqualTo(exact);
        assertThat(read(file).packets().get(1).data()).isEqualTo(partial);
    }

    @Test
    void frameBeyondTheSnapLengthIsCut() throws IOException {
        Path file = directory.resolve("snap.pcapng");
        PcapngRecorder recorder = open(file);
        PacketSink sink = recorder.addInterface("guest1", "");
        for (int i = 0; i < 3; i++) {
            record(sink, Direction.INBOUND, data(PcapngRecorder.SNAP_LENGTH + 1, i));
        }
        loop.run();
        recorder.close();

        assertThat(read(file).packets()).hasSize(3).allSatisfy(packet -> {
            assertThat(packet.data()).hasSize(PcapngRecorder.SNAP_LENGTH);
            assertThat(packet.word(4)).isEqualTo(PcapngRecorder.SNAP_LENGTH + 1);
        });
    }

    @Test
    void dropReasonIsKeptAlthoughTheRepliesFilledTheNextChunk() throws IOException {
        Path file = directory.resolve("chunks.pcapng");
        PcapngRecorder recorder = open(file);
        PacketSink sink = recorder.addInterface("guest1", "");
        long request = record(sink, Direction.INBOUND, data(60, 0));
        for (int i = 0; i < 1_000; i++) {
            record(sink, Direction.OUTBOUND, data(1_514, i));
        }
        sink.dropped(request, DropReason.POLICY_DENIED);
        loop.run();
        recorder.close();

        PcapngReader pcapng = read(file);
        assertThat(pcapng.packets()).hasSize(1_001);
        assertThat(pcapng.packets().get(0).text(1)).isEqualTo("dropped: policy denied");
        assertThat(pcapng.packets().get(1_000).data()).isEqualTo(data(1_514, 999));
    }

    @Test
    void fileOfAProcessThatIsKilledHasAllButTheLastTenthOfASecond() throws IOException {
        Path file = directory.resolve("killed.pcapng");
        try (PcapngRecorder recorder = open(file)) {
            PacketSink sink = recorder.addInterface("guest1", "");
            record(sink, Direction.INBOUND, data(60, 1));
            until(() -> recorder.stats().written() == 1);
            assertThat(read(file).packets()).hasSize(1);

            record(sink, Direction.INBOUND, data(60, 2));
            until(() -> recorder.stats().written() == 2);
            assertThat(read(file).packets()).hasSize(2);
        }
    }

    @Test
    void idleRecorderSetsNoTimer() {
        try (PcapngRecorder recorder = open(directory.resolve("idle.pcapng"))) {
            PacketSink sink = recorder.addInterface("guest1", "");
            assertThat(loop.untilNextTimer()).isEqualTo(-1);
            record(sink, Direction.INBOUND, data(60, 1));
            assertThat(loop.untilNextTimer()).isEqualTo(PacketQueue.HAND_OVER_NANOS);
            until(() -> loop.untilNextTimer() == -1);
            assertThat(recorder.stats().written()).isEqualTo(1);
        }
    }

    @Test
    void existingFileIsReplaced() throws IOException {
        Path file = directory.resolve("old.pcapng");
        Files.write(file, new byte[100_000]);
        open(file).close();
        assertThat(read(file).all()).hasSize(1);
    }

    @Test
    void interfacesAreBoundedAndLaterPortsShareTheLast() throws IOException {
        Path file = directory.resolve("many.pcapng");
        PcapngRecorder recorder = open(file);
        PacketSink last = recorder.addInterface("guest0", "");
        for (int i = 1; i < 5_000; i++) {
            last = recorder.addInterface("guest" + i, "");
        }
        record(last, Direction.INBOUND, data(60, 1));
        recorder.close();

        assertThat(read(file).interfaces()).hasSize(4_096);
        assertThat(read(file).packets().get(0).word(0)).isEqualTo(4_095);
        assertThat(read(file).statistics().get(4_095).number(4)).isEqualTo(1);
    }

    @Test
    void overlongTextsAreCut() throws IOException {
        Path file = directory.resolve("long.pcapng");
        PcapngRecorder recorder = open(file);
        recorder.addInterface("x".repeat(70_000), "\u00e4".repeat(70_000));
        recorder.close();
        assertThat(read(file).interfaces().get(0).text(2)).hasSize(1_000);
    }

    @Test
    void whatCannotBeOpenedIsNamedWithItsReason() throws IOException {
        Path missing = directory.resolve("no/such.pcapng");
        assertThatThrownBy(() -> open(missing))
                .isInstanceOf(RecordingException.class)
                .hasMessage("cannot record to '" + missing + "': no such directory");
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(RecordingException.class)
                .hasMessage("cannot record to '" + directory + "': Is a directory");
        Path file = Files.write(directory.resolve("a-file"), new byte[1]);
        assertThatThrownBy(() -> open(file.resolve("x")))
                .isInstanceOf(RecordingException.class)
                .hasMessageEndingWith("a-file/x': Not a directory");
    }

    @Test
    void fullDeviceStopsTheRecordingWithOneWarning() {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        PcapngRecorder recorder = open(full);
        PacketSink sink = recorder.addInterface("guest1", "");
        record(sink, Direction.INBOUND, data(60, 1));
        until(() -> !warnings.isEmpty());
        for (int i = 0; i < 100; i++) {
            record(sink, Direction.INBOUND, data(60, i));
            loop.advance(Duration.ofMillis(50));
        }
        recorder.close();
        recorder.close();

        assertThat(recorder.stats()).isEqualTo(new PcapngRecorder.Stats(101, 0, 101, "No space left on device"));
        assertThat(warnings).containsExactly("recording to '/dev/full' stopped: No space left on device");
    }

    @Test
    void diskThatRunsFullLeavesWholeBlocksAndSaysWhatIsMissing() throws IOException {
        Path file = directory.resolve("full.pcapng");
        FullDisk disk =
                new FullDisk(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), 300_000);
        PcapngRecorder recorder = PcapngRecorder.start(file, () -> disk, true, loop, warnings::add);
        PacketSink sink = recorder.addInterface("guest1", "");
        for (int i = 0; i < 1_000; i++) {
            record(sink, Direction.INBOUND, data(1_514, i));
        }
        until(() -> recorder.stats().error() != null);
        disk.capacity(1_000_000);
        recorder.close();

        PcapngRecorder.Stats stats = recorder.stats();
        PcapngReader pcapng = read(file);
        assertThat(stats.captured()).isEqualTo(1_000);
        assertThat(stats.written()).isBetween(1L, 250L);
        assertThat(stats.lost()).isEqualTo(1_000 - stats.written());
        assertThat(pcapng.packets()).hasSize((int) stats.written());
        assertThat(pcapng.statistics().get(0).number(4)).isEqualTo(1_000);
        assertThat(pcapng.statistics().get(0).number(5)).isEqualTo(stats.lost());
        assertThat(warnings).hasSize(1);
    }

    @Test
    void diskThatStaysFullLeavesWholeBlocks() throws IOException {
        Path file = directory.resolve("full.pcapng");
        FullDisk disk =
                new FullDisk(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), 300_000);
        PcapngRecorder recorder = PcapngRecorder.start(file, () -> disk, true, loop, warnings::add);
        PacketSink sink = recorder.addInterface("guest1", "");
        for (int i = 0; i < 1_000; i++) {
            record(sink, Direction.INBOUND, data(1_514, i));
        }
        until(() -> recorder.stats().error() != null);
        disk.capacity(0);
        recorder.close();

        assertThat(read(file).packets()).hasSize((int) recorder.stats().written());
        assertThat(read(file).statistics()).isEmpty();
        assertThat(recorder.stats().error()).isEqualTo("No space left on device");
    }

    @Test
    void diskThatIsFullFromTheStartButNotAtTheEndSaysThatAllIsMissing() throws IOException {
        for (long capacity = 0; capacity < 400; capacity += 7) {
            Path file = directory.resolve("full.pcapng");
            FullDisk disk =
                    new FullDisk(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE), capacity);
            PcapngRecorder recorder = PcapngRecorder.start(file, () -> disk, true, loop, warnings::add);
            PacketSink first = recorder.addInterface("guest1", "");
            record(first, Direction.INBOUND, data(60, 1));
            until(() -> recorder.stats().written() == 1 || recorder.stats().error() != null);
            PacketSink second = recorder.addInterface("guest2", "");
            record(second, Direction.INBOUND, data(1_514, 1));
            until(() -> recorder.stats().error() != null);
            disk.capacity(1_000_000);
            recorder.close();

            PcapngReader pcapng = read(file);
            assertThat(pcapng.interfaces()).hasSize(2);
            assertThat(pcapng.packets()).hasSize((int) recorder.stats().written());
            assertThat(pcapng.statistics())
                    .extracting(block -> block.number(4) - block.number(5))
                    .as("received but not dropped")
                    .first()
                    .isEqualTo(recorder.stats().written());
            Files.delete(file);
        }
    }

    private Path pipe() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assumeThat(Path.of("/usr/bin/mkfifo")).exists();
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void pipeCarriesTheRecording() throws Exception {
        Path pipe = pipe();
        CompletableFuture<byte[]> reader = CompletableFuture.supplyAsync(() -> {
            try (InputStream in = Files.newInputStream(pipe)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        PcapngRecorder recorder = open(pipe);
        PacketSink sink = recorder.addInterface("guest1", "");
        for (int i = 0; i < 500; i++) {
            record(sink, Direction.INBOUND, data(1_514, i));
        }
        until(() -> recorder.stats().written() == 500);
        recorder.close();

        PcapngReader pcapng = new PcapngReader(reader.get());
        assertThat(pcapng.packets()).hasSize(500);
        assertThat(pcapng.statistics()).hasSize(1);
        assertThat(recorder.stats()).isEqualTo(new PcapngRecorder.Stats(500, 500, 0, null));
    }

    @Test
    void readerThatStallsCostsPacketsAndBoundedTimeAtTheEnd() throws Exception {
        Path pipe = pipe();
        CompletableFuture<InputStream> opening = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.newInputStream(pipe);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        PcapngRecorder recorder = open(pipe);
        PacketSink sink = recorder.addInterface("guest1", "");
        try (InputStream reader = opening.get()) {
            for (int i = 0; i < 20_000; i++) {
                record(sink, Direction.INBOUND, data(1_514, i));
                if (i % 100 == 0) {
                    loop.advance(Duration.ofMillis(10));
                }
            }
            assertThat(recorder.stats().lost()).as("16 MiB are kept").isBetween(5_000L, 20_000L);

            long before = System.nanoTime();
            recorder.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));

            PcapngRecorder.Stats stats = recorder.stats();
            assertThat(stats.captured()).isEqualTo(20_000);
            assertThat(stats.written() + stats.lost()).isEqualTo(20_000);
            assertThat(stats.error()).isEqualTo("not written out within 2 s");
            assertThat(warnings).hasSize(1);
            assertThat(reader.read()).as("the recording's first byte").isEqualTo(0x0a);
        }
    }

    @Test
    void slowTrickleIntoAStalledPipeIsNotLostBeforeTheMemoryIsFull() throws Exception {
        Path pipe = pipe();
        PcapngRecorder recorder = open(pipe);
        PacketSink sink = recorder.addInterface("guest1", "");
        for (int i = 0; i < 400; i++) {
            record(sink, Direction.INBOUND, data(60, i));
            loop.advance(Duration.ofMillis(200));
        }
        assertThat(recorder.stats().lost()).isZero();

        byte[] read;
        try (InputStream reader = Files.newInputStream(pipe)) {
            // Less than the 64 KiB that a pipe holds, so that no reading thread is needed.
            until(() -> recorder.stats().written() == 400);
            recorder.close();
            read = reader.readAllBytes();
        }
        assertThat(new PcapngReader(read).packets()).hasSize(400);
    }

    @Test
    void pipeThatNobodyOpensHoldsUpNeitherStartNorEnd() throws Exception {
        Path pipe = pipe();
        PcapngRecorder recorder = open(pipe);
        record(recorder.addInterface("guest1", ""), Direction.INBOUND, data(60, 1));
        recorder.close();

        assertThat(recorder.stats()).isEqualTo(new PcapngRecorder.Stats(1, 0, 1, "not written out within 2 s"));
        try (InputStream reader = Files.newInputStream(pipe)) {
            assertThat(reader.readAllBytes())
                    .as("nothing is written after the end")
                    .isEmpty();
        }
    }

    @Test
    void readerThatLeavesStopsTheRecording() throws Exception {
        Path pipe = pipe();
        CompletableFuture<InputStream> opening = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.newInputStream(pipe);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        PcapngRecorder recorder = open(pipe);
        PacketSink sink = recorder.addInterface("guest1", "");
        opening.get().close();
        until(() -> {
            record(sink, Direction.INBOUND, data(60, 1));
            return !warnings.isEmpty();
        });
        recorder.close();
        assertThat(recorder.stats().error()).isEqualTo("Broken pipe");
        assertThat(recorder.stats().written()).isLessThan(recorder.stats().captured());
    }
}
