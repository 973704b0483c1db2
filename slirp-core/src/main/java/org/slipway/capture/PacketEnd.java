package org.slipway.capture;

/**
 * A description wanted more bytes than the packet has. Describing stops there and keeps what it has said so far, as
 * tshark does. Never leaves {@link PacketSummary}; carries no stack, so hostile packets make it no dearer.
 */
final class PacketEnd extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String note;

    private PacketEnd(String note) {
        super(note, null, false, false);
        this.note = note;
    }

    /** The packet itself ends too early, or contradicts itself. */
    static PacketEnd malformed() {
        return new PacketEnd("[Malformed Packet]");
    }

    /** A header says that it is longer than the packet. */
    static PacketEnd tooLong() {
        return new PacketEnd("[Malformed Packet: length of contained item exceeds length of containing item]");
    }

    /** The packet is longer than what was kept of it. */
    static PacketEnd limited() {
        return new PacketEnd("[Packet size limited during capture]");
    }

    /** What to say of it behind the description so far. */
    String note() {
        return note;
    }
}
