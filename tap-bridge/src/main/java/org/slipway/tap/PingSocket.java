package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.EchoListener;
import org.slipway.nat.EchoSocket;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;

/** One ping socket, or a raw socket in the place of one, on Netty's epoll loop. */
final class PingSocket implements EpollIoHandle, EchoSocket {

    /** In the place of an identifier: the kernel writes its own, which is the socket's "port". */
    static final int KERNEL_CHOOSES = -1;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** The kernel fragments what is too big, and at first finds out what that is. */
    private static final int IP_PMTUDISC_WANT = 1;

    private static final int IP_PMTUDISC_DO = 2;

    /** DSCP alone: what becomes of an ECN mark is not seen. */
    private static final int DSCP = 0xfc;

    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int IDENTIFIER = 4;
    private static final int SEQUENCE = 6;
    private static final int HEADER_LENGTH = 8;

    /** As many as a link's: others are to have their turn too. */
    private static final int MESSAGES_PER_TURN = 64;

    /** The largest IP packet. */
    private static final int RECEIVE_LENGTH = 65_535;

    private final PingSockets owner;
    private final Libc libc;
    private final FileDescriptor fd;
    private final int identifier;
    private final IpAddress destination;
    private final IcmpFamily family;
    private final EchoListener listener;
    private @Nullable IoRegistration registration;
    private int timeToLive;
    private int typeOfService;
    private int discovery = IP_PMTUDISC_WANT;

    /** What the host said last of the path's MTU when it refused to send. */
    private int mtu;

    private boolean connected;
    private boolean closed;

    PingSocket(PingSockets owner, Libc libc, int fd, int identifier, IpAddress destination, EchoListener listener) {
        this.owner = owner;
        this.libc = libc;
        this.fd = new FileDescriptor(fd);
        this.identifier = identifier;
        this.destination = destination;
        this.listener = listener;
        family = IcmpFamily.of(destination);
    }

    /** Sends from {@code source} only. */
    void bind(IpAddress source) {
        NativeMessage message = owner.message();
        message.writeAddress(source);
        libc.check(
                libc.bind(fd.intValue(), message.addressPointer(), message.addressLength()),
                "send pings from " + source);
    }

    /** Sets the socket's options and has {@code loop}, which is the caller's, wait for it. */
    void register(IoEventLoop loop) {
        option(family.receiveTimeToLive, 1);
        option(family.errors, 1);
        Future<IoRegistration> registering = loop.register(this);
        if (!registering.isSuccess()) {
            throw new IllegalStateException("a loop registers at once what it is given by itself", registering.cause());
        }
        registration = registering.getNow();
        registration.submit(EpollIoOps.EPOLLIN);
    }

    private void option(int option, int value) {
        libc.check(trySetting(option, value), "set up a ping socket");
    }

    private int trySetting(int option, int value) {
        long address = owner.message().writeInt(value);
        return libc.setsockopt(fd.intValue(), family.level, option, address, Integer.BYTES);
    }

    @Override
    public void send(int sequence, int timeToLive, int typeOfService, boolean dontFragment, ByteBuf payload) {
        if (closed) {
            return;
        }
        int errno = connect();
        if (errno == 0) {
            mark(timeToLive, typeOfService & DSCP, dontFragment ? IP_PMTUDISC_DO : IP_PMTUDISC_WANT);
            errno = -sendRequest(sequence, payload);
        }
        if (errno > 0 && errno != Errno.EAGAIN && errno != Errno.ENOBUFS && !closed) {
            listener.failed(family.failure(errno, errno == Errno.EMSGSIZE ? mtu : 0, sequence));
        }
    }

    /** What the host does not allow is left as it was. */
    private void mark(int timeToLive, int typeOfService, int discovery) {
        if (timeToLive != this.timeToLive) {
            this.timeToLive = timeToLive;
            trySetting(family.timeToLive, timeToLive);
        }
        if (typeOfService != this.typeOfService) {
            this.typeOfService = typeOfService;
            trySetting(family.typeOfService, typeOfService);
        }
        if (discovery != this.discovery) {
            this.discovery = discovery;
            trySetting(family.discovery, discovery);
        }
    }

    /** The route may come later than the guest: what could not be connected is tried again with each request. */
    private int connect() {
        if (connected) {
            return 0;
        }
        NativeMessage message = owner.message();
        message.writeAddress(destination);
        int result = libc.connect(fd.intValue(), message.addressPointer(), message.addressLength());
        connected = result == 0;
        return -result;
    }

