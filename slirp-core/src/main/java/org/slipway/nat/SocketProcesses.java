package org.slipway.nat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Starts processes whose standard input and output are a TCP socket, as inetd starts them: servers that ask who their peer is
 * take no pipe, which is all that Java has. The peer is the host itself. Any thread.
 */
public interface SocketProcesses {

    /** Starts none. */
    SocketProcesses NONE = new SocketProcesses() {
        @Override
        public boolean isSupported() {
            return false;
        }

        @Override
        public Started start(List<String> command, Path errors) throws IOException {
            throw new IOException("this system starts no processes on sockets");
        }
    };

    /** Whether this system can do it. */
    boolean isSupported();

    /**
     * Starts {@code command}. Blocks for as long as starting takes, some milliseconds.
     *
     * @param command the program, with its directory, and its arguments
     * @param errors the file to whose end goes what the process writes to standard error
     * @throws IOException if it cannot be started; nothing is left of it then
     */
    Started start(List<String> command, Path errors) throws IOException;

    /**
     * A process that was started.
     *
     * @param socket the descriptor of the other end of its socket, non-blocking; to be closed by who asked for it
     * @param process for signals
     * @param ended completes on any thread when there is no such process any more
     */
    record Started(int socket, ProcessHandle process, CompletableFuture<?> ended) {}
}
