package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.slipway.wire.DropReason;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.TcpOptions;

/**
 * A test that reads like a packet log: {@link #peer} is the far end, {@link #user} whoever holds our connection, and
 * {@link #after} moves the clock. {@link TcpConnection#transmit} runs at the end of each call and whenever it is due.
 *
 * <p>Sequence numbers are relative: 0 is the SYN of whose number it is, also in acknowledgments and SACK blocks. The real ones
 * wrap around within the first kilobyte of each stream. Large segments are cut into packets as a device does it. All bytes
 * sent and received are compared with {@link Pattern}, and after each test no buffer may be left.
 */
abstract class Scenario {

    static final int OUR_ISS = 0x7FFF_FE00;
    static final int PEER_ISS = 0xFFFF_FE00;
    static final int MSS = 1460;

    /** What Linux offers. */
    static final String LINUX_SYN = "S 0:0(0) win 65535 <mss 1460,sackOK,TS val 1000 ecr 0,wscale 7>";

    private static final long START = 5_000_000_000L;

    TcpConfig config = TcpConfig.ofMss(MSS);
    TcpConnection connection;
    final Peer peer = new Peer();
    final User user = new User();

    private long now = START;
    private final List<ByteBuf> buffers = new ArrayList<>();

    @SuppressWarnings("NullAway")
    Scenario() {}

    static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** Small buffers; all else as usual. */
    static TcpConfig buffers(int receive, int send) {
        TcpConfig usual = TcpConfig.ofMss(MSS);
        return new TcpConfig(usual.mss(), receive, send, usual.largestSegment(), usual.timeWaitNanos());
    }

    // ---- beginnings

    /** Our user opens; the SYN is sent. */
    void opens() {
        connection = TcpConnection.active(config, OUR_ISS, now, user);
        transmit();
    }

    /** The peer opens with {@code syn}; the SYN-ACK is sent. */
    void isOpenedBy(String syn) {
        Segment segment = peer.segment(syn, true);
        connection = TcpConnection.passive(config, segment, OUR_ISS, now, user);
        segment.buf.release();
        transmit();
    }

    /** The peer has opened with these SYN options, everything at once; nothing is left to be heard. */
    void established(String options) {
        isOpenedBy("S 0:0(0) win 65535 <" + options + ">");
        peer.ignoresAll();
        peer.sends(". 1:1(0) ack 1");
        assertThat(connection.state()).isEqualTo(TcpState.ESTABLISHED);
        peer.hearsNothing();
        user.events.clear();
    }

    /** The peer has opened with an MSS of 1,460 and no other option. */
    void established() {
        established("mss 1460");
    }

    void establishedWithSack() {
        established("mss 1460,sackOK");
    }

    void establishedWithTimestamps() {
        established("mss 1460,sackOK,TS val 1000 ecr 0,wscale 7");
    }

    /** Lets the sender's congestion window grow by {@code bytes} of data sent and acknowledged; from 1 up to {@code bytes + 1}. */
    void transfers(int bytes) {
        user.sends(bytes);
        while (connection.sendQueued() > 0) {
            int end = peer.heard.get(peer.heard.size() - 1).end();
            peer.ignoresAll();
            peer.sends(". 1:1(0) ack " + end);
        }
        peer.ignoresAll();
    }

    // ---- time

    /** Moves the clock, transmitting whenever the connection wants it. */
    void after(Duration duration) {
        long until = now + duration.toNanos();
        int turns = 0;
        while (connection.deadline() <= until) {
            now = Math.max(now, connection.deadline());
            transmit();
            assertThat(++turns).as("turns without end, now at %s", connection).isLessThan(100_000);
        }
        now = until;
    }

    void transmit() {
        connection.transmit(now, peer::hear);
        if (connection.state() != TcpState.CLOSED) {
            assertThat(connection.deadline()).as("deadline after transmit").isGreaterThanOrEqualTo(now);
        }
    }

    TcpState state() {
        return connection.state();
    }

    @AfterEach
    @SuppressWarnings("UnusedMethod")
    void leavesNoBuffers() {
        if (connection != null && connection.state() != TcpState.CLOSED) {
            connection.abort();
            transmit();
            assertThat(connection.state()).isEqualTo(TcpState.CLOSED);
        }
        for (ByteBuf buffer : buffers) {
            assertThat(buffer.refCnt())
                    .as("references to a buffer after the end")
                    .isZero();
        }
    }

