package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.gateway.GuestConnection.ACK;
import static org.slipway.gateway.GuestConnection.FIN;
import static org.slipway.gateway.GuestConnection.PSH;
import static org.slipway.gateway.GuestConnection.RST;
import static org.slipway.gateway.GuestConnection.SYN;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.FakeHost;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.wire.DropReason;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpOptions;

/** Hostile guests: whatever they send, nothing breaks, nothing leaks, and others are served. */
class GatewayRobustnessTest {

    private final ResourceLeakDetector.Level usualLevel = ResourceLeakDetector.getLevel();

    /** The network counts its buffers itself when it is closed; a stack trace for each access takes minutes here. */
    @BeforeEach
    void traceNoAccess() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void traceAgain() {
        ResourceLeakDetector.setLevel(usualLevel);
    }

    private static final int IP = 14;

    /** Frames that every kind of which begins well. */
    private static List<ByteBuf> goodFrames(Packets guest) {
        Packets outside = guest.to(TestNetwork.OUTSIDE);
        TcpOptions options = new TcpOptions();
        options.mss = 1460;
        options.windowScale = 7;
        options.sackPermitted = true;
        options.timestamps = true;
        options.timestampValue = 99;
        List<ByteBuf> frames = new ArrayList<>();
        for (int flags : new int[] {SYN, SYN | ACK, ACK, FIN | ACK, RST, RST | ACK, PSH | ACK, 0, 0xff}) {
            frames.add(outside.tcp(1024, 80, 1000, 2000, flags, 500, options, Packets.bytes("data")));
        }
        frames.add(guest.to("10.0.2.3").tcp(1024, 53, 1000, 0, SYN, 500, options, Packets.bytes("data")));
        frames.add(guest.tcp(22, 50_000, 5, 1, SYN | ACK, 500, options, new byte[0]));
        frames.add(outside.udp(1024, 80, Packets.bytes("hello")));
        frames.add(guest.udp(53, 50_000, Packets.bytes("to the client")));
        frames.add(guest.to("10.0.2.3")
                .udp(1024, 53, Packets.hexBytes("4711 0100 0001 0000 0000 0000 01 61 04 74657374 00 0001 0001")));
        frames.add(guest.udp(68, 67, new byte[300]));
        frames.add(outside.echoRequest(1, 1, Packets.bytes("ping")));
        frames.add(guest.echoRequest(1, 1, Packets.bytes("ping")));
        frames.add(guest.icmpError(3, 3, 0, outside.udp(1, 2, new byte[0]), 28));
        frames.add(outside.fragment(0, true).ipv4(17, outside.udpDatagram(1024, 80, new byte[100])));
        frames.add(outside.fragment(8, false).ipv4(17, new byte[100]));
        return frames;
    }

    /** The frame with {@code length} bytes of IP packet left, which its header says, too. */
    private static ByteBuf cut(ByteBuf frame, int length) {
        ByteBuf copy = frame.copy();
        copy.writerIndex(copy.readerIndex() + IP + length);
        if (length >= 20) {
            int at = copy.readerIndex() + IP;
            copy.setShort(at + 2, length);
            Ipv4Packet.writeChecksum(copy, at);
        }
        return copy;
    }

    @Test
    void everyTruncationIsACountedDrop() {
        try (TestNetwork net = new TestNetwork()) {
            Packets outside = net.guest.to(TestNetwork.OUTSIDE);
            TcpOptions options = new TcpOptions();
            options.timestamps = true;
            options.mss = 1460;
            List<ByteBuf> frames = List.of(
                    outside.tcp(1024, 80, 1000, 0, SYN, 500, options, Packets.bytes("data")),
                    outside.udp(1024, 80, Packets.bytes("hello")),
                    outside.echoRequest(1, 1, Packets.bytes("ping")),
                    net.guest.echoRequest(1, 1, Packets.bytes("ping")));
            for (ByteBuf frame : frames) {
                int whole = frame.readableBytes() - IP;
                for (int length = 0; length < whole; length++) {
                    assertDropped(net, cut(frame, length));
                }
                for (int length = 0; length < frame.readableBytes(); length++) {
                    assertDropped(net, frame.copy(frame.readerIndex(), length));
                }
            }
            assertThat(net.host.streams()).isEmpty();
            assertThat(net.host.udps()).isEmpty();
            assertThat(net.echoes).isEmpty();
        }
    }

    private static void assertDropped(TestNetwork net, ByteBuf frame) {
        long before = total(net);
        DropReason reason = net.send(frame);
        assertThat(reason).isNotNull().isNotEqualTo(DropReason.INTERNAL_ERROR);
        assertThat(total(net)).isEqualTo(before + 1);
    }

