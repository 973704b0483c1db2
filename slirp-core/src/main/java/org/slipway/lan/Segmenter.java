package org.slipway.lan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.TcpHeader;

/**
 * Does in software what a device does for a frame with offload metadata: cuts a large TCP packet into segments (TSO), and
 * completes checksums. A cursor: {@link #start}, then {@link #writeNext} while {@link #hasNext}. It reads the frame and
 * never writes into it.
 */
final class Segmenter {

    private static final int ETHERTYPE = 12;
    private static final int VLAN_TAG_LENGTH = 4;
    private static final int SERVICE_VLAN = 0x88a8;

    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int IPV6_PAYLOAD_LENGTH = 4;

    // RFC 768: at this offset a transport checksum is UDP's, where 0 means "none".
    private static final int UDP_CHECKSUM_OFFSET = 6;

    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private @Nullable ByteBuf body;
    private int segmentBytes;
    private int network;
    private int transport;
    private int headerLength;
    private int payloadLength;
    private int done;
    private int segments;
    private boolean ipv4;
    private int identification;
    private int sequence;
    private int flags;
    private long pseudoHeader;

    /** How many frames on the wire {@code frame} stands for. */
    static int frames(Frame frame) {
        if (frame.segmentation() == Frame.Segmentation.NONE) {
            return 1;
        }
        int payload = frame.length() - headerLength(frame);
        int segment = frame.segmentBytes();
        return segment <= 0 || payload <= segment ? 1 : (payload + segment - 1) / segment;
    }

    /** How many bytes on the wire {@code frame} stands for. */
    static int bytes(Frame frame) {
        return frame.segmentation() == Frame.Segmentation.NONE
                ? frame.length()
                : frame.length() + (frames(frame) - 1) * headerLength(frame);
    }

    /** Bytes of all headers of a TCP frame, or 0 if they are incomplete. */
    private static int headerLength(Frame frame) {
        ByteBuf head = frame.head();
        int start = frame.checksumStart();
        if (start < 0 || start + TcpHeader.MIN_LENGTH > head.readableBytes()) {
            return 0;
        }
        return start + TcpHeader.length(head, head.readerIndex() + start);
    }

    /**
     * Completes the transport checksum of the frame of {@code length} bytes at index 0 of {@code buf}, where the folded
     * sum of the pseudo header stands.
     *
     * @return false if it would lie outside the frame; nothing was written then
     */
    static boolean completeChecksum(ByteBuf buf, int length, int start, int offset) {
        if (start < EthernetFrame.HEADER_LENGTH || offset < 0 || start > length - offset - 2) {
            return false;
        }
        int checksum = InternetChecksum.finish(InternetChecksum.sum(buf, start, length - start));
        buf.setShort(start + offset, checksum == 0 && offset == UDP_CHECKSUM_OFFSET ? 0xffff : checksum);
        return true;
    }

    /**
     * Begins to cut {@code frame}, which must stay as it is until the last segment was written.
     *
     * @return why it cannot be cut, or null
     */
    @Nullable
    DropReason start(Frame frame) {
        head = frame.head();
        body = frame.body();
        segmentBytes = frame.segmentBytes();
        ipv4 = frame.segmentation() == Frame.Segmentation.TCP_IPV4;
        int base = head.readerIndex();
        int start = frame.checksumStart();
        int available = head.readableBytes();
        if (segmentBytes <= 0 || frame.checksumOffset() != TcpHeader.CHECKSUM || start < 0 || start > available) {
            return DropReason.TCP_MALFORMED;
        }
        DropReason malformed = TcpHeader.check(head, base + start, available - start);
        if (malformed != null) {
            return malformed;
        }
        network = networkHeader(head);
        transport = start;
        if (!networkHeaderFits()) {
            return DropReason.IP_MALFORMED;
        }
        headerLength = start + TcpHeader.length(head, base + start);
        payloadLength = frame.length() - headerLength;
        segments = frames(frame);
        done = 0;
        identification = ipv4 ? Ipv4Packet.identification(head, base + network) : 0;
        sequence = TcpHeader.sequence(head, base + start);
        flags = TcpHeader.flags(head, base + start);
        // RFC 1071: to subtract the length of the whole, add its complement.
        int whole = InternetChecksum.fold(frame.length() - start);
        pseudoHeader = TcpHeader.checksum(head, base + start) + (0xffffL - whole);
        return null;
    }

    /** Whether there is one more segment. */
    boolean hasNext() {
        return done < segments;
    }

    /** Length of the frame that {@link #writeNext} will write. */
    int nextLength() {
        return headerLength + nextPayload();
    }

    /** Writes the next segment, a whole frame, at index 0 of {@code out}, which has room for {@link #nextLength}. */
    void writeNext(ByteBuf out) {
        int payload = nextPayload();
        int at = done * segmentBytes;
        out.setBytes(0, head, head.readerIndex(), headerLength);
        copyPayload(out, at, payload);
        int transportLength = headerLength - transport + payload;
        if (ipv4) {
            Ipv4Packet.rewriteLength(
                    out, network, transport - network + transportLength, (identification + done) & 0xffff);
        } else {
            int extensions = transport - network - IPV6_HEADER_LENGTH;
            out.setShort(network + IPV6_PAYLOAD_LENGTH, extensions + transportLength);
        }
        TcpHeader.rewrite(out, transport, sequence + at, flagsOf(done));
        out.setShort(transport + TcpHeader.CHECKSUM, InternetChecksum.fold(pseudoHeader + transportLength));
        completeChecksum(out, headerLength + payload, transport, TcpHeader.CHECKSUM);
        done++;
    }

    private int nextPayload() {
        return Math.min(segmentBytes, payloadLength - done * segmentBytes);
    }

    /** FIN and PSH belong to the last octet, CWR to the first segment (RFC 3168 6.1.2). */
    private int flagsOf(int segment) {
        int result = flags;
        if (segment > 0) {
            result &= ~TcpHeader.CWR;
        }
        if (segment < segments - 1) {
            result &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
        return result;
    }

    private void copyPayload(ByteBuf out, int at, int length) {
        int inHead = Math.max(0, Math.min(length, head.readableBytes() - headerLength - at));
        if (inHead > 0) {
            out.setBytes(headerLength, head, head.readerIndex() + headerLength + at, inHead);
        }
        ByteBuf rest = body;
        if (rest != null && length > inHead) {
            int bodyAt = at + inHead - (head.readableBytes() - headerLength);
            out.setBytes(headerLength + inHead, rest, rest.readerIndex() + bodyAt, length - inHead);
        }
    }

    /** Where the network header starts, behind Ethernet's and up to two VLAN tags; the head holds a TCP header. */
    private static int networkHeader(ByteBuf head) {
        int at = ETHERTYPE;
        for (int tags = 0; tags < 2; tags++) {
            int type = head.getUnsignedShort(head.readerIndex() + at);
            if (type == EtherType.VLAN || type == SERVICE_VLAN) {
                at += VLAN_TAG_LENGTH;
            }
        }
        return at + 2;
    }

    private boolean networkHeaderFits() {
        int room = transport - network;
        if (room < (ipv4 ? Ipv4Packet.MIN_HEADER_LENGTH : IPV6_HEADER_LENGTH)) {
            return false;
        }
        int at = head.readerIndex() + network;
        int version = head.getUnsignedByte(at) >>> 4;
        return ipv4 ? version == 4 && Ipv4Packet.headerLength(head, at) == room : version == 6;
    }
}
