package org.slipway.tap;

import io.netty.channel.unix.Buffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Two TCP sockets of this host that are connected with each other; a pair of Unix sockets would do, if smbd could say who the
 * peer is. Closed on exec. Whoever else connects to the loopback at the same time does not get between.
 *
 * @param near non-blocking
 * @param far blocking
 */
record LoopbackPair(int near, int far) {

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;

    private static final int ADDRESS_LENGTH = 16;

    /** Behind strangers, ours is still in the queue. */
    private static final int BACKLOG = 16;

    /**
     * Opens a pair. Blocks for a moment.
     *
     * @throws LibcException if there are no descriptors, or no loopback
     */
    static LoopbackPair open(Libc libc, SpawnFunctions functions) {
        int listener = socket(libc);
        int far = -1;
        try {
            ByteBuffer address = address();
            long at = Buffer.memoryAddress(address);
            libc.check(libc.result(functions.bind(listener, at, ADDRESS_LENGTH)), "bind to the loopback");
            libc.check(libc.result(functions.listen(listener, BACKLOG)), "listen on the loopback");
            own(libc, functions, listener, address);
            far = socket(libc);
            libc.check(libc.connect(far, at, ADDRESS_LENGTH), "connect to the loopback");
            own(libc, functions, far, address);
            return new LoopbackPair(accept(libc, functions, listener, address), far);
        } catch (LibcException e) {
            if (far >= 0) {
                functions.close(far);
            }
            throw e;
        } finally {
            functions.close(listener);
        }
    }

    private static int socket(Libc libc) {
        return libc.check(libc.socket(NativeMessage.AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "open a socket");
    }

    /** 127.0.0.1 and no port. */
    private static ByteBuffer address() {
        ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_LENGTH).order(ByteOrder.nativeOrder());
        address.putShort(0, (short) NativeMessage.AF_INET);
        return address.put(4, new byte[] {127, 0, 0, 1});
    }

    private static ByteBuffer length() {
        return ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, ADDRESS_LENGTH);
    }

    private static void own(Libc libc, SpawnFunctions functions, int fd, ByteBuffer address) {
        ByteBuffer length = length();
        int result = functions.getsockname(fd, Buffer.memoryAddress(address), Buffer.memoryAddress(length));
        libc.check(libc.result(result), "ask for a socket's address");
        Reference.reachabilityFence(length);
    }

    /** The connection that comes from {@code expected}. */
    private static int accept(Libc libc, SpawnFunctions functions, int listener, ByteBuffer expected) {
        ByteBuffer peer = address();
        while (true) {
            ByteBuffer length = length();
            int result = functions.accept4(
                    listener, Buffer.memoryAddress(peer), Buffer.memoryAddress(length), SOCK_NONBLOCK | SOCK_CLOEXEC);
            int fd = libc.check(libc.result(result), "accept a connection of the loopback");
            Reference.reachabilityFence(length);
            if (peer.equals(expected)) {
                return fd;
            }
            functions.close(fd);
        }
    }
}
