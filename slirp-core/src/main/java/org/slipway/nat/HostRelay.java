package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.tcp.CloseCause;
import org.slipway.tcp.Segment;
import org.slipway.tcp.StreamListener;
import org.slipway.tcp.TcpConnection;
import org.slipway.tcp.TcpState;

/**
 * Joins a guest's connection and a host's stream: bytes both ways, each side's FIN, each side's reset. Back-pressure runs
 * through it: bytes that the host's socket does not take keep the guest's window closed; bytes that the guest does not
 * acknowledge stop the reading of the host's socket.
 */
final class HostRelay implements StreamListener, HostStreamListener {

    /** Smaller pieces are gathered once several wait, lest each hold a large buffer for a few bytes. */
    private static final int GATHER_BELOW = 16_384;

    private static final int GATHER_CAPACITY = GATHER_BELOW;

    private static final int PINNED_SLICES = 8;

    private final TcpNat nat;
    private final TcpFlow flow;
    private @Nullable HostStream stream;
    private @Nullable PacketBeginning cause;
    private boolean reading;
    private boolean flushDue;
    private boolean hostFinReceived;
    private boolean guestFinReceived;
    private boolean connectionOver;
    private int pinned;

    /** Small pieces behind all that was given to the stream; goes there when full, or when nothing is in its way. */
    private @Nullable ByteBuf gathered;

    /** Whether the kernel has yet to take bytes of an earlier turn. */
    private boolean stalled;

    HostRelay(TcpNat nat, TcpFlow flow) {
        this.nat = nat;
        this.flow = flow;
        flow.beforeTransmit = this::flush;
        flow.abandoned = this::resetHost;
        flow.memoryChanged = this::regulateReading;
    }

    /** The guest's SYN, in {@code cause}, is answered when the host has connected. */
    void connect(HostSockets sockets, HostConnector connector, PacketBeginning cause) {
        this.cause = cause;
        stream = connector.connect(sockets, this);
    }

    /** The host's client is there; the guest is to be connected. */
    void accept(HostStream stream) {
        this.stream = stream;
        nat.connect(flow, this);
    }

    // ---- the host's side

    @Override
    public void connected() {
        Segment syn = flow.pendingSyn;
        if (syn == null) {
            resetHost();
        } else {
            nat.answer(flow, syn, this);
        }
    }

    @Override
    public void connectFailed(ConnectFailure failure) {
        connectFailed(failure, null);
    }

    @Override
    public void connectFailed(ConnectFailure failure, @Nullable UdpFailure told) {
        stream = null;
        PacketBeginning quoted = cause;
        if (quoted != null) {
            nat.refusePending(flow, failure, told, quoted);
        }
    }

    @Override
    public void received(ByteBuf data) {
        flow.connection().send(data);
        nat.account(flow);
        regulateReading();
        flow.wake();
    }

    @Override
    public void inputEnded() {
        hostFinReceived = true;
        flow.connection().close();
        flow.wake();
    }

    @Override
    public void written(long bytes) {
        HostStream open = stream;
        if (open != null && open.pendingBytes() == 0) {
            pinned = 0;
            flow.pinnedBytes = 0;
            stalled = false;
            flushDue |= gathered != null;
        }
        if (!connectionOver) {
            flow.connection().consumed((int) bytes);
            nat.account(flow);
            flow.wake();
        }
    }

    @Override
    public void broken() {
        stream = null;
        forgetGathered();
        // After both FINs there is nothing left to break.
        if (!connectionOver && !(hostFinReceived && guestFinReceived)) {
            flow.connection().abort();
            flow.wake();
        }
    }

    private void regulateReading() {
        HostStream open = stream;
        TcpConnection connection = flow.connectionOrNull();
        if (open == null
                || hostFinReceived
                || connection == null
                || !connection.state().isSynchronized()) {
            return;
        }
        int space = connection.sendSpace();
        int queued = connection.sendQueued();
        boolean wanted = (reading ? space > 0 : space > queued) && nat.mayGrow(flow, queued);
        if (wanted != reading) {
            reading = wanted;
            open.reading(wanted);
        }
    }

    private void resetHost() {
        HostStream open = stream;
        stream = null;
        forgetGathered();
        if (open != null) {
            open.reset();
        }
    }

    private void flush() {
        HostStream open = stream;
        if (flushDue && open != null) {
            flushDue = false;
            if (!stalled) {
                writeGathered(open);
            }
            open.flush();
            stalled = open.pendingBytes() > 0;
        }
    }

    private void gather(HostStream open, ByteBuf buf, int at, int length) {
        ByteBuf tail = gathered;
        if (tail != null && tail.writableBytes() < length) {
            writeGathered(open);
            tail = null;
        }
        if (tail == null) {
            tail = buf.alloc().directBuffer(GATHER_CAPACITY);
            gathered = tail;
        }
        tail.writeBytes(buf, at, length);
    }

    private void writeGathered(HostStream open) {
        ByteBuf tail = gathered;
        gathered = null;
        if (tail != null) {
            open.write(tail);
        }
    }

    private void forgetGathered() {
        ByteBuf tail = gathered;
        gathered = null;
        if (tail != null) {
            tail.release();
        }
    }

    // ---- the guest's side

    @Override
    public void established() {
        regulateReading();
    }

    @Override
    public void received(ByteBuf buf, int at, int length) {
        HostStream open = stream;
        if (open == null) {
            // The host's side broke earlier in this turn; the reset is on its way.
            return;
        }
        flushDue = true;
        if (length < GATHER_BELOW && pinned >= PINNED_SLICES) {
            gather(open, buf, at, length);
        } else {
            pinned++;
            flow.pinnedBytes += length < GATHER_BELOW ? TcpMemory.MAX_PIECE : 0;
            writeGathered(open);
            open.write(buf.retainedSlice(at, length));
        }
    }

    @Override
    public void receivedFin() {
        guestFinReceived = true;
        HostStream open = stream;
        if (open != null) {
            writeGathered(open);
            open.flush();
            open.shutdownOutput();
        }
    }

    @Override
    public void acknowledged() {
        nat.account(flow);
        regulateReading();
    }

    @Override
    public void closed(CloseCause why) {
        connectionOver = true;
        HostStream open = stream;
        if (open == null) {
            return;
        }
        if (why == CloseCause.FINISHED) {
            stream = null;
            writeGathered(open);
            open.close();
        } else {
            resetHost();
        }
    }

    @Override
    public String toString() {
        return flow.connectionOrNull() == null ? TcpState.CLOSED.toString() : flow.toString();
    }
}
