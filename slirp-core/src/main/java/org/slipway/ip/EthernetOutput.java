package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.slipway.lan.Frame;
import org.slipway.wire.EthernetFrame;

/** Puts the Ethernet header in front of packets and gives them to the port. */
final class EthernetOutput {

    private final long mac;
    private final Consumer<Frame> port;

    EthernetOutput(long mac, Consumer<Frame> port) {
        this.mac = mac;
        this.port = port;
    }

    /** The address of this station. */
    long mac() {
        return mac;
    }

    /**
     * Sends the packet at the reader index of {@code packet.head()}, in front of which the Ethernet header is written.
     * On return the frame is as it was.
     */
    void send(Frame packet, int type, long destination) {
        ByteBuf head = packet.head();
        int payload = head.readerIndex();
        int start = payload - EthernetFrame.HEADER_LENGTH;
        EthernetFrame.write(head, start, destination, mac, type);
        head.readerIndex(start);
        shiftChecksum(packet, EthernetFrame.HEADER_LENGTH);
        try {
            port.accept(packet);
        } finally {
            head.readerIndex(payload);
            shiftChecksum(packet, -EthernetFrame.HEADER_LENGTH);
        }
    }

    /** Moves the place of a checksum still to be made, when a header of {@code bytes} is put in front. */
    static void shiftChecksum(Frame frame, int bytes) {
        if (frame.needsChecksum()) {
            frame.needsChecksum(frame.checksumStart() + bytes, frame.checksumOffset());
        }
    }
}
