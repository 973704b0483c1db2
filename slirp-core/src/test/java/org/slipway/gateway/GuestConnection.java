package org.slipway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.TcpOptions;

/**
 * A guest's end of one TCP connection, by hand: keeps only the next sequence numbers of both sides. What comes is told like
 * {@code "SA 0 ack 1"} or {@code "PA 1 ack 6 'hello'"}: flags, sequence number and acknowledgment from each SYN on, data.
 */
final class GuestConnection {

    static final int SYN = TcpHeader.SYN;
    static final int ACK = TcpHeader.ACK;
    static final int FIN = TcpHeader.FIN;
    static final int RST = TcpHeader.RST;
    static final int PSH = TcpHeader.PSH;

    private static final String LETTERS = "FSRPA";

    private final TestNetwork network;
    private final Packets sender;
    private final int port;
    private final int remotePort;
    final int iss;
    private int irs;

    /** The next sequence numbers, counted from the SYNs. */
    int sent;

    int received;
    int window = 64_240;

    GuestConnection(TestNetwork network, String remote, int remotePort, int port) {
        this(network, network.guest.to(remote), remotePort, port, 1_000_000);
    }

    GuestConnection(TestNetwork network, Packets sender, int remotePort, int port, int iss) {
        this.network = network;
        this.sender = sender;
        this.remotePort = remotePort;
        this.port = port;
        this.iss = iss;
    }

    /** The segment that {@link #send} would send. */
    ByteBuf segment(int flags, int sequence, int acknowledgment, String data) {
        TcpOptions options = new TcpOptions();
        if ((flags & SYN) != 0) {
            options.mss = 1460;
        }
        return sender.tcp(
                port,
                remotePort,
                iss + sequence,
                (flags & ACK) != 0 ? irs + acknowledgment : 0,
                flags,
                window,
                options,
                data.getBytes(ISO_8859_1));
    }

    /** Sends a segment with the next sequence number. */
    @Nullable
    DropReason send(int flags, String data) {
        ByteBuf segment = segment(flags, sent, received, data);
        sent += data.length() + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
        return network.send(segment);
    }

    @Nullable
    DropReason send(int flags) {
        return send(flags, "");
    }

    /** The next frame to the guest, which must be a segment of this connection. */
    String next() {
        ByteBuf frame = network.next();
        int ip = frame.readerIndex() + EthernetFrame.HEADER_LENGTH;
        boolean ipv4 = sender.source().isIpv4();
        int tcp = ip + (ipv4 ? Ipv4Packet.headerLength(frame, ip) : Ipv6Packet.HEADER_LENGTH);
        int flags = TcpHeader.flags(frame, tcp);
        int sequence = TcpHeader.sequence(frame, tcp);
        int acknowledgment = TcpHeader.acknowledgment(frame, tcp);
        PacketAssert any = PacketAssert.packet(frame);
        PacketAssert packet = (ipv4 ? any.ipv4() : any.ipv6())
                .from(sender.destination().toString())
                .to(sender.source().toString())
                .tcp(remotePort, port, sequence, acknowledgment, flags);
        if ((flags & SYN) != 0) {
            irs = sequence;
        }
        window(TcpHeader.window(frame, tcp));
        String data = new String(packet.data(), ISO_8859_1);
        received = sequence - irs + data.length() + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
        return text(flags)
                + (irs == 0 ? " " + Integer.toUnsignedString(sequence) : " " + (sequence - irs))
                + ((flags & ACK) != 0 ? " ack " + (acknowledgment - iss) : "")
                + (data.isEmpty() ? "" : data.length() <= 20 ? " '" + data + "'" : " " + data.length() + " bytes");
    }

    /** The initial sequence number of the other side. */
    int irs() {
        return irs;
    }

    private int peerWindow;

    private void window(int bytes) {
        peerWindow = bytes;
    }

    /** The window in the segment that {@link #next} returned last. */
    int peerWindow() {
        return peerWindow;
    }

    private static String text(int flags) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LETTERS.length(); i++) {
            int bit = new int[] {FIN, SYN, RST, PSH, ACK}[i];
            if ((flags & bit) != 0) {
                text.append(LETTERS.charAt(i));
            }
        }
        return text.toString();
    }
}
