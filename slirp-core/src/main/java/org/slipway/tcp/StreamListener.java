package org.slipway.tcp;

import io.netty.buffer.ByteBuf;

/**
 * What a connection tells its user: the stream's side of it. Called from within {@link TcpConnection#receive} and
 * {@link TcpConnection#transmit}; may call the connection's {@code send}, {@code close}, {@code abort} and {@code consumed}.
 */
public interface StreamListener {

    /** Both sides have agreed; data may pass. */
    void established();

    /**
     * The next bytes of the stream: {@code length} bytes of {@code buf} at {@code at}. They are borrowed: retain a slice to
     * keep them. They fill the receive window until {@link TcpConnection#consumed} says that they are gone.
     */
    void received(ByteBuf buf, int at, int length);

    /** The peer has sent its FIN: no more bytes will come. */
    void receivedFin();

    /** The peer has acknowledged data: {@link TcpConnection#sendSpace} is greater than it was. */
    void acknowledged();

    /** The connection has ended, and why. The last call. */
    void closed(CloseCause cause);
}
