package org.slipway.service;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.DropReason;
import org.slipway.wire.TftpMessage;
import org.slipway.wire.TftpMessage.Failure;

/**
 * One file on its way to one client, block by block, a window at a time (RFC 1350 6, RFC 7440).
 *
 * <p>Blocks count from 1, without end; the wire carries the lower 16 bits. Block 0 is the answer to options, if there is
 * one. Only an acknowledgment of a block that is outstanding moves the transfer on: one that comes a second time is
 * ignored, so that no block is sent twice for it (the "Sorcerer's Apprentice", RFC 1123 4.2.3.1), and what is lost is
 * repeated when the time is over.
 */
final class TftpTransfer implements DatagramService, TftpReader.Listener {

    /** After so many repetitions without an answer the client is gone. */
    static final int MAX_REPETITIONS = 5;

    /** Waiting doubles with each repetition, up to this, or the client's own time-out if that is longer. */
    static final int MAX_TIMEOUT_SECONDS = 16;

    /** What is read from the file at once, at least. */
    private static final int READ_AHEAD_BYTES = 64 * 1024;

    private final Loop loop;
    private final TftpPeer peer;
    private final Runnable over;
    private @Nullable TftpTerms terms;
    private @Nullable TftpReader reader;
    private Timer timer = () -> {};
    private long acknowledged;
    private long sent;
    private long last = Long.MAX_VALUE;
    private int repetitions;
    private boolean answered;
    private boolean closed;

    /**
     * A transfer whose file is not open yet.
     *
     * @param over told when it ends by itself
     */
    TftpTransfer(Loop loop, TftpPeer peer, Runnable over) {
        this.loop = loop;
        this.peer = peer;
        this.over = over;
    }

    /** Makes what reads the file ahead of this transfer. */
    interface ReaderFactory {
        TftpReader make(int capacity, TftpReader.Listener listener);
    }

    /** The file is open. */
    void begin(TftpTerms agreed, ReaderFactory readers) {
        terms = agreed;
        int window = agreed.blockBytes() * agreed.windowBlocks();
        reader = readers.make(Math.max(READ_AHEAD_BYTES, 2 * window), this);
        if (agreed.accepted().isEmpty()) {
            proceed();
        } else {
            acknowledged = -1;
            sendOptions(agreed);
            reader.fill();
        }
    }

    /** Whether the client has not yet answered anything, so that it may not have heard anything. */
    boolean isUnanswered() {
        return !answered;
    }

    /** The client has repeated its request. */
    void requestRepeated() {
        if (reader != null) {
            repeat();
        }
    }

    @Override
    public @Nullable DropReason receive(Datagram datagram) {
        if (closed) {
            return DropReason.TFTP_NO_TRANSFER;
        }
        if (!peer.isFrom(datagram)) {
            // RFC 1350 4: tells the sender and does not disturb the transfer.
            peer.refuseStranger(datagram);
            return DropReason.TFTP_NO_TRANSFER;
        }
        ByteBuf payload = datagram.payload();
        TftpMessage message = TftpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
        if (message instanceof Failure) {
            end();
        } else if (message instanceof TftpMessage.Acknowledgment acknowledgment) {
            acknowledged(acknowledgment.block());
        } else {
            return DropReason.TFTP_MALFORMED;
        }
        return null;
    }

    private void acknowledged(int block) {
        TftpTerms agreed = terms;
        TftpReader open = reader;
        if (agreed == null || open == null) {
            return;
        }
        int advance = (int) (block - acknowledged) & 0xffff;
        if (advance == 0 || advance > sent - acknowledged) {
            return;
        }
        boolean wereOptions = acknowledged < 0;
        open.drop((wereOptions ? advance - 1 : advance) * agreed.blockBytes());
        acknowledged += advance;
        // RFC 7440 4: an acknowledgment within the window says that what follows it is missing.
        sent = acknowledged;
        answered = true;
        repetitions = 0;
        timer.cancel();
        if (acknowledged == last) {
            end();
        } else {
            proceed();
        }
    }

    /** Sends what the window lets and the reader has. */
    private void proceed() {
        TftpTerms agreed = terms;
        TftpReader open = reader;
        if (closed || agreed == null || open == null) {
            return;
        }
        long before = sent;
        while (sent < Math.min(last, acknowledged + agreed.windowBlocks())) {
            int at = (int) (sent - acknowledged) * agreed.blockBytes();
            int length = Math.min(open.buffer().readableBytes() - at, agreed.blockBytes());
            if (length < agreed.blockBytes() && !open.isComplete()) {
                break;
            }
            sent++;
            peer.sendData(sent, open.buffer(), open.buffer().readerIndex() + at, length);
            if (length < agreed.blockBytes()) {
                last = sent;
            }
        }
        if (sent > before || sent == acknowledged) {
            arm(agreed);
        }
        if (open.buffer().readableBytes() < 2L * agreed.blockBytes() * agreed.windowBlocks()) {
            // If everything is busy, the timer tries again.
            open.fill();
        }
    }

    private void sendOptions(TftpTerms agreed) {
        sent = 0;
        peer.send(new TftpMessage.OptionAcknowledgment(agreed.accepted()));
        arm(agreed);
    }

    private void arm(TftpTerms agreed) {
        timer.cancel();
        int most = Math.max(MAX_TIMEOUT_SECONDS, agreed.timeoutSeconds());
        long seconds = Math.min((long) agreed.timeoutSeconds() << repetitions, most);
        timer = loop.schedule(TimeUnit.SECONDS.toNanos(seconds), this::timedOut);
    }

    private void timedOut() {
        if (repetitions == MAX_REPETITIONS) {
            end();
            return;
        }
        repetitions++;
        repeat();
    }

    /** Sends again what is not acknowledged. */
    private void repeat() {
        TftpTerms agreed = terms;
        if (agreed == null) {
            return;
        }
        if (acknowledged < 0) {
            sendOptions(agreed);
        } else {
            sent = acknowledged;
            proceed();
        }
    }

    @Override
    public void read() {
        // While options are not acknowledged, no block may follow them.
        if (acknowledged >= 0) {
            proceed();
        }
    }

    @Override
    public void failed() {
        peer.send(new Failure(Failure.NOT_DEFINED, "Read error"));
        end();
    }

    /** Tells the client why there is no transfer, and ends it. */
    void refuse(Failure failure) {
        peer.send(failure);
        end();
    }

    private void end() {
        if (!closed) {
            close();
            over.run();
        }
    }

    /** Ends the transfer without a word. Harmless when repeated. */
    void close() {
        closed = true;
        timer.cancel();
        if (reader != null) {
            reader.close();
        }
    }

    boolean isClosed() {
        return closed;
    }
}
