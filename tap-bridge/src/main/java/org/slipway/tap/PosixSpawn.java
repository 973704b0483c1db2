package org.slipway.tap;

import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jnr.ffi.LibraryLoader;
import org.slipway.nat.SocketProcesses;

/** Starts processes by posix_spawn: see {@link SpawnAttempt} for what they have. */
final class PosixSpawn implements SocketProcesses {

    private static final int WNOHANG = 1;

    private final boolean closesFrom;

    /** @param closesFrom whether to let the C library close all descriptors from a certain one on, if it can */
    PosixSpawn(boolean closesFrom) {
        this.closesFrom = closesFrom;
    }

    /** Loads the functions when the first process is started. */
    private static final class Holder {

        static final SpawnFunctions FUNCTIONS =
                LibraryLoader.create(SpawnFunctions.class).load("c");
    }

    /** Processes whose sockets go to {@code loop}, or {@link SocketProcesses#NONE} if it or this system has none. */
    static SocketProcesses on(IoEventLoop loop) {
        return Libc.isSupported() && loop.isCompatible(EpollIoHandle.class) ? new PosixSpawn(true) : NONE;
    }

    @Override
    public boolean isSupported() {
        return true;
    }

    @Override
    public Started start(List<String> command, Path errors) throws IOException {
        Libc libc = Libc.get();
        SpawnFunctions functions = Holder.FUNCTIONS;
        try {
            LoopbackPair pair = LoopbackPair.open(libc, functions);
            try {
                int pid = new SpawnAttempt(libc, functions, command).start(pair.far(), errors, closesFrom);
                return started(pair.near(), pid);
            } catch (LibcException | IOException e) {
                functions.close(pair.near());
                throw e;
            } finally {
                functions.close(pair.far());
            }
        } catch (LibcException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Started started(int socket, int pid) {
        // It stays, if only as a zombie, until it is waited for.
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        // The JDK tells when it has ended, but leaves the zombie: it was not the JDK that has started it.
        return new Started(
                socket, process, process.onExit().thenRunAsync(() -> Holder.FUNCTIONS.waitpid(pid, 0, WNOHANG)));
    }
}
