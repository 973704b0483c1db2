package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The standard input and output of a process as a stream. Pipes of the JDK block, so two threads of its own read and write;
 * all else, the listener's calls among it, is on the network's loop.
 *
 * <p>What the process does not read before it ends or closes its input is thrown away, as in a shell's pipe: an answer that
 * is on its way must not be lost for it.
 */
final class ProcessStream implements HostStream {

    private static final int READ_BYTES = 65_536;

    /** Says that nothing follows. */
    private static final ByteBuf END = Unpooled.unreleasableBuffer(Unpooled.buffer(0, 0));

    private final Executor loop;
    private final BlockingQueue<ByteBuf> toWrite = new LinkedBlockingQueue<>();
    private final Semaphore mayRead = new Semaphore(0);
    private @Nullable HostStreamListener listener;
    private long pendingBytes;
    private boolean reading;

    /** Whether the reading thread waits to be told to go on. */
    private boolean readerWaits = true;

    private volatile boolean abandoned;
    private volatile @Nullable Process process;

    private ProcessStream(Executor loop, HostStreamListener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /**
     * Starts {@code command}.
     *
     * @param loop runs what it is given on the network's loop
     * @param ended is run on any thread when there is no process any more, once
     */
    static ProcessStream start(List<String> command, Executor loop, HostStreamListener listener, Runnable ended) {
        ProcessStream stream = new ProcessStream(loop, listener);
        thread("start", () -> stream.run(command, ended));
        return stream;
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, "slipway-command-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    // ---- on threads of its own

    private void run(List<String> command, Runnable ended) {
        Process started;
        try {
            started = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            ended.run();
            onLoop(this::startFailed);
            return;
        }
        process = started;
        started.onExit().thenRun(ended);
        if (abandoned) {
            Processes.end(started.toHandle());
        }
        thread("input", () -> write(started.getOutputStream()));
        onLoop(this::started);
        read(started.getInputStream());
    }

    private void write(OutputStream out) {
        try (out) {
            boolean discards = false;
            for (ByteBuf data = toWrite.take(); data != END; data = toWrite.take()) {
                int length = data.readableBytes();
                try {
                    discards = discards || !write(data, out);
                } finally {
                    data.release();
                }
                onLoop(() -> written(length));
            }
        } catch (IOException | InterruptedException e) {
            // The process has closed its end before: nothing is lost by it.
            return;
        }
    }

    /** False if the process does not read any more. */
    private static boolean write(ByteBuf data, OutputStream out) {
        try {
            data.readBytes(out, data.readableBytes());
            out.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void read(InputStream in) {
        byte[] bytes = new byte[READ_BYTES];
        try (in) {
            while (true) {
                mayRead.acquire();
                int length = in.read(bytes);
                if (length < 0) {
                    break;
                }
                ByteBuf data =
                        PooledByteBufAllocator.DEFAULT.directBuffer(length).writeBytes(bytes, 0, length);
                if (!onLoop(() -> received(data))) {
                    data.release();
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // As if it had ended: there is nothing more to come.
        }
        onLoop(this::inputEnded);
    }

    /** False if the network is over. */
    private boolean onLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    // ---- on the network's loop

    private void started() {
        HostStreamListener to = listener;
        if (to != null) {
            to.connected();
        }
    }

    private void startFailed() {
        HostStreamListener to = listener;
        listener = null;
        if (to != null) {
            to.connectFailed(ConnectFailure.REFUSED);
        }
    }

    private void received(ByteBuf data) {
        HostStreamListener to = listener;
        readerWaits = true;
        if (to == null) {
            data.release();
            // Nobody listens, but a process that is blocked would never end.
            goOn();
            return;
        }
        to.received(data);
        if (reading) {
            goOn();
        }
    }

    private void goOn() {
        if (readerWaits) {
            readerWaits = false;
            mayRead.release();
        }
    }

    private void inputEnded() {
        HostStreamListener to = listener;
        if (to != null) {
            to.inputEnded();
        }
    }

    private void written(int bytes) {
        pendingBytes -= bytes;
        HostStreamListener to = listener;
        if (to != null) {
            to.written(bytes);
        }
    }

    @Override
    public void write(ByteBuf data) {
        pendingBytes += data.readableBytes();
        toWrite.add(data);
    }

    @Override
    public void flush() {
        // The writing thread does not wait for it.
    }

    @Override
    public long pendingBytes() {
        return pendingBytes;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        if (on) {
            goOn();
        }
    }

    @Override
    public void shutdownOutput() {
        toWrite.add(END);
    }

    @Override
    public void close() {
        listener = null;
        toWrite.add(END);
        goOn();
    }

    @Override
    public void reset() {
        listener = null;
        abandoned = true;
        for (ByteBuf data = toWrite.poll(); data != null; data = toWrite.poll()) {
            data.release();
        }
        toWrite.add(END);
        goOn();
        Process running = process;
        if (running != null) {
            Processes.end(running.toHandle());
        }
    }
}
