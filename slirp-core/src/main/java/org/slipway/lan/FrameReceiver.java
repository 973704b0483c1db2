package org.slipway.lan;

/** Takes what a {@link Port}'s device sends: the Lan, or a port around the port. On the network's loop only. */
public interface FrameReceiver {

    /** One frame came from the device. It is borrowed: valid until this method returns. */
    void receive(Frame frame);

    /** The port can take frames again after {@link Port#writable} was false. */
    void writable();
}
