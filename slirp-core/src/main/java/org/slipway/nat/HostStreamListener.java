package org.slipway.nat;

import io.netty.buffer.ByteBuf;

/** What a {@link HostStream} tells. On the network's loop. */
public interface HostStreamListener {

    /** The host has connected; the stream may be used. Only after {@link HostSockets#connect}. */
    void connected();

    /** The host cannot connect; the stream is gone. */
    void connectFailed(ConnectFailure failure);

    /** The next bytes came from the host's peer. Ownership passes. */
    void received(ByteBuf data);

    /** The kernel took {@code bytes} more of what was written. */
    void written(long bytes);

    /** The host's peer has sent its FIN; what is written still reaches it. */
    void inputEnded();

    /** The connection was reset or broke; the stream is gone. */
    void broken();
}
