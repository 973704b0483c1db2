package org.slipway.capture;

/**
 * A description wanted more bytes than the packet has. Describing stops there and keeps what it has said so far, as
 * tshark does. Never leaves {@link PacketSummary}; carries no stack, so hostile packets make it no dearer.
 */
final class PacketEnd extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The packet itself ends too early. */
    static final PacketEnd MALFORMED = new PacketEnd("[Malformed Packet]");

    /** The packet is longer than what was kept of it. */
    static final PacketEnd LIMITED = new PacketEnd("[Packet size limited during capture]");

    private PacketEnd(String message) {
        super(message, null, false, false);
    }
}
