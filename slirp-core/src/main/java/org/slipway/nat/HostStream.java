package org.slipway.nat;

import io.netty.buffer.ByteBuf;

/** A connected stream socket of the host. It does not read until told to. On the network's loop only. */
public interface HostStream {

    /** Writes the readable bytes of {@code data}, whose ownership passes, when next flushed. */
    void write(ByteBuf data);

    /** Hands to the kernel what was written; {@link HostStreamListener#written} says when it took it. */
    void flush();

    /** Bytes written that the kernel has not taken. */
    long pendingBytes();

    /** Reads, or stops reading. */
    void reading(boolean on);

    /** Sends a FIN once all that was written is gone; reading goes on. */
    void shutdownOutput();

    /** Closes once all that was written is gone. The listener hears nothing more. */
    void close();

    /** Resets the connection (RST) and forgets what was not sent. The listener hears nothing more. */
    void reset();
}