    private static long total(TestNetwork net) {
        return net.drops.snapshot().values().stream().mapToLong(Long::longValue).sum();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mutatedFramesBreakNothing(long seed) {
        Random random = new Random(seed);
        try (TestNetwork net = new TestNetwork()) {
            FakeHost.Server tcp = net.forward(Protocol.TCP, new InetSocketAddress("127.0.0.1", 2222), 22);
            FakeHost.Udp udp = net.forwardUdp(new InetSocketAddress("127.0.0.1", 2222), 53);
            InetSocketAddress client = new InetSocketAddress("127.0.0.1", 50_000);
            List<ByteBuf> frames = goodFrames(net.guest);
            for (int round = 0; round < 25_000; round++) {
                ByteBuf frame = mutate(frames.get(random.nextInt(frames.size())), random);
                net.sendInTurn(frame);
                if (random.nextInt(4) == 0) {
                    net.loop.run();
                    hostActs(net, tcp, udp, client, random);
                    net.skip();
                }
            }
            net.loop.run();
            net.skip();
            assertThat(net.drops.of(DropReason.INTERNAL_ERROR)).isZero();
            net.meet(net.guest);
            net.skip();
            net.send(net.guest.echoRequest(9, 9, Packets.bytes("alive")));
            net.nextPacket().icmp(0, 0, 9 << 16 | 9).data(Packets.bytes("alive"));
            net.advance(Duration.ofMinutes(30));
            net.skip();
        }
    }

    private static ByteBuf mutate(ByteBuf good, Random random) {
        ByteBuf frame = good.copy();
        int start = frame.readerIndex();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = start + random.nextInt(frame.readableBytes());
            switch (random.nextInt(3)) {
                case 0 -> frame.setByte(at, random.nextInt());
                case 1 -> frame.setByte(at, frame.getByte(at) ^ 1 << random.nextInt(8));
                default -> frame.setByte(at, random.nextBoolean() ? 0 : 0xff);
            }
        }
        if (random.nextInt(10) == 0) {
            frame.writerIndex(start + random.nextInt(frame.readableBytes() + 1));
        }
        if (frame.readableBytes() >= IP + 20 && random.nextInt(8) != 0) {
            // Past the first door.
            frame.setByte(start + IP, 0x45);
            Ipv4Packet.writeChecksum(frame, start + IP);
            int length = frame.readableBytes() - IP;
            if (random.nextInt(4) != 0) {
                frame.setShort(start + IP + 2, length);
                Ipv4Packet.writeChecksum(frame, start + IP);
            }
            return random.nextInt(8) == 0 ? frame : checksummed(frame, start);
        }
        return frame;
    }

    /** With a right upper checksum, so that what is behind it is reached. */
    private static ByteBuf checksummed(ByteBuf frame, int start) {
        int protocol = Ipv4Packet.protocol(frame, start + IP);
        int upper = start + IP + 20;
        int length = frame.writerIndex() - upper;
        int offset = protocol == 6 ? 16 : protocol == 17 ? 6 : 2;
        if (length >= offset + 2) {
            frame.setShort(upper + offset, 0);
            long sum = InternetChecksum.sum(frame, upper, length);
            if (protocol != 1) {
                sum += InternetChecksum.pseudoHeader(
                        Ipv4Packet.source(frame, start + IP),
                        Ipv4Packet.destination(frame, start + IP),
                        protocol,
                        length);
            }
            frame.setShort(upper + offset, InternetChecksum.finish(sum));
        }
        return frame;
    }

    private static void hostActs(
            TestNetwork net, FakeHost.Server tcp, FakeHost.Udp udp, InetSocketAddress client, Random random) {
        int streams = net.host.streamCount();
        if (streams > 0) {
            FakeHost.Stream stream = net.host.recent(random.nextInt(Math.min(5, streams)));
            if (stream.isOpen() && stream.isConnected()) {
                switch (random.nextInt(6)) {
                    case 0 -> stream.receiveFinOnce();
                    case 1 -> stream.receiveReset();
                    case 2 -> stream.stalled(random.nextBoolean());
                    default -> {
                        if (stream.isReading()) {
                            stream.receive(new byte[1 + random.nextInt(5000)]);
                        }
                    }
                }
            } else if (stream.isOpen()) {
                if (random.nextInt(4) == 0) {
                    stream.fail(ConnectFailure.values()[random.nextInt(4)]);
                } else {
                    stream.connected();
                }
            }
        }
        switch (random.nextInt(20)) {
            case 0 -> tcp.accept(client);
            case 1 -> udp.receive("from the client", client);
            case 2 -> net.advance(Duration.ofMillis(random.nextInt(5000)));
            default -> {}
        }
        net.loop.run();
    }
}