    /** The far end. */
    final class Peer {

        final List<Packet> heard = new ArrayList<>();

        /** Time stamps are sent on their own where no options are written; set to false to leave them out. */
        boolean sendsTimestamps = true;

        /** Of the last segment sent: why our side refused it. */
        @Nullable
        DropReason dropped;

        private int lastTimestamp;
        private boolean timestampsNegotiated;
        private boolean knowsTimestampOrigin;
        private int timestampOrigin;
        private final List<ByteBuf> sent = new ArrayList<>();

        /** Sends segments, all in one turn of ours. */
        void sends(String... lines) {
            for (String line : lines) {
                receive(segment(line, true));
            }
            transmit();
        }

        /** Sends a segment whose bytes are not those of the stream. */
        void sendsWrongBytes(String line) {
            receive(segment(line, false));
            transmit();
        }

        private void receive(Segment segment) {
            dropped = connection.receive(segment, now);
            segment.buf.release();
        }

        Segment segment(String line, boolean right) {
            Packet packet = Packet.parse(line);
            Segment segment = new Segment();
            segment.sequence = PEER_ISS + packet.seq;
            segment.acknowledgment = packet.ack == null ? 0 : OUR_ISS + (int) (long) packet.ack;
            segment.flags = packet.flags;
            segment.window = packet.window == null ? 65_535 : packet.window;
            segment.options.mss = packet.mss;
            segment.options.windowScale = packet.windowScale < 0 ? -1 : Math.min(14, packet.windowScale);
            segment.options.sackPermitted = packet.sackPermitted;
            for (int[] sack : packet.sacks) {
                segment.options.addSack(OUR_ISS + sack[0], OUR_ISS + sack[1]);
            }
            boolean automatic = timestampsNegotiated && sendsTimestamps && !packet.has(TcpHeader.RST);
            if (packet.timestamps || automatic) {
                segment.options.timestamps = true;
                Long value = packet.timestampValue;
                Long echo = packet.timestampEcho;
                segment.options.timestampValue =
                        value == null ? 1_000 + (int) ((now - START) / 1_000_000) : (int) (long) value;
                segment.options.timestampEcho = echo == null
                        ? lastTimestamp
                        : packet.has(TcpHeader.ACK) ? timestampOrigin + (int) (long) echo : (int) (long) echo;
            }
            int position = packet.has(TcpHeader.SYN) ? packet.seq : packet.seq - 1;
            ByteBuf bytes = Pattern.bytes(right ? position : position + 77_777, packet.length);
            buffers.add(bytes);
            return segment.payload(bytes, 0, packet.length);
        }

        /** Takes what our side sends, cut into packets. */
        private void hear(Segment segment) {
            int most = Math.max(1, segment.segmentBytes);
            int offset = 0;
            do {
                int length = Math.min(most, segment.payloadLength - offset);
                boolean last = offset + length == segment.payloadLength;
                hearPacket(segment, offset, length, last);
                offset += length;
            } while (offset < segment.payloadLength);
        }

        private void hearPacket(Segment segment, int offset, int length, boolean last) {
            Packet packet = new Packet();
            packet.flags = last ? segment.flags : segment.flags & ~(TcpHeader.FIN | TcpHeader.PSH);
            packet.seq = segment.sequence - OUR_ISS + offset;
            packet.length = length;
            if (segment.has(TcpHeader.ACK)) {
                packet.ack = (long) (segment.acknowledgment - PEER_ISS);
            }
            assertThat(segment.window).isBetween(0, 65_535);
            packet.window = segment.window;
            packet.mss = segment.options.mss;
            packet.windowScale = segment.options.windowScale;
            packet.sackPermitted = segment.options.sackPermitted;
            packet.timestamps = segment.options.timestamps;
            if (packet.timestamps) {
                hearTimestamps(segment, packet);
            }
            int sackRoom = packet.timestamps ? 3 : TcpOptions.MAX_SACK_BLOCKS;
            for (int i = 0; i < Math.min(sackRoom, segment.options.sackCount); i++) {
                packet.sacks.add(
                        new int[] {segment.options.sackLeft(i) - PEER_ISS, segment.options.sackRight(i) - PEER_ISS});
            }
            packet.options = List.of();
            assertThat(segment.options.length()).isLessThanOrEqualTo(40);
            int position = packet.seq - 1 + (packet.has(TcpHeader.SYN) ? 1 : 0);
            Pattern.check(position, segment.buf, segment.payload + offset, length);
            heard.add(packet);
        }

