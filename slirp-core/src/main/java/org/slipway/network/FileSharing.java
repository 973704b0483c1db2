package org.slipway.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slipway.gateway.SmbShare;
import org.slipway.nat.GuestForward;
import org.slipway.nat.SocketProcesses;
import org.slipway.nat.TrackedProcesses;
import org.slipway.network.NetworkListener.Kind;
import org.slipway.service.SmbServer;
import org.slipway.wire.IpAddress;

/** A directory shared by SMB while a network runs: forwards from guests, each connection to an smbd of its own. */
final class FileSharing implements AutoCloseable {

    private final SmbShare share;
    private final SmbServer server;
    private final TrackedProcesses processes;
    private final Executor blocking;
    private final NetworkListener listener;

    /** On the network's loop. */
    private boolean silenceTold;

    private FileSharing(
            SmbShare share, SmbServer server, SocketProcesses processes, Executor blocking, NetworkListener listener) {
        this.share = share;
        this.server = server;
        this.processes = new TrackedProcesses(processes);
        this.blocking = blocking;
        this.listener = listener;
    }

    /**
     * Prepares it; blocks.
     *
     * @param processes starts the smbd
     * @param blocking runs what may block
     * @throws NetworkException if that is impossible, with the reason
     */
    static FileSharing start(SmbShare share, SocketProcesses processes, Executor blocking, NetworkListener listener) {
        if (!processes.isSupported()) {
            throw new NetworkException(
                    "smb=" + share.directory() + ": smbd can be started on Linux on x86-64 and aarch64 only");
        }
        try {
            return new FileSharing(share, SmbServer.prepare(share.directory()), processes, blocking, listener);
        } catch (IOException e) {
            throw new NetworkException("smb=" + share.directory() + ": " + e.getMessage(), e);
        }
    }

    /** Starts the smbd. */
    SocketProcesses processes() {
        return processes;
    }

    /** The forwards that lead guests to it. */
    List<GuestForward> forwards() {
        GuestForward.Daemon smbd = new GuestForward.Daemon(server.command(), server.errors(), this::silent);
        List<GuestForward> forwards = new ArrayList<>();
        for (IpAddress address : share.servers()) {
            for (int port : SmbShare.PORTS) {
                forwards.add(new GuestForward("smb", address, port, smbd));
            }
        }
        return forwards;
    }

    /** What users are told of it. */
    String description() {
        return "guests find " + share.directory() + " at "
                + share.servers().stream()
                        .map(address -> "\\\\" + address + "\\" + SmbServer.SHARE)
                        .collect(Collectors.joining(" and "));
    }

    private void silent() {
        if (silenceTold) {
            return;
        }
        silenceTold = true;
        try {
            blocking.execute(() -> listener.event(
                    Kind.WARNING, "smbd has ended without a word to a guest; its last line: " + server.lastWord()));
        } catch (RejectedExecutionException e) {
            // The next one may find room.
            silenceTold = false;
        }
    }

    /** Ends all smbd, and deletes what they leave. Blocks for a moment; to be called when guests have no connection any more. */
    @Override
    public void close() {
        processes.close();
        server.close();
    }
}
