package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slipway.loop.Transport;

/** A UDP socket over a Netty channel. */
final class NettyHostUdpSocket extends ChannelInboundHandlerAdapter implements HostUdpSocket {

    /** Beyond this the host does not keep up, and datagrams are lost, as UDP allows. */
    private static final int MAX_PENDING_BYTES = 1 << 20;

    /** Each may fail for the errors that the one before had. */
    private static final int MAX_ATTEMPTS = 4;

    private final HostUdpListener listener;
    private final Channel channel;
    private final UdpChannel.EmptySender empty;
    private final UdpMarks marks;
    private final SentDatagrams sent = new SentDatagrams();

    /** Datagrams that failed for the error of an earlier one. */
    private final List<DatagramPacket> again = new ArrayList<>();

    private final boolean ipv4;
    private final UdpErrorQueue errors;
    private boolean errorsEnabled;

    /** Something was sent since errors were last looked for. */
    private boolean errorsPossible;

    private boolean flushing;
    private boolean closed;

    /** Takes over {@code channel}, of whose pipeline it is to be made a part. */
    NettyHostUdpSocket(UdpChannel channel, HostUdpListener listener, UdpErrorQueue errors) {
        this.channel = channel.channel();
        this.empty = channel.empty();
        marks = new UdpMarks(channel.channel(), channel.ipv4());
        this.ipv4 = channel.ipv4();
        this.listener = listener;
        this.errors = this.channel instanceof UnixChannel ? errors : UdpErrorQueue.NONE;
        enableErrors();
    }

    private void enableErrors() {
        if (!errorsEnabled && errors != UdpErrorQueue.NONE) {
            errorsEnabled = errors.enable(fd(), ipv4);
        }
    }

    private int fd() {
        return ((UnixChannel) channel).fd().intValue();
    }

    @Override
    public InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void mark(int timeToLive, int typeOfService, boolean dontFragment) {
        boolean failsIfTooBig = dontFragment && errorsEnabled;
        if (!closed && !marks.are(timeToLive, typeOfService, failsIfTooBig)) {
            // What waits has other marks.
            flush();
            marks.set(timeToLive, typeOfService, failsIfTooBig);
        }
    }

    @Override
    public void send(ByteBuf payload, InetSocketAddress to) {
        if (to.getAddress().isMulticastAddress()) {
            // What waits has the same marks, or was flushed when they changed.
            marks.extendToGroups();
        }
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (closed || queue == null || queue.totalPendingWriteBytes() > MAX_PENDING_BYTES) {
            payload.release();
        } else if (!payload.isReadable()) {
            payload.release();
            sendEmpty(to);
        } else {
            write(new DatagramPacket(payload, to));
        }
    }

    private void write(DatagramPacket packet) {
        sent.add(packet.recipient(), packet.content(), errorsEnabled);
        channel.write(packet, channel.voidPromise());
    }

    private void sendEmpty(InetSocketAddress to) {
        // Behind what was sent before.
        flush();
        sent.add(to, Unpooled.EMPTY_BUFFER, false);
        try {
            sendEmptyTo(to);
        } catch (IOException e) {
            refused(e, 0);
        }
    }

    /** What fails here first may be the error of an earlier datagram. */
    private void sendEmptyTo(InetSocketAddress to) throws IOException {
        try {
            empty.sendTo(to);
        } catch (IOException e) {
            if (tellErrors().isEmpty()) {
                throw e;
            }
            empty.sendTo(to);
        }
        errorsPossible = true;
    }

    @Override
    public void flush() {
        if (!closed) {
            enableErrors();
            errorsPossible = true;
            flushing = true;
            channel.flush();
            for (int i = 0; i < MAX_ATTEMPTS && !again.isEmpty(); i++) {
                List<DatagramPacket> packets = List.copyOf(again);
                again.clear();
                packets.forEach(this::write);
                channel.flush();
            }
            flushing = false;
            releaseSent();
        }
    }

    private void releaseSent() {
        again.forEach(DatagramPacket::release);
        again.clear();
        sent.release();
    }

    @Override
    public void close() {
        closed = true;
        channel.close();
        if (!flushing) {
            releaseSent();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket packet = (DatagramPacket) message;
        try {
            if (!closed) {
                listener.received(packet.content(), packet.sender());
            }
        } finally {
            packet.release();
        }
    }

    /**
     * The end of a wake-up. An error wakes the socket too, and fails the next read; but if a write came first, that has
     * failed in its place, which Netty does not always tell.
     */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (errorsPossible) {
            errorsPossible = false;
            tellErrors();
        }
    }

    /** An ICMP error about an earlier datagram, a refusal of this one, or a passing shortage: the socket goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        int after = flushing && queue != null ? queue.size() : -1;
        List<UdpFailure> failures = tellErrors();
        if (failures.isEmpty()) {
            refused(cause, after);
            return;
        }
        UdpFailure tooBig = sent.tooBig(after, failures);
        if (tooBig != null) {
            tell(tooBig);
            return;
        }
        InetSocketAddress to = sent.destination(after);
        ByteBuf payload = sent.payload(after);
        if (to != null && payload != null && !closed) {
            again.add(new DatagramPacket(payload.retain(), to));
        }
    }

    /** The host would not send the datagram that {@code after} others followed; if that is -1, something else failed. */
    private void refused(Throwable cause, int after) {
        UdpFailure failure = sent.failure(after, Transport.reason(cause));
        if (failure != null) {
            tell(failure);
        }
    }

    private void tell(UdpFailure failure) {
        if (!closed) {
            listener.failed(failure);
        }
    }

    /** Takes what the host has to tell, and tells it, but for what concerns a datagram that it is just being given. */
    private List<UdpFailure> tellErrors() {
        if (!errorsEnabled || closed || !channel.isOpen()) {
            return List.of();
        }
        List<UdpFailure> failures = errors.take(fd(), ipv4);
        for (UdpFailure failure : failures) {
            if (!failure.isTooBigForHost()) {
                tell(failure);
            }
        }
        return failures;
    }
}
