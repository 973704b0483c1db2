package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slipway.nat.UdpErrorQueue;
import org.slipway.nat.UdpFailure;
import org.slipway.wire.IpAddress;

/** The error queues of Linux (IP_RECVERR, IPV6_RECVERR). */
public final class UdpErrors implements UdpErrorQueue {

    private static final int MSG_DONTWAIT = 0x40;

    /** As many as a link's: others are to have their turn too. The kernel tells again that there are more. */
    private static final int MESSAGES_PER_TURN = 64;

    /** More than Linux quotes of a packet (576 bytes). */
    private static final int RECEIVE_LENGTH = 1024;

    private final NativeMessage message = new NativeMessage();

    private UdpErrors() {}

    /** The error queues of sockets on {@code loop}, or {@link UdpErrorQueue#NONE} if it or this system has none. */
    public static UdpErrorQueue on(IoEventLoop loop) {
        return Libc.isSupported() && loop.isCompatible(EpollIoHandle.class) ? new UdpErrors() : NONE;
    }

    /** False too while the means to call the system are still loading, which is begun here and does not hold the loop. */
    @Override
    public boolean enable(int fd, boolean ipv4) {
        Libc libc = Libc.getOrLoad();
        IcmpFamily family = family(ipv4);
        return libc != null
                && libc.setsockopt(fd, family.level, family.errors, message.writeInt(1), Integer.BYTES) == 0;
    }

    private static IcmpFamily family(boolean ipv4) {
        return ipv4 ? IcmpFamily.IPV4 : IcmpFamily.IPV6;
    }

    @Override
    public List<UdpFailure> take(int fd, boolean ipv4) {
        Libc libc = Libc.get();
        List<UdpFailure> failures = List.of();
        ByteBuf quoted = PooledByteBufAllocator.DEFAULT.directBuffer(RECEIVE_LENGTH, RECEIVE_LENGTH);
        try {
            for (int i = 0; i < MESSAGES_PER_TURN; i++) {
                int flags = ExtendedError.MSG_ERRQUEUE | MSG_DONTWAIT;
                int length = libc.recvmsg(fd, message.receiveInto(quoted), flags);
                if (length < 0) {
                    break;
                }
                ExtendedError error = ExtendedError.of(message, family(ipv4));
                IpAddress destination = message.source();
                if (error != null && destination != null) {
                    failures = failures.isEmpty() ? new ArrayList<>() : failures;
                    failures.add(failure(error, destination, quoted, length));
                }
            }
        } finally {
            quoted.release();
        }
        return failures;
    }

    private UdpFailure failure(ExtendedError error, IpAddress destination, ByteBuf quoted, int length) {
        InetSocketAddress to = new InetSocketAddress(destination.toInetAddress(), message.sourcePort());
        byte[] quote = new byte[Math.min(length, RECEIVE_LENGTH)];
        quoted.getBytes(quoted.writerIndex(), quote);
        return new UdpFailure(error.type(), error.code(), error.mtu(), error.offender(), to, length, quote);
    }
}
