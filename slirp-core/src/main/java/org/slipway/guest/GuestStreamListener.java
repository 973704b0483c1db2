package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import org.slipway.tcp.CloseCause;

/** What a {@link GuestStream} tells. On the network's loop; may call the stream. */
public interface GuestStreamListener {

    /** The next bytes came: the readable bytes of {@code bytes}, borrowed until this method returns. */
    void received(ByteBuf bytes);

    /** The peer has finished sending (FIN); what is sent to it still arrives. */
    void receivedFin();

    /** The peer has taken bytes: {@link GuestStream#sendSpace} is greater than it was. */
    default void acknowledged() {}

    /** The connection has ended, and why. The last call; without a reset up to a second after both FINs. */
    void closed(CloseCause cause);
}
