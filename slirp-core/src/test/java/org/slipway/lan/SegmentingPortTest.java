package org.slipway.lan;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

class SegmentingPortTest extends PortContract {

    private static final int TCP = 6;
    private static final int UDP = 17;

    private final DropCounters drops = new DropCounters();
    private final TestPort inner = new TestPort("guest1");

    @Override
    protected Port open() {
        return new SegmentingPort(inner, drops);
    }

    @Override
    protected void endTurn() {}

    @Override
    protected void deviceSends(byte[] frame) {
        inner.inject(frame);
    }

    @Override
    protected List<byte[]> deviceGot() {
        return inner.frames();
    }

    @Override
    protected void fill() {
        inner.writable(false);
    }

    @Override
    protected void drain() {
        inner.writable(true);
    }

    @Test
    void takesEverythingAndGivesReadyFrames() {
        assertThat(port.offload()).isEqualTo(Offload.ALL);
        assertThat(inner.offload()).isEqualTo(Offload.NONE);
    }

    @Test
    void segmentsAreWhatTheNaiveReferenceCuts() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            boolean ipv4 = random.nextBoolean();
            int tags = random.nextInt(3);
            int options = 4 * random.nextInt(11);
            int payload = random.nextInt(random.nextBoolean() ? 3000 : 65_000);
            int mss = 1 + random.nextInt(random.nextBoolean() ? 1460 : 9000) + (payload > 3000 ? 500 : 0);
            byte[] whole = tcp(random, ipv4, tags, options, payload);
            int start = 14 + 4 * tags + (ipv4 ? 20 : 40);
            inner.take();
            sendCut(
                    whole,
                    start + 20 + options + random.nextInt(payload + 1),
                    start,
                    16,
                    ipv4 ? Frame.Segmentation.TCP_IPV4 : Frame.Segmentation.TCP_IPV6,
                    mss);
            assertThat(inner.frames())
                    .as("seed %d", seed)
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(naive(whole, ipv4, 14 + 4 * tags, mss));
            assertThat(inner.sent()).allMatch(sent -> sent.segmentation() == Frame.Segmentation.NONE);
            assertThat(inner.sent()).allMatch(sent -> sent.checksumOffset() == 0);
        }
    }

    @Test
    void flagsStandOnTheSegmentsTheyBelongTo() {
        byte[] whole = tcp(new Random(1), true, 0, 0, 300);
        whole[14 + 20 + 13] = (byte) 0xff;
        pseudoHeader(whole, true, 14, TCP);
        sendCut(whole, 54, 34, 16, Frame.Segmentation.TCP_IPV4, 100);
        assertThat(inner.frames()).extracting(f -> f[47] & 0xff).containsExactly(0xf6, 0x76, 0x7f);
    }

    @Test
    void udpChecksumOfZeroIsSentAsAllOnes() {
        // Searches two payload bytes with which the sum over datagram and pseudo header folds to 0xffff.
        byte[] datagram = udp(new byte[2]);
        pseudoHeader(datagram, true, 14, UDP);
        int sum = naiveChecksum(datagram, 34, datagram.length - 34);
        datagram[42] = (byte) (sum >> 8);
        datagram[43] = (byte) sum;
        sendCut(datagram, 42, 34, 6, Frame.Segmentation.NONE, 0);
        assertThat(inner.frames())
                .singleElement()
                .satisfies(f -> assertThat(f[40] << 8 & 0xff00 | f[41] & 0xff).isEqualTo(0xffff));
    }

    @Test
    void checksumIsCompletedForEveryLength() {
        for (int length = 0; length < 100; length++) {
            byte[] payload = new byte[length];
            new Random(length).nextBytes(payload);
            byte[] datagram = udp(payload);
            pseudoHeader(datagram, true, 14, UDP);
            inner.take();
            sendCut(datagram, 42, 34, 6, Frame.Segmentation.NONE, 0);
            byte[] got = inner.frames().get(0);
            assertThat(verifies(got, true, 14, UDP)).as("length %d", length).isTrue();
        }
    }

    @Test
    void readyFramesPassUntouched() {
        byte[] ready = frame(1514);
        send(ready);
        assertThat(inner.frames()).containsExactly(ready);
    }

    @Test
    void metadataThatDoNotFitTheFrameAreADrop() {
        byte[] whole = tcp(new Random(3), true, 0, 12, 3000);
        for (int cut = 0; cut < 66; cut++) {
            byte[] head = Arrays.copyOf(whole, cut);
            assertThat(sendCut(head, cut, 34, 16, Frame.Segmentation.TCP_IPV4, 1000))
                    .as("cut at %d", cut)
                    .isNotNull();
        }
        assertThat(sendCut(whole, 66, 34, 16, Frame.Segmentation.TCP_IPV4, 0)).isEqualTo(DropReason.TCP_MALFORMED);
        assertThat(sendCut(whole, 66, 34, 0, Frame.Segmentation.TCP_IPV4, 1000)).isEqualTo(DropReason.TCP_MALFORMED);
        assertThat(sendCut(whole, 66, 34, 16, Frame.Segmentation.TCP_IPV6, 1000))
                .isEqualTo(DropReason.IP_MALFORMED);
        assertThat(sendCut(whole, 66, -1, 16, Frame.Segmentation.TCP_IPV4, 1000))
                .isEqualTo(DropReason.TCP_MALFORMED);
        assertThat(sendCut(whole, 66, 3000, 6000, Frame.Segmentation.NONE, 0)).isEqualTo(DropReason.FRAME_TRUNCATED);
        assertThat(sendCut(whole, 66, Integer.MAX_VALUE, 16, Frame.Segmentation.NONE, 0))
                .isEqualTo(DropReason.FRAME_TRUNCATED);
        assertThat(inner.frames()).isEmpty();
        assertThat(drops.of(DropReason.FRAME_TRUNCATED)).isEqualTo(2);
    }

    @Test
    void dropOfASegmentIsNotedOnTheWhole() {
        byte[] whole = tcp(new Random(3), true, 0, 0, 3000);
        inner.onSend(() -> inner.writable(false));
        assertThat(sendCut(whole, 54, 34, 16, Frame.Segmentation.TCP_IPV4, 1000))
                .isEqualTo(DropReason.PORT_FULL);
        assertThat(inner.frames()).hasSize(1);
        assertThat(inner.refused()).hasSize(2);
    }

    @Test
    void segmentsThatWereRetainedStayAsTheyWere() {
        List<ByteBuf> kept = new ArrayList<>();
        Port keeper = new KeepingPort(inner, kept);
        Port segmenting = new SegmentingPort(keeper, drops);
        byte[] whole = tcp(new Random(5), true, 0, 0, 3000);
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(whole);
        segmenting.send(
                new Frame().set(buf).needsChecksum(34, 16).needsSegmentation(Frame.Segmentation.TCP_IPV4, 1000));
        buf.release();
        segmenting.close();
        for (int i = 0; i < 3; i++) {
            byte[] bytes = new byte[kept.get(i).readableBytes()];
            kept.get(i).readBytes(bytes).release();
            assertThat(bytes).isEqualTo(inner.frames().get(i));
        }
    }

    private record KeepingPort(Port inner, List<ByteBuf> kept) implements Port {
        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public void receiver(FrameReceiver receiver) {
            inner.receiver(receiver);
        }

        @Override
        public void send(Frame frame) {
            kept.add(frame.head().retainedSlice());
            inner.send(frame);
        }

        @Override
        public boolean writable() {
            return inner.writable();
        }

        @Override
        public Offload offload() {
            return inner.offload();
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private @Nullable DropReason sendCut(
            byte[] whole, int headLength, int start, int offset, Frame.Segmentation segmentation, int segmentBytes) {
        int inHead = Math.min(headLength, whole.length);
        ByteBuf head = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(7);
        ByteBuf body = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(3);
        head.writeBytes(whole, 0, inHead).readerIndex(7);
        body.writeBytes(whole, inHead, whole.length - inHead).readerIndex(3);
        Frame frame = new Frame().set(head, inHead == whole.length ? null : body);
        frame.needsChecksum(start, offset);
        frame.needsSegmentation(segmentation, segmentBytes);
        port.send(frame);
        assertThat(TestPort.bytes(frame)).as("the borrowed frame").isEqualTo(whole);
        assertThat(head.refCnt() + body.refCnt()).isEqualTo(2);
        head.release();
        body.release();
        return frame.dropReason();
    }

    /** A large TCP packet whose checksum field holds the sum of the pseudo header. */
    private static byte[] tcp(Random random, boolean ipv4, int tags, int options, int payload) {
        int ip = 14 + 4 * tags;
        int transport = ip + (ipv4 ? 20 : 40);
        byte[] bytes = new byte[transport + 20 + options + payload];
        random.nextBytes(bytes);
        for (int i = 0; i < tags; i++) {
            put16(bytes, 12 + 4 * i, i == 0 && tags == 2 ? 0x88a8 : 0x8100);
        }
        put16(bytes, ip - 2, ipv4 ? 0x0800 : 0x86dd);
        if (ipv4) {
            bytes[ip] = 0x45;
            bytes[ip + 9] = TCP;
            put16(bytes, ip + 2, bytes.length - ip);
            put16(bytes, ip + 10, 0);
            put16(bytes, ip + 10, naiveChecksum(bytes, ip, 20));
        } else {
            bytes[ip] = 0x60;
            bytes[ip + 6] = TCP;
            put16(bytes, ip + 4, bytes.length - ip - 40);
        }
        bytes[transport + 12] = (byte) ((20 + options) / 4 << 4);
        pseudoHeader(bytes, ipv4, ip, TCP);
        return bytes;
    }

    private static byte[] udp(byte[] payload) {
        byte[] bytes = new byte[42 + payload.length];
        put16(bytes, 12, 0x0800);
        bytes[14] = 0x45;
        put16(bytes, 16, bytes.length - 14);
        bytes[23] = UDP;
        put16(bytes, 26, 0x0a00);
        put16(bytes, 28, 0x0202);
        put16(bytes, 30, 0x0a00);
        put16(bytes, 32, 0x020f);
        put16(bytes, 34, 1234);
        put16(bytes, 36, 53);
        put16(bytes, 38, 8 + payload.length);
        System.arraycopy(payload, 0, bytes, 42, payload.length);
        return bytes;
    }

    /** Puts the folded sum of the pseudo header where the checksum stands. */
    private static void pseudoHeader(byte[] bytes, boolean ipv4, int ip, int protocol) {
        int transport = ip + (ipv4 ? 20 : 40);
        put16(bytes, transport + (protocol == UDP ? 6 : 16), ~naiveChecksum(pseudo(bytes, ipv4, ip, protocol)));
    }

    private static byte[] pseudo(byte[] bytes, boolean ipv4, int ip, int protocol) {
        int transport = ip + (ipv4 ? 20 : 40);
        int addresses = ipv4 ? 8 : 32;
        byte[] pseudo = new byte[addresses + 4];
        System.arraycopy(bytes, ipv4 ? ip + 12 : ip + 8, pseudo, 0, addresses);
        put16(pseudo, addresses, protocol);
        put16(pseudo, addresses + 2, bytes.length - transport);
        return pseudo;
    }

    private static boolean verifies(byte[] bytes, boolean ipv4, int ip, int protocol) {
        int transport = ip + (ipv4 ? 20 : 40);
        byte[] pseudo = pseudo(bytes, ipv4, ip, protocol);
        byte[] all = Arrays.copyOf(pseudo, pseudo.length + bytes.length - transport);
        System.arraycopy(bytes, transport, all, pseudo.length, bytes.length - transport);
        return naiveChecksum(all) == 0;
    }

    /** Cuts as RFC 9293 and RFC 791 say, a byte at a time, and fills in checksums from scratch. */
    private static List<byte[]> naive(byte[] whole, boolean ipv4, int ip, int mss) {
        int transport = ip + (ipv4 ? 20 : 40);
        int headers = transport + 4 * (whole[transport + 12] >> 4 & 0xf);
        List<byte[]> result = new ArrayList<>();
        for (int at = 0; at == 0 || headers + at < whole.length; at += mss) {
            int length = Math.min(mss, whole.length - headers - at);
            byte[] segment = new byte[headers + length];
            System.arraycopy(whole, 0, segment, 0, headers);
            System.arraycopy(whole, headers + at, segment, headers, length);
            if (ipv4) {
                put16(segment, ip + 2, segment.length - ip);
                put16(segment, ip + 4, get16(whole, ip + 4) + result.size());
                put16(segment, ip + 10, 0);
                put16(segment, ip + 10, naiveChecksum(segment, ip, 20));
            } else {
                put16(segment, ip + 4, segment.length - ip - 40);
            }
            int sequence = (get16(whole, transport + 4) << 16 | get16(whole, transport + 6)) + at;
            put16(segment, transport + 4, sequence >>> 16);
            put16(segment, transport + 6, sequence);
            boolean last = headers + at + length == whole.length;
            segment[transport + 13] &= (byte) (last ? 0xff : ~0x09);
            segment[transport + 13] &= (byte) (at == 0 ? 0xff : ~0x80);
            put16(segment, transport + 16, 0);
            byte[] pseudo = pseudo(segment, ipv4, ip, TCP);
            byte[] all = Arrays.copyOf(pseudo, pseudo.length + segment.length - transport);
            System.arraycopy(segment, transport, all, pseudo.length, segment.length - transport);
            put16(segment, transport + 16, naiveChecksum(all));
            result.add(segment);
        }
        return result;
    }

    private static int naiveChecksum(byte[] bytes) {
        return naiveChecksum(bytes, 0, bytes.length);
    }

    private static int naiveChecksum(byte[] bytes, int at, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (bytes[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private static int get16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }
}