        private void hearTimestamps(Segment segment, Packet packet) {
            if (!knowsTimestampOrigin) {
                knowsTimestampOrigin = true;
                timestampOrigin = segment.options.timestampValue;
            }
            timestampsNegotiated = segment.has(TcpHeader.ACK);
            lastTimestamp = segment.options.timestampValue;
            packet.timestampValue = (long) (segment.options.timestampValue - timestampOrigin);
            packet.timestampEcho = Integer.toUnsignedLong(segment.options.timestampEcho);
        }

        /** These, in this order, and no others, since it was last asked. */
        void hears(String... lines) {
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (int i = 0; i < Math.max(lines.length, heard.size()); i++) {
                Packet like = i < lines.length ? Packet.parse(lines[i]) : null;
                if (like != null) {
                    expected.add(like.toString());
                }
                if (i < heard.size()) {
                    Packet packet = heard.get(i);
                    actual.add(like == null ? packet.toString() : packet.toString(like));
                }
            }
            heard.clear();
            assertThat(actual).isEqualTo(expected);
        }

        void hearsNothing() {
            hears();
        }

        /** Packets of at most an MSS, one behind the other, that carry {@code from} up to {@code to}; and no others. */
        void hearsData(int from, int to) {
            int at = from;
            for (Packet packet : heard) {
                assertThat(packet.seq).as("next byte in %s", heard).isEqualTo(at);
                assertThat(packet.length).as("%s", packet).isBetween(1, MSS);
                at += packet.length;
            }
            assertThat(at).as("end of the data in %s", heard).isEqualTo(to);
            heard.clear();
        }

        /** The only packet since it was last asked. */
        Packet hearsOne() {
            assertThat(heard).hasSize(1);
            Packet packet = heard.get(0);
            heard.clear();
            return packet;
        }

        /** Bytes of payload since it was last asked. */
        int hearsBytes() {
            int bytes = heard.stream().mapToInt(packet -> packet.length).sum();
            heard.clear();
            return bytes;
        }

        void ignoresAll() {
            heard.clear();
        }
    }

    /** Whoever holds our end. */
    final class User implements StreamListener {

        /** What it was told: {@code "established"}, {@code "fin"}, {@code "closed RESET"}. */
        final List<String> events = new ArrayList<>();

        /** Bytes received so far; all in order and right. */
        int received;

        /** Whether it says {@code consumed} as soon as bytes arrive. */
        boolean isQuick = true;

        /** Called with the length of what was received. */
        IntConsumer onReceived = length -> {};

        private int given;

        void sends(int bytes) {
            give(bytes);
            transmit();
        }

        /** Sends without the end of a turn. */
        void give(int bytes) {
            ByteBuf data = Pattern.bytes(given, bytes);
            buffers.add(data);
            given += bytes;
            connection.send(data);
        }

        void consumes(int bytes) {
            connection.consumed(bytes);
            transmit();
        }

        void closes() {
            connection.close();
            transmit();
        }

        void aborts() {
            connection.abort();
            transmit();
        }

        /** The events since it was last asked. */
        void wasTold(String... expected) {
            List<String> told = List.copyOf(events);
            events.clear();
            assertThat(told).isEqualTo(Arrays.asList(expected));
        }

        @Override
        public void established() {
            tell("established");
        }

        @Override
        public void received(ByteBuf buf, int at, int length) {
            assertThat(length).isPositive();
            assertThat(events).doesNotContain("fin");
            checkOpen();
            Pattern.check(received, buf, at, length);
            received += length;
            if (isQuick) {
                connection.consumed(length);
            }
            onReceived.accept(length);
        }

        @Override
        public void receivedFin() {
            tell("fin");
        }

        @Override
        public void acknowledged() {
            checkOpen();
        }

        @Override
        public void closed(CloseCause cause) {
            tell("closed " + cause);
        }

        private void tell(String event) {
            checkOpen();
            events.add(event);
        }

        private void checkOpen() {
            assertThat(events).noneMatch(event -> event.startsWith("closed"));
        }
    }
}
