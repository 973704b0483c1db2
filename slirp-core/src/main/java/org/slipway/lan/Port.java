package org.slipway.lan;

/**
 * A place where a station is plugged into a {@link Lan}: a guest's NIC, a TAP, the gateway. On the network's loop only.
 *
 * <p>A port around a port (recording, impairment, segmentation) implements this interface too and hands on what it does
 * not change.
 */
public interface Port {

    /** A short name, unique in its Lan, for people and recordings: {@code "guest1"}. */
    String name();

    /** Where frames from the device go. Set once, before the first frame, by whoever the port is plugged into. */
    void receiver(FrameReceiver receiver);

    /**
     * Sends a frame to the device. The frame is borrowed; the port retains or copies what it keeps. A port that is not
     * up, or whose queue is full, counts a drop and notes it on the frame. A port that is not {@link #writable} may still
     * take some frames (the rest of a burst, an ARP reply) until its queue is full. Never calls the receiver before it
     * returns.
     */
    void send(Frame frame);

    /** Whether the device takes more now. A producer that can wait does, until {@link FrameReceiver#writable}. */
    boolean writable();

    /** What the device does by itself with the frames it is sent. */
    Offload offload();

    /** Unplugs the device and frees what the port holds; frames in its queue are lost. Harmless when repeated. */
    void close();
}
