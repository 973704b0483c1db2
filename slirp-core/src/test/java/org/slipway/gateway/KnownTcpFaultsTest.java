package org.slipway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.FIN;
import static org.slipway.gateway.GuestConnection.PSH;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.FakeHost;
import org.slipway.wire.DropReason;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;

/** Faults that user-mode networks have had in TCP's streams: see {@link KnownFaultsTest}. */
class KnownTcpFaultsTest {

    private static final int TCP = 14 + 20;

    private final TestNetwork net = new TestNetwork();

    @AfterEach
    void guestIsServedAndNothingIsHeld() {
        net.host.streams().forEach(stream -> stream.stalled(false));
        net.loop.run();
        net.skip();
        net.send(net.guest.echoRequest(9, 9, Packets.bytes("alive")));
        net.nextPacket().icmp(0, 0, 9 << 16 | 9).data(Packets.bytes("alive"));
        net.close();
    }

    private GuestConnection established(int port) {
        GuestConnection guest = new GuestConnection(net, TestNetwork.OUTSIDE, port, 1024);
        assertThat(guest.send(SYN)).isNull();
        FakeHost.Stream stream = net.host.recent(0);
        assertThat(stream.remote()).isEqualTo(new InetSocketAddress(TestNetwork.OUTSIDE, port));
        stream.connected();
        net.loop.run();
        assertThat(guest.next()).startsWith("SA");
        assertThat(guest.send(ACK)).isNull();
        return guest;
    }

    @Nested
    @DisplayName("CVE-2019-6778, 2019-9824, 2020-7039, 2020-8608: application gateways, of which there are none here")
    class ApplicationGateways {

        @ParameterizedTest(name = "port {0}")
        @CsvSource(delimiter = '|', textBlock = """
                        113  | 1024 , 80\\r\\n
                        113  | nonsense without an end
                        113  | 99999999999,99999999999\\r\\n
                        21   | PORT 10,0,2,15,4,1\\r\\n
                        21   | 227 Entering Passive Mode (10,0,2,15,4,1)\\r\\n
                        6667 | PRIVMSG x :\\001DCC SEND file 167772687 1024 1\\001\\r\\n
                        6667 | DCC CHAT chat 167772687 1024
                        7070 | PNA\\000\\012\\001\\000\\001\\004\\001
                        544  | 1023\\000
                        513  | root\\000root\\000vt100/9600\\000
                        """)
        void bytesPassUnchangedHoweverTheyAreCut(int port, String text) {
            String line = text.translateEscapes();
            GuestConnection guest = established(port);
            for (int i = 0; i < line.length(); i++) {
                assertThat(guest.send(PSH | ACK, line.substring(i, i + 1))).isNull();
            }
            assertThat(guest.send(PSH | ACK, line)).isNull();
            FakeHost.Stream stream = net.host.recent(0);
            assertThat(stream.taken()).isEqualTo(line + line);
            net.skip();
            stream.receive(line);
            net.loop.run();
            assertThat(guest.next()).contains("P");
            assertThat(net.host.streamCount())
                    .as("connections made by what was said")
                    .isOne();
        }

