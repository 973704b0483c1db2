package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slipway.fuzz.FrameMender;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.tcp.CloseCause;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.Packets;

/**
 * Frames of anybody on the link to a guest in memory that leases, asks, pings and connects: whatever comes, nothing is thrown,
 * each thing that was asked ends, and no buffer is kept.
 */
class GuestFuzzTest {

    private static final int MAX_STEPS = 200;
    private static final int MAX_FRAME = 4000;
    private static final int PORT = 80;
    private static final int NDP_HEADER = 4;

    /** TCP gives up an unanswered connection in a quarter of an hour, keep-alive an idle one in two hours and a quarter. */
    private static final Duration LONGEST_LIFE = Duration.ofHours(5);

    private static final String[] SOURCES = {"192.168.1.2", "192.168.1.1", "8.8.8.8", "0.0.0.0"};
    private static final String[] SOURCES6 = {"fe80::2", "fd00::2", "2001:db8::1", "::"};
    private static final Duration[] STEPS = {
        Duration.ofMillis(1),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofMinutes(2)
    };

    @FuzzTest
    void whateverComesTheGuestIsSound(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        FuzzBuffers buffers = new FuzzBuffers();
        try (GuestLan net = new GuestLan()) {
            Play play = new Play(net, in);
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                play.step(in.u8());
            }
            net.loop.advance(LONGEST_LIFE);
            play.assertAllEnded();
            assertThat(net.drops.of(DropReason.INTERNAL_ERROR)).isZero();
        }
        buffers.assertNothingHeld();
    }

    private static final class Play {

        private final GuestLan net;
        private final FuzzInput in;
        private final RouterStation station;
        private final Guest guest;
        private final List<CompletableFuture<?>> asked = new ArrayList<>();

        Play(GuestLan net, FuzzInput in) {
            this.net = net;
            this.in = in;
            station = new RouterStation(net);
            guest = net.addressed(1);
            guest.listen(PORT, stream -> stream.listener(new Echo(stream)));
            guest.onUdp(PORT, (source, sourcePort, destination, payload) -> payload.skipBytes(payload.readableBytes()));
            asked.add(guest.autoconfigure());
            net.loop.advance(Duration.ofSeconds(1));
        }

        void step(int action) {
            switch (action & 7) {
                case 0, 1 -> raw();
                case 2 -> station.say(packet(action >> 4));
                case 3 -> station.say(packet6(action >> 4));
                case 4 -> station.say(to6(action >> 4).ndp(ndp()));
                case 5 -> net.loop.advance(STEPS[in.below(STEPS.length)]);
                case 6 -> answer();
                default -> act(action >> 4);
            }
        }

        private void raw() {
            int layers = in.u8();
            byte[] bytes = in.longBytes(MAX_FRAME);
            ByteBuf frame = Packets.buffer(bytes);
            FrameMender.mend(frame, layers);
            station.say(frame);
        }

        private Packets to(int choice) {
            return Packets.from(RouterStation.MAC, SOURCES[choice & 3])
                    .to(guest.mac().toString(), "192.168.1.1");
        }

        private Packets to6(int choice) {
            String mine = (choice & 4) == 0 ? "fe80::5054:ff:fe00:1" : "ff02::1";
            return Packets.from(RouterStation.MAC, SOURCES6[choice & 3])
                    .to(guest.mac().toString(), mine);
        }

        /** A message with room for its header at least. */
        private byte[] ndp() {
            byte[] message = in.longBytes(MAX_FRAME);
            return message.length < NDP_HEADER ? Arrays.copyOf(message, NDP_HEADER) : message;
        }

        private ByteBuf packet(int choice) {
            ByteBuf frame = to(choice).ipv4(in.u8(), in.longBytes(MAX_FRAME));
            FrameMender.mend(frame, FrameMender.LENGTH | FrameMender.CHECKSUM);
            return frame;
        }

        private ByteBuf packet6(int choice) {
            ByteBuf frame = to6(choice).ipv6(in.u8(), in.longBytes(MAX_FRAME));
            FrameMender.mend(frame, FrameMender.LENGTH | FrameMender.CHECKSUM);
            return frame;
        }

        /** Something that the guest has said comes back to it, changed in one place. */
        private void answer() {
            List<ByteBuf> heard = station.heard();
            if (heard.isEmpty()) {
                return;
            }
            ByteBuf frame = Unpooled.copiedBuffer(heard.get(in.below(heard.size())));
            int length = frame.readableBytes();
            byte[] destination = new byte[6];
            frame.getBytes(0, destination);
            frame.setBytes(0, frame, 6, 6);
            frame.setBytes(6, destination);
            frame.setByte(6, frame.getByte(6) & 0xfe);
            swapAddresses(frame);
            for (int changes = in.below(4); changes > 0; changes--) {
                frame.setByte(in.u16() % length, in.u8());
            }
            FrameMender.mend(frame, in.u8());
            station.say(frame);
        }

        private static void swapAddresses(ByteBuf frame) {
            boolean ipv6 = frame.getUnsignedShort(12) == 0x86dd;
            int at = 14 + (ipv6 ? 8 : 12);
            int length = ipv6 ? 16 : 4;
            if (frame.readableBytes() < at + 2 * length + 4) {
                return;
            }
            byte[] source = new byte[length];
            frame.getBytes(at, source);
            frame.setBytes(at, frame, at + length, length);
            frame.setBytes(at + length, source);
            int ports = at + 2 * length;
            int sourcePort = frame.getUnsignedShort(ports);
            frame.setShort(ports, frame.getUnsignedShort(ports + 2));
            frame.setShort(ports + 2, sourcePort);
        }

        private void act(int choice) {
            IpAddress peer = IpAddress.parse((choice & 1) == 0 ? SOURCES[0] : SOURCES6[0]);
            switch (choice >> 1 & 3) {
                case 0 -> asked.add(guest.ping(peer));
                case 1 -> asked.add(guest.connect(peer, PORT));
                case 2 -> asked.add(guest.resolve("a.test"));
                default -> guest.sendUdp(PORT, peer, PORT, Unpooled.wrappedBuffer(in.shortBytes()));
            }
            net.loop.run();
        }

        void assertAllEnded() {
            assertThat(asked).allMatch(CompletableFuture::isDone);
        }
    }

    /** Says again what it hears. */
    private record Echo(GuestStream stream) implements GuestStreamListener {

        @Override
        public void received(ByteBuf bytes) {
            stream.send(bytes.retainedSlice());
        }

        @Override
        public void receivedFin() {
            stream.close();
        }

        @Override
        public void closed(CloseCause cause) {
            // Nothing to end.
        }
    }
}
