package org.slipway.nat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Knows which of the processes that it has started are there, and leaves none behind. Any thread. */
public final class TrackedProcesses implements SocketProcesses, AutoCloseable {

    private final SocketProcesses starter;
    private final Set<Started> running = new HashSet<>();
    private boolean closed;

    /** Starts processes through {@code starter}. */
    public TrackedProcesses(SocketProcesses starter) {
        this.starter = starter;
    }

    @Override
    public boolean isSupported() {
        return starter.isSupported();
    }

    /** One at a time, so that none is being started when this is closed. */
    @Override
    public synchronized Started start(List<String> command, Path errors) throws IOException {
        if (closed) {
            throw new IOException("the network is over");
        }
        Started started = starter.start(command, errors);
        running.add(started);
        started.ended().whenComplete((end, failure) -> forget(started));
        return started;
    }

    private synchronized void forget(Started started) {
        running.remove(started);
    }

    private synchronized List<Started> last() {
        closed = true;
        return List.copyOf(running);
    }

    /** Starts none any more, ends those that are left, and waits for that: for the time of grace and a second at most. */
    @Override
    public void close() {
        List<Started> left = last();
        left.forEach(started -> Processes.end(started.process()));
        CompletableFuture<?>[] ends = left.stream().map(Started::ended).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends)
                    .orTimeout(Processes.GRACE_SECONDS + 1, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            // Not even SIGKILL ends what waits for a device.
            return;
        }
    }
}
