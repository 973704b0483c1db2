package org.slipway.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;

/**
 * A recording of many ports in one pcapng file, with nanoseconds, directions, and a comment at each packet that was
 * dropped. A thread of its own writes; a disk that is slow or full, or a pipe that nobody reads, costs packets of the
 * recording, which are counted, and never time of the network.
 *
 * <p>The file grows by whole blocks, at least every 100 ms while packets pass, so a killed process leaves one that opens.
 */
public final class PcapngRecorder implements AutoCloseable {

    /** How many bytes of a packet are kept: any frame whole, 64 KiB segments included. */
    public static final int SNAP_LENGTH = 131_072;

    /** Written by one call of the system; a multiple of the snap length. */
    private static final int CHUNK_BYTES = 256 * 1_024;

    /** Together 16 MiB: a tenth of a second of a 1 Gbit/s flood, or minutes of a calm network, without a disk. */
    private static final int MAX_CHUNKS = 64;

    /** A guest that plugs in again and again must not let the list grow for ever; later ports share the last. */
    private static final int MAX_INTERFACES = 4_096;

    /** How long closing waits for a disk that does not take the rest. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /**
     * What the recorder did.
     *
     * @param captured packets seen
     * @param written packets that are in the file
     * @param lost packets that could not be written, because the disk was slow or full
     * @param error why writing stopped, or null
     */
    public record Stats(
            long captured,
            long written,
            long lost,
            @Nullable String error) {}

    private final Path file;
    private final Consumer<String> warning;
    private final List<CaptureInterface> interfaces = new CopyOnWriteArrayList<>();
    private final PcapngWriter writer;
    private final PacketQueue queue;
    private boolean warned;
    private volatile boolean closed;

    private PcapngRecorder(
            Path file, Callable<FileChannel> opened, boolean regular, Loop loop, Consumer<String> warning) {
        this.file = file;
        this.warning = warning;
        String version = PcapngRecorder.class.getPackage().getImplementationVersion();
        String application = version == null ? "Slipway" : "Slipway " + version;
        writer = new PcapngWriter(opened, regular, loop, application, SNAP_LENGTH, interfaces);
        queue = new PacketQueue(
                loop, "slipway-recorder", CHUNK_BYTES, MAX_CHUNKS, SNAP_LENGTH, writer, this::warnOfError);
    }

    /**
     * Opens {@code file}, whose former content is lost, and starts to write. A pipe is opened by the writing thread,
     * since that waits for its reader.
     *
     * @param warning told once, on the loop, when writing has failed: one line without a full stop
     * @throws RecordingException if the file cannot be opened
     */
    public static PcapngRecorder open(Path file, Loop loop, Consumer<String> warning) {
        try {
            boolean regular = !Files.exists(file) || Files.isRegularFile(file);
            Callable<FileChannel> opening = () -> FileChannel.open(
                    file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            boolean mayBlock = !regular && !Files.isDirectory(file) && Files.isWritable(file);
            FileChannel opened = mayBlock ? null : opening.call();
            return start(file, opened == null ? opening : () -> opened, regular, loop, warning);
        } catch (IOException e) {
            throw new RecordingException("cannot record to '" + file + "': " + FileErrors.reason(e), e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts to write to what {@code opening} opens on the writer's thread; the rest as in {@link #open}. */
    static PcapngRecorder start(
            Path file, Callable<FileChannel> opening, boolean regular, Loop loop, Consumer<String> warning) {
        PcapngRecorder recorder = new PcapngRecorder(file, opening, regular, loop, warning);
        recorder.queue.start();
        return recorder;
    }

    /** Adds a port, at any time, on the loop. Give the result to that port's {@link RecordingPort}. */
    public PacketSink addInterface(String portName, String description) {
        CaptureInterface port = interfaces.size() < MAX_INTERFACES
                ? new CaptureInterface(interfaces.size(), portName, description)
                : interfaces.get(MAX_INTERFACES - 1);
        if (port.id() == interfaces.size()) {
            interfaces.add(port);
        }
        return new PacketSink() {
            @Override
            public long packet(Frame frame, Direction direction, long epochNanos) {
                port.captured().add(1);
                long mark = queue.add(frame, port.id(), direction, epochNanos);
                if (mark == NO_MARK) {
                    warnOfError();
                }
                return mark;
            }

            @Override
            public void dropped(long mark, DropReason reason) {
                queue.dropped(mark, reason);
            }
        };
    }

    /** Where it writes. */
    public Path file() {
        return file;
    }

    /** What it did so far; packets on their way are neither written nor lost. Any thread. */
    public Stats stats() {
        long captured = queue.captured();
        long written = writer.written();
        long lost = closed ? captured - written : queue.lost() + writer.lost();
        return new Stats(captured, written, lost, writer.error());
    }

    /**
     * Hands what is left to the writing thread. Called once no frame passes any more, on the loop or when the loop has ended;
     * {@link #close} follows, on any thread. Harmless when repeated.
     */
    public void finish() {
        queue.finish();
    }

    /**
     * Writes out what is left and closes the file, within two seconds: what a stalled disk or reader has not taken by
     * then is lost. Called after {@link #finish}, or as that. Harmless when repeated.
     */
    @Override
    public void close() {
        if (!closed) {
            queue.finish();
            if (!queue.await(CLOSE_PATIENCE)) {
                writer.abandon("not written out within " + CLOSE_PATIENCE.toSeconds() + " s");
            }
            closed = true;
            warnOfError();
        }
    }

    private void warnOfError() {
        String error = writer.error();
        if (error != null && !warned) {
            warned = true;
            warning.accept("recording to '" + file + "' stopped: " + error);
        }
    }
}