        @ParameterizedTest
        @ValueSource(ints = {113, 21, 6667, 7070})
        void linesLongerThanAnyBufferPassUnchanged(int port) {
            GuestConnection guest = established(port);
            StringBuilder sent = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                String part = Character.toString('a' + i % 26).repeat(1000);
                sent.append(part);
                assertThat(guest.send(ACK, part)).isNull();
            }
            assertThat(net.host.recent(0).taken()).isEqualTo(sent.toString());
        }
    }

    @Nested
    @DisplayName("CVE-2026-9539: the urgent pointer and a host that does not read")
    class Cve20269539 {

        private static final int URG = 0x20;

        private void sendUrgent(GuestConnection guest, int pointer, String data) {
            assertThat(sendUrgentAt(guest, guest.sent, pointer, PSH | ACK, data))
                    .isNull();
            guest.sent += data.length();
        }

        private @Nullable DropReason sendUrgentAt(GuestConnection guest, int seq, int pointer, int flags, String data) {
            ByteBuf segment = guest.segment(flags | URG, seq, guest.received, data);
            int tcp = segment.readerIndex() + TCP;
            segment.setShort(tcp + 18, pointer);
            segment.setShort(tcp + 16, 0);
            int length = segment.writerIndex() - tcp;
            long pseudoHeader = InternetChecksum.pseudoHeader(
                    net.guest.source(), net.guest.to(TestNetwork.OUTSIDE).destination(), IpProtocol.TCP, length);
            segment.setShort(
                    tcp + 16, InternetChecksum.finish(pseudoHeader + InternetChecksum.sum(segment, tcp, length)));
            return net.send(segment);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 5, 6, 1460, 32_768, 65_535})
        void urgentBytesAreOrdinaryBytes(int pointer) {
            GuestConnection guest = established(80);
            sendUrgent(guest, pointer, "hello");
            sendUrgent(guest, pointer, "world");
            assertThat(net.host.recent(0).taken()).isEqualTo("helloworld");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 6, 1460, 65_535})
        void urgentBytesWaitLikeOthersForAHostThatDoesNotRead(int pointer) {
            GuestConnection guest = established(80);
            FakeHost.Stream stream = net.host.recent(0);
            stream.stalled(true);
            StringBuilder sent = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                String part = Character.toString('a' + i % 26).repeat(1400);
                sendUrgent(guest, pointer, part);
                sent.append(part);
            }
            assertThat(stream.taken()).isEmpty();
            stream.stalled(false);
            net.loop.run();
            assertThat(stream.taken()).isEqualTo(sent.toString());
        }

        /** The pointer leads into segments that have come already, that overlap, that come later, or that never come. */
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 3, 4, 5, 9, 10, 11, 32_767, 65_535})
        void urgentPointerLeadsAcrossSegmentsInAnyOrder(int pointer) {
            GuestConnection guest = established(80);
            sendUrgentAt(guest, 6, pointer, ACK, "56789");
            sendUrgentAt(guest, 9, pointer, PSH | ACK, "89abc");
            sendUrgentAt(guest, 1, pointer, ACK, "");
            sendUrgentAt(guest, 1, pointer, ACK, "01234567");
            sendUrgentAt(guest, 1, pointer, PSH | ACK, "0123456789abc");
            assertThat(net.host.recent(0).taken()).isEqualTo("0123456789abc");
            sendUrgentAt(guest, 14, pointer, FIN | ACK, "d");
            net.loop.run();
            assertThat(net.host.recent(0).taken()).isEqualTo("0123456789abcd");
            assertThat(net.host.recent(0).log()).contains("fin");
        }

        /** The host reads nothing until the window is full; what then comes beyond it is urgent, too. */
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 1400, 1401, 32_768, 65_535})
        void urgentBytesFillTheWindowOfAHostThatDoesNotReadAndNoMore(int pointer) {
            GuestConnection guest = established(80);
            FakeHost.Stream stream = net.host.recent(0);
            stream.stalled(true);
            StringBuilder sent = new StringBuilder();
            DropReason reason = null;
            for (int i = 0; reason == null && i < 2_000; i++) {
                String part = Character.toString('a' + i % 26).repeat(1400);
                reason = sendUrgentAt(guest, guest.sent, pointer, PSH | ACK, part);
                guest.sent += part.length();
                sent.append(part);
                net.skip();
            }
            assertThat(reason).isEqualTo(DropReason.TCP_OUT_OF_WINDOW);
            for (int beyond : new int[] {-1400, -1, 0, 1, 1400, 65_535}) {
                sendUrgentAt(guest, guest.sent + beyond, pointer, PSH | ACK, "!");
            }
            net.skip();
            assertThat(stream.taken()).isEmpty();
            stream.stalled(false);
            net.loop.run();
            assertThat(stream.taken()).isNotEmpty();
            assertThat(sent.toString()).startsWith(stream.taken());
        }
    }

    @Nested
    @DisplayName("Options without a number")
    class Options {

        private ByteBuf syn(byte... options) {
            Packets outside = net.guest.to(TestNetwork.OUTSIDE);
            byte[] segment = new byte[20 + options.length];
            System.arraycopy(options, 0, segment, 20, options.length);
            ByteBuf buf = Unpooled.wrappedBuffer(segment);
            TcpHeader.write(buf, 0, 1024, 80, 1000, 0, segment.length, SYN, 65_535);
            long pseudoHeader = InternetChecksum.pseudoHeader(
                    outside.source(), outside.destination(), IpProtocol.TCP, segment.length);
            buf.setShort(16, InternetChecksum.finish(pseudoHeader + InternetChecksum.sum(buf, 0, segment.length)));
            return outside.ipv4(IpProtocol.TCP, segment);
        }

        /** The length of an option is 0, 1, or more than there is: what stands before it counts (RFC 9293 MUST-7). */
        @ParameterizedTest
        @CsvSource({"2,0", "2,1", "2,255", "3,0", "8,255", "254,0", "254,1", "254,255", "5,1"})
        void optionOfABadLengthEndsTheOptions(int kind, int length) {
            assertThat(net.send(syn((byte) kind, (byte) length, (byte) 5, (byte) 0xb4)))
                    .isNull();
            net.host.recent(0).connected();
            net.loop.run();
            net.nextPacket().from(TestNetwork.OUTSIDE);
        }

        /** An MSS of nothing, or next to nothing, neither divides by zero nor makes packets without data. */
        @ParameterizedTest
        @ValueSource(ints = {0, 1, 12, 31, 32, 65_535})
        void anyMssCarriesData(int mss) {
            assertThat(net.send(syn((byte) 2, (byte) 4, (byte) (mss >> 8), (byte) mss)))
                    .isNull();
            FakeHost.Stream stream = net.host.recent(0);
            stream.connected();
            net.loop.run();
            ByteBuf synAck = net.next();
            int irs = synAck.getInt(synAck.readerIndex() + TCP + 4);
            net.send(net.guest.to(TestNetwork.OUTSIDE).tcp(1024, 80, 1001, irs + 1, ACK, 65_535, new byte[0]));
            stream.receive("x".repeat(5000));
            net.loop.run();
            int bytes = 0;
            int packets = 0;
            while (net.count() > 0) {
                ByteBuf frame = net.next();
                int payload = frame.readableBytes() - TCP - (frame.getByte(TCP + 12) >> 4 & 0xf) * 4;
                assertThat(frame.readableBytes()).isLessThanOrEqualTo(1514);
                bytes += payload;
                packets++;
            }
            assertThat(bytes).isPositive();
            assertThat(packets).isLessThanOrEqualTo(100);
        }
    }

    /** MTU smaller than the MSS that the guest announces. */
    @Test
    void packetsKeepToTheMtuWhateverMssIsAnnounced() {
        GuestConnection guest = established(80);
        net.skip();
        net.host.recent(0).receive("x".repeat(20_000).getBytes(ISO_8859_1));
        net.loop.run();
        assertThat(net.count()).isPositive();
        while (net.count() > 0) {
            assertThat(net.next().readableBytes()).isLessThanOrEqualTo(1514);
        }
        assertThat(guest.sent).isOne();
    }
}
