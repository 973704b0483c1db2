package org.slipway.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;

/**
 * Writes a recording, on a thread of its own: each call of the system writes whole blocks, so that the file of a killed
 * process opens. The first failure ends the writing; what comes after it is lost and counted.
 */
final class PcapngWriter implements PacketQueue.Consumer {

    /** Large enough that the calls of the system cost nothing, and for any packet. */
    private static final int STAGING_BYTES = 256 * 1_024;

    private final Callable<FileChannel> file;
    private final boolean regularFile;
    private final Loop loop;
    private final String application;
    private final int snapLength;
    private final List<CaptureInterface> interfaces;
    private final ByteBuffer staging = PcapngBlocks.allocate(STAGING_BYTES);
    private final LoopCounter written = new LoopCounter();
    private final LoopCounter lost = new LoopCounter();

    private volatile @Nullable FileChannel channel;
    private volatile @Nullable String error;
    private volatile boolean abandoned;
    private boolean writable = true;
    private int interfacesStaged;
    private int interfacesWritten;
    private int stagedPackets;
    private long committed;

    /**
     * A writer into the file that {@code file} opens.
     *
     * @param regularFile whether the file can be truncated after a failure
     * @param interfaces may grow meanwhile, on another thread
     */
    PcapngWriter(
            Callable<FileChannel> file,
            boolean regularFile,
            Loop loop,
            String application,
            int snapLength,
            List<CaptureInterface> interfaces) {
        this.file = file;
        this.regularFile = regularFile;
        this.loop = loop;
        this.application = application;
        this.snapLength = snapLength;
        this.interfaces = interfaces;
    }

    /** Packets that are in the file. Any thread. */
    long written() {
        return written.value();
    }

    /** Packets that reached this writer and are not in the file. Any thread. */
    long lost() {
        return lost.value();
    }

    /** Why writing stopped, or null. Any thread. */
    @Nullable
    String error() {
        return error;
    }

    /** Ends the writing for {@code reason} although the thread may hang in it. Any thread. */
    void abandon(String reason) {
        abandoned = true;
        if (error == null) {
            error = reason;
        }
        FileChannel open = channel;
        if (open != null) {
            // Closing waits for the hanging call to return, which on a dead network disk it never does.
            Thread closer = new Thread(() -> close(open), "slipway-recorder-close");
            closer.setDaemon(true);
            closer.start();
        }
    }

    @Override
    public boolean wantsMore() {
        return error == null;
    }

    @Override
    public void start() {
        try {
            channel = file.call();
            stageDescriptions();
            flush();
        } catch (Exception e) {
            fail(e);
        }
    }

    @Override
    public void accept(Chunk chunk) {
        long before = written.value();
        try {
            if (error == null) {
                stageDescriptions();
                for (int at = 0; at < chunk.used(); at = chunk.next(at)) {
                    stage(chunk, at);
                }
                flush();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
        lost.add(chunk.packets() - (written.value() - before));
    }

    private void stage(Chunk chunk, int at) throws IOException {
        makeRoom(PcapngBlocks.MAX_OVERHEAD + chunk.capturedLength(at));
        chunk.completeChecksum(at);
        DropReason reason = chunk.dropReason(at);
        PcapngBlocks.enhancedPacket(staging, chunk, at, reason == null ? null : "dropped: " + reason.label());
        interfaces.get(chunk.interfaceId(at)).stage();
        stagedPackets++;
    }

    /** The file begins with a section; an interface, which was added to the list before, stands before its packets. */
    private void stageDescriptions() throws IOException {
        if (committed == 0 && staging.position() == 0) {
            PcapngBlocks.sectionHeader(staging, System.getProperty("os.name", ""), application);
        }
        for (; interfacesStaged < interfaces.size(); interfacesStaged++) {
            makeRoom(PcapngBlocks.MAX_OVERHEAD);
            PcapngBlocks.interfaceDescription(staging, interfaces.get(interfacesStaged), snapLength);
        }
    }

    private void makeRoom(int bytes) throws IOException {
        if (staging.remaining() < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        staging.flip();
        int bytes = staging.remaining();
        while (staging.hasRemaining()) {
            if (abandoned) {
                throw new IOException("given up");
            }
            open.write(staging);
        }
        staging.clear();
        committed += bytes;
        settle(true);
    }

    private void settle(boolean inFile) {
        for (CaptureInterface port : interfaces) {
            port.settle(inFile);
        }
        written.add(inFile ? stagedPackets : 0);
        stagedPackets = 0;
        interfacesWritten = inFile ? interfacesStaged : interfacesWritten;
        interfacesStaged = interfacesWritten;
    }

    private void fail(Exception cause) {
        if (error == null) {
            error = FileErrors.reason(cause);
        }
        settle(false);
        staging.clear();
        writable = truncate();
    }

    /** Takes the half of a block off the file's end, so that it opens without complaint. Whether it is off. */
    private boolean truncate() {
        FileChannel open = channel;
        if (open == null || !regularFile || abandoned) {
            return false;
        }
        try {
            open.truncate(committed);
            return true;
        } catch (IOException e) {
            // The first failure has been told already; readers take a file that ends within a block, with a warning.
            return false;
        }
    }

    @Override
    public void end() {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        // After a full disk there may be room again for these few bytes, and they say what is missing.
        if (writable && !abandoned) {
            try {
                stageStatistics();
                flush();
            } catch (IOException e) {
                fail(e);
            }
        }
        close(open);
    }

    private void stageStatistics() throws IOException {
        stageDescriptions();
        for (CaptureInterface port : interfaces) {
            makeRoom(PcapngBlocks.MAX_OVERHEAD);
            long captured = port.captured().value();
            PcapngBlocks.interfaceStatistics(
                    staging, port.id(), loop.epochNanos(), captured, captured - port.written());
        }
    }

    private void close(FileChannel open) {
        try {
            open.close();
        } catch (IOException e) {
            if (error == null) {
                error = FileErrors.reason(e);
            }
        }
    }
}