    private int sendRequest(int sequence, ByteBuf payload) {
        int length = HEADER_LENGTH + payload.readableBytes();
        ByteBuf request = PooledByteBufAllocator.DEFAULT.directBuffer(length);
        try {
            request.setByte(0, family.echoRequest);
            request.setByte(CODE, 0);
            request.setShort(CHECKSUM, 0);
            request.setShort(IDENTIFIER, identifier);
            request.setShort(SEQUENCE, sequence);
            request.setBytes(HEADER_LENGTH, payload, payload.readerIndex(), payload.readableBytes());
            // The kernel does it again for a ping socket and for IPv6, where it alone knows the source.
            request.setShort(CHECKSUM, InternetChecksum.finish(InternetChecksum.sum(request, 0, length)));
            long address = NativeMessage.address(request, 0);
            int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
            int result = libc.send(fd.intValue(), address, length, flags);
            if (result < 0 && result != -Errno.EAGAIN && result != -Errno.ENOBUFS) {
                // This may be the error of an earlier request, which is told once and then forgotten.
                mtu = 0;
                receiveErrors();
                boolean refused = result == -Errno.EMSGSIZE && mtu > 0;
                result = refused ? result : closed ? 0 : libc.send(fd.intValue(), address, length, flags);
            }
            return result;
        } finally {
            request.release();
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
            receiveErrors();
        }
        receiveReplies();
    }

    private void receiveErrors() {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(RECEIVE_LENGTH, RECEIVE_LENGTH);
        try {
            for (int i = 0; i < MESSAGES_PER_TURN && !closed; i++) {
                int length = libc.recvmsg(
                        fd.intValue(),
                        owner.message().receiveInto(buf.clear()),
                        ExtendedError.MSG_ERRQUEUE | MSG_DONTWAIT);
                if (length < 0) {
                    return;
                }
                error(buf, length);
            }
        } finally {
            buf.release();
        }
    }

    /** The kernel puts what it has of the request, from its ICMP header on, and tells of the error beside it. */
    private void error(ByteBuf request, int length) {
        ExtendedError error = ExtendedError.of(owner.message(), family);
        if (error != null && error.offender() == null) {
            mtu = error.mtu();
            return;
        }
        boolean quoted = length >= HEADER_LENGTH && request.getUnsignedByte(0) == family.echoRequest;
        boolean another =
                identifier != KERNEL_CHOOSES && !(quoted && request.getUnsignedShort(IDENTIFIER) == identifier);
        if (error != null && !another) {
            int sequence = quoted ? request.getUnsignedShort(SEQUENCE) : -1;
            listener.failed(
                    new EchoListener.Failure(error.type(), error.code(), error.mtu(), error.offender(), sequence));
        }
    }

    private void receiveReplies() {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(RECEIVE_LENGTH, RECEIVE_LENGTH);
        try {
            for (int i = 0; i < MESSAGES_PER_TURN && !closed; i++) {
                int length = libc.recvmsg(fd.intValue(), owner.message().receiveInto(buf.clear()), MSG_DONTWAIT);
                if (length == -Errno.EAGAIN) {
                    return;
                }
                if (length >= 0) {
                    reply(buf, length);
                }
                if (buf.refCnt() > 1) {
                    buf.release();
                    buf = PooledByteBufAllocator.DEFAULT.directBuffer(RECEIVE_LENGTH, RECEIVE_LENGTH);
                }
            }
        } finally {
            buf.release();
        }
    }

    private void reply(ByteBuf buf, int length) {
        int at = identifier != KERNEL_CHOOSES && family == IcmpFamily.IPV4 ? ipHeaderLength(buf, length) : 0;
        NativeMessage message = owner.message();
        // The kernel finds a ping socket by the identifier alone, so anybody may have sent this.
        if (length - at < HEADER_LENGTH
                || buf.getUnsignedByte(at) != family.echoReply
                || identifier != KERNEL_CHOOSES && buf.getUnsignedShort(at + IDENTIFIER) != identifier
                || !destination.equals(message.source())) {
            return;
        }
        int hops = message.control(family.level, family.receivedTimeToLive, Integer.BYTES);
        buf.setIndex(at + HEADER_LENGTH, length);
        listener.reply(buf.getUnsignedShort(at + SEQUENCE), hops < 0 ? -1 : message.intAt(hops), buf);
    }

    /** A raw socket of IPv4 gives the IP header too. */
    private static int ipHeaderLength(ByteBuf buf, int length) {
        return length == 0 ? 0 : (buf.getByte(0) & 0x0f) << 2;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (registration != null) {
            registration.cancel();
        }
        if (identifier != KERNEL_CHOOSES) {
            owner.release(identifier);
        }
        try {
            fd.close();
        } catch (IOException e) {
            // Linux gives the descriptor back even when it says that something went wrong.
            return;
        }
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }
}
