package org.slipway.nat;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a {@link HostStream} tells. On the network's loop. */
public interface HostStreamListener {

    /** The host has connected; the stream may be used. Only after {@link HostSockets#connect}. */
    void connected();

    /** The host cannot connect; the stream is gone. */
    void connectFailed(ConnectFailure failure);

    /**
     * As {@link #connectFailed(ConnectFailure)}.
     *
     * @param told what ICMP error the host was told, and by whom; null if it does not say
     */
    default void connectFailed(ConnectFailure failure, @Nullable UdpFailure told) {
        connectFailed(failure);
    }

    /** The next bytes came from the host's peer. Ownership passes. */
    void received(ByteBuf data);

    /** The kernel took {@code bytes} more of what was written. */
    void written(long bytes);

    /** The host's peer has sent its FIN; what is written still reaches it. */
    void inputEnded();

    /** The connection was reset or broke; the stream is gone. */
    void broken();
}
