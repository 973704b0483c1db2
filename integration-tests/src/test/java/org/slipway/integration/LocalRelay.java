package org.slipway.integration;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slipway.network.InMemoryGuest;
import org.slipway.network.InMemoryStream;
import org.slipway.wire.IpAddress;

/**
 * Lets programs of this host use a guest's connections: each connection to a port of the loopback goes on as one of the guest
 * in memory.
 */
final class LocalRelay implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final InMemoryGuest guest;
    private final IpAddress remote;
    private final int remotePort;

    /** Where connections of {@code guest} go. */
    LocalRelay(InMemoryGuest guest, IpAddress remote, int remotePort) throws IOException {
        this.guest = guest;
        this.remote = remote;
        this.remotePort = remotePort;
        beside(this::accept);
    }

    /** Where programs of this host connect to. */
    int port() {
        return server.getLocalPort();
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    private static void beside(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // One of the two ends is gone.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket local = server.accept();
            beside(() -> join(local));
        }
    }

    private void join(Socket local) throws IOException {
        try (local) {
            InMemoryStream stream = guest.connect(remote, remotePort).join();
            BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
            stream.onReceived(received::add, () -> received.add(new byte[0]));
            OutputStream out = local.getOutputStream();
            beside(() -> {
                try (local) {
                    for (byte[] bytes = received.take(); bytes.length > 0; bytes = received.take()) {
                        out.write(bytes);
                    }
                }
            });
            byte[] buffer = new byte[65_536];
            try {
                for (int length = local.getInputStream().read(buffer); length >= 0; ) {
                    stream.send(java.util.Arrays.copyOf(buffer, length));
                    length = local.getInputStream().read(buffer);
                }
            } finally {
                stream.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
