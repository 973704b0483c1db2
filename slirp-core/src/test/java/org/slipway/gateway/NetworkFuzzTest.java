package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.fuzz.FrameMender;
import org.slipway.fuzz.FuzzInput;
import org.slipway.nat.ConnectFailure;
import org.slipway.nat.FakeHost;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;

/**
 * Frames of two guests to a whole gateway, whose host does anything as well. A script of steps: frames as they are, or with
 * one layer or another made right; segments that fit to what the gateway has said; the host's acts; the clock.
 */
class NetworkFuzzTest {

    private static final int MAX_STEPS = 200;
    private static final int MAX_FRAME = 4000;
    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 50_000);
    private static final String[] PLACES = {TestNetwork.OUTSIDE, "10.0.2.2", "10.0.2.3", "255.255.255.255"};
    private static final String[] PLACES6 = {"2001:db8::1", "fd00::2", "fd00::3", "ff02::1:2", "fe80::2", "ff02::2"};
    private static final GatewayConfig CONFIG =
            new GatewayConfig(AddressPlan.DEFAULT, GatewayConfig.DEFAULT_MTU, List.of(), List.of());

    /** All flows have gone by then: keep-alive takes two hours and twelve minutes. */
    private static final Duration LONGEST_LIFE = Duration.ofHours(5);

    private static final Duration[] STEPS = {
        Duration.ofMillis(1), Duration.ofMillis(40), Duration.ofMillis(250), Duration.ofSeconds(1),
        Duration.ofSeconds(5), Duration.ofSeconds(31), Duration.ofMinutes(2), Duration.ofMinutes(30)
    };

    @FuzzTest
    void whateverGuestsAndHostDoTheNetworkIsSound(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        try (TestNetwork net = new TestNetwork(CONFIG)) {
            Play play = new Play(net, in);
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                play.step();
            }
            play.end();
        }
    }

    private static final class Play {

        private final TestNetwork net;
        private final FuzzInput in;
        private final Packets[] guests;
        private final Packets[] guests6 = {
            Packets.from(TestNetwork.GUEST_MAC, "fd00::15").to(TestNetwork.GATEWAY_MAC, "fd00::2"),
            Packets.from("52:54:00:00:00:02", "fd00::16").to(TestNetwork.GATEWAY_MAC, "fd00::2")
        };
        private final FakeHost.Server tcpForward;
        private final FakeHost.Udp udpForward;
        private final SeenByGuests seen = new SeenByGuests();

        Play(TestNetwork net, FuzzInput in) {
            this.net = net;
            this.in = in;
            guests = new Packets[] {
                net.guest, Packets.from("52:54:00:00:00:02", "10.0.2.16").to(TestNetwork.GATEWAY_MAC, "10.0.2.2")
            };
            net.meet(guests[1]);
            IpAddress gateway = IpAddress.parse("fd00::2");
            for (Packets guest : guests6) {
                net.send(guest.ndp(new NeighbourMessage(false, 0, gateway, guest.sourceMac())));
            }
            tcpForward = net.forward(Protocol.TCP, new InetSocketAddress("127.0.0.1", 2222), 22);
            udpForward = net.forwardUdp(new InetSocketAddress("127.0.0.1", 2222), 53);
        }

        void step() {
            int action = in.u8();
            switch (action & 0xf) {
                case 0, 1 -> raw();
                case 2, 3 -> packet(action >> 4);
                case 4, 5, 6, 7 -> segment(action >> 4);
                case 8, 9 -> datagram(action >> 4);
                case 10 -> net.loop.run();
                case 11 -> net.advance(STEPS[in.below(STEPS.length)]);
                case 12 -> net.writable(in.flag());
                case 13 -> resolverActs();
                case 14 -> packet6(action >> 4);
                default -> hostActs();
            }
            seen.look(net);
        }

        private Packets guest(int choice) {
            return guests[choice & 1].to(PLACES[choice >> 1 & 3]);
        }

        /** Of either family. */
        private Packets anyGuest(int choice) {
            return (choice & 8) == 0 ? guest(choice) : guests6[choice & 1].to(PLACES6[choice >> 1 & 3]);
        }

        private void raw() {
            int layers = in.u8();
            ByteBuf frame = Packets.buffer(in.longBytes(MAX_FRAME));
            FrameMender.mend(frame, layers);
            send(frame);
        }

        /** An IP packet with anything in it, a fragment perhaps. */
        private void packet(int choice) {
            int protocol = in.u8();
            Packets guest = guest(choice);
            if ((choice & 8) != 0) {
                int fragment = in.u16();
                guest = guest.identification(fragment & 3)
                        .fragment((fragment & 0x1ffc) >> 2 << 3, (fragment & 0x8000) != 0);
            }
            int control = in.u8();
            guest = guest.timeToLive((control & 8) != 0 ? in.u8() : 64);
            guest = (control & 16) != 0 ? guest.options(options()) : guest;
            byte[] payload = in.longBytes(MAX_FRAME);
            ByteBuf frame = guest.ipv4(protocol, payload);
            FrameMender.mend(frame, control & (FrameMender.LENGTH | FrameMender.CHECKSUM));
            send(frame);
        }

        /** An IPv6 packet with anything in it, extension headers perhaps. */
        private void packet6(int choice) {
            int header = in.u8();
            int control = in.u8();
            Packets guest = guests6[choice & 1].to(PLACES6[(choice >> 1) % PLACES6.length]);
            guest = (control & 8) != 0 ? guest.source("fe80::15") : guest;
            // Neighbor discovery is heard with a hop limit of 255 only (RFC 4861).
            guest = guest.timeToLive((control & 16) != 0 ? in.u8() : 255);
            int nextHeader = (control & 32) != 0 ? header : in.oneOf(58, 17, 6, 0, 43, 44, 60);
            ByteBuf frame = guest.ipv6(nextHeader, in.longBytes(MAX_FRAME));
            FrameMender.mend(frame, control & (FrameMender.LENGTH | FrameMender.CHECKSUM));
            send(frame);
        }

        private byte[] options() {
            byte[] options = in.bytes(4 * (1 + in.below(10)));
            return Arrays.copyOf(options, options.length / 4 * 4);
        }

        /** A segment of a connection that may be there. */
        private void segment(int choice) {
            int ports = in.u8();
            int flags = in.u8();
            // From a port of its own, or from the one that a forward leads to.
            int guestPort = (ports & 3) == 3 ? 22 : 1024 + (ports & 3);
            int remotePort = new int[] {80, 53, 113, 50_000}[ports >> 2 & 3];
            SeenByGuests.Flow flow = seen.flow(guestPort);
            int sequence = flow.acknowledged + near();
            int acknowledgment = flow.next + near();
            if ((ports & 0x80) != 0 && flow.remotePort != 0) {
                remotePort = flow.remotePort;
            }
            int window = (ports & 0x40) != 0 ? in.u16() : 65_535;
            byte[] payload = new byte[(ports & 0x20) != 0 ? in.u16() % 1461 : in.u8() & 0xf];
            send(anyGuest(choice).tcp(guestPort, remotePort, sequence, acknowledgment, flags, window, payload));
        }

        private int near() {
            int choice = in.u8();
            return choice < 0x80 ? 0 : choice < 0xf0 ? (byte) (choice << 1) : in.i32();
        }

        private void datagram(int choice) {
            int ports = in.u8();
            int guestPort = new int[] {1024, 68, 53, 0}[ports & 3];
            int remotePort = new int[] {53, 67, 69, 123, 0, 137, 5353, 1024}[ports >> 2 & 7];
            send(anyGuest(choice).udp(guestPort, remotePort, in.longBytes(1472)));
        }

        private void send(ByteBuf frame) {
            long before = total();
            DropReason reason = net.sendInTurn(frame);
            if (reason != null) {
                assertThat(reason).as("faults: %s", net.news).isNotEqualTo(DropReason.INTERNAL_ERROR);
                assertThat(total()).as("the drop for %s is counted", reason).isGreaterThan(before);
            }
        }

        private long total() {
            return net.drops.snapshot().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }

        private void resolverActs() {
            int back = in.u8();
            TestNetwork.Query query =
                    net.queries.isEmpty() ? null : net.queries.get(net.queries.size() - 1 - back % net.queries.size());
            if (query != null && !query.over().get()) {
                if (in.u8() == 0) {
                    query.over().set(true);
                    query.listener().failed();
                } else {
                    ByteBuf answer = FuzzInput.inTheMiddle(answerTo(query.message()));
                    query.listener().received(answer);
                    answer.release();
                }
            }
            net.loop.run();
        }

        /** The query, with QR set, and then something. */
        private byte[] answerTo(byte[] query) {
            byte[] extra = in.shortBytes();
            byte[] answer = Arrays.copyOf(query, query.length + extra.length);
            System.arraycopy(extra, 0, answer, query.length, extra.length);
            if (answer.length > 7) {
                answer[2] |= (byte) 0x80;
                answer[7] = (byte) in.below(3);
            }
            return answer;
        }

        private void hostActs() {
            int act = in.u8();
            int streams = net.host.streamCount();
            FakeHost.Stream stream = streams == 0 ? null : net.host.recent((act >> 4) % Math.min(16, streams));
            switch (act & 0xf) {
                case 0 -> tcpForward.accept(CLIENT);
                case 1 -> udpForward.receive("x".repeat(in.u8()), CLIENT);
                case 2 -> echoes();
                case 3 -> udpAnswers();
                default -> streamActs(stream, act & 0xf);
            }
            net.loop.run();
        }

        private void streamActs(FakeHost.@Nullable Stream stream, int act) {
            if (stream == null || !stream.isOpen()) {
                return;
            }
            if (!stream.isConnected()) {
                if (act < 12) {
                    stream.connected();
                } else {
                    stream.fail(ConnectFailure.values()[in.below(ConnectFailure.values().length)]);
                }
                return;
            }
            switch (act) {
                case 4 -> stream.receiveFinOnce();
                case 5 -> stream.receiveReset();
                case 6 -> stream.stalled(true);
                case 7 -> stream.stalled(false);
                default -> {
                    if (stream.isReading()) {
                        stream.receive(new byte[1 + in.u16() % 20_000]);
                    }
                }
            }
        }

        private void echoes() {
            if (!net.echoes.isEmpty()) {
                TestNetwork.FakeEcho echo = net.echoes.get(net.echoes.size() - 1);
                if (!echo.closed && !echo.sent.isEmpty()) {
                    TestNetwork.Ping ping = echo.sent.get(echo.sent.size() - 1);
                    ByteBuf payload = FuzzInput.inTheMiddle(ping.payload());
                    echo.listener.reply(ping.sequence(), in.u8(), payload);
                    payload.release();
                }
            }
        }

        private void udpAnswers() {
            List<FakeHost.Udp> udps = net.host.udps();
            FakeHost.Udp udp = udps.get(udps.size() - 1);
            if (!udp.isClosed()) {
                for (FakeHost.Datagram datagram : udp.take()) {
                    udp.receive(datagram.data(), datagram.to());
                }
            }
        }

        /** Everything comes to an end, and until then a guest is served. */
        void end() {
            net.loop.run();
            net.writable(true);
            net.host.streams().forEach(stream -> stream.stalled(false));
            seen.look(net);
            net.advance(LONGEST_LIFE);
            seen.look(net);
            // One that the fuzzer knows nothing of: no lease, no flow and no quota stands in its way.
            Packets other = Packets.from("52:54:00:00:00:03", "10.0.2.99").to(TestNetwork.GATEWAY_MAC, "10.0.2.2");
            net.meet(other);
            net.skip();
            net.send(other.echoRequest(9, 9, Packets.bytes("alive")));
            net.nextPacket().icmp(0, 0, 9 << 16 | 9).data(Packets.bytes("alive"));
        }
    }
}
