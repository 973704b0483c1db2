package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.InternetChecksum;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;
import org.slipway.wire.UdpDatagram;

/** What one host cuts another makes whole, whatever the order, in either family. */
class FragmentRoundTripTest {

    private static final long SENDER_MAC = MacAddress.parse(GatewayFixture.MAC).value();
    private static final long RECEIVER_MAC =
            MacAddress.parse(GatewayFixture.GUEST_MAC).value();

    private final ManualLoop loop = new ManualLoop();
    private final DropCounters drops = new DropCounters();
    private final SentFrames sent = new SentFrames();
    private final List<byte[]> received = new ArrayList<>();

    private IpHost host(IpAddress address, long mac, int mtu) {
        IpHost host = new IpHost(loop, drops, new MacAddress(mac), mtu, sent, new Random(1));
        host.address(address, IpPrefix.of(address, address.isIpv4() ? 24 : 64));
        return host;
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.2, 10.0.2.15, 68, 65507", "fd00::2, fd00::15, 1280, 65527"})
    void whatIsCutIsMadeWhole(String from, String to, int leastMtu, int mostData) {
        IpAddress source = IpAddress.parse(from);
        IpAddress destination = IpAddress.parse(to);
        try (IpHost receiver = host(destination, RECEIVER_MAC, 1500);
                IpHost sender = host(source, SENDER_MAC, leastMtu)) {
            sender.learn(destination, RECEIVER_MAC);
            receiver.handler(
                    IpProtocol.UDP,
                    packet -> received.add(GatewayFixture.Received.of(packet).payload()));
            for (int seed = 0; seed < 300; seed++) {
                Random random = new Random(seed);
                sender.mtu(leastMtu + random.nextInt(3000));
                byte[] data = new byte[random.nextInt(seed % 30 == 0 ? mostData + 1 : 8000)];
                random.nextBytes(data);
                byte[] datagram = Packets.from(0, source).to(0, destination).udpDatagram(53, 1024, data);

                assertThat(sender.send(
                                source,
                                destination,
                                IpProtocol.UDP,
                                64,
                                0,
                                false,
                                upper(datagram, source, destination, random)))
                        .isTrue();
                deliver(receiver, sender.mtu(), random);

                assertThat(received).as("seed %d", seed).hasSize(1);
                assertThat(received.remove(0)).as("seed %d", seed).isEqualTo(datagram);
            }
        }
        assertThat(drops.snapshot()).isEmpty();
    }

    /** In one buffer or in two, with its checksum or without. */
    private static Frame upper(byte[] datagram, IpAddress source, IpAddress destination, Random random) {
        int cut = 8 + random.nextInt(datagram.length - 7);
        ByteBuf head = Packets.buffer(Arrays.copyOf(datagram, cut));
        Frame upper = cut == datagram.length
                ? new Frame().set(head)
                : new Frame().set(head, Packets.buffer(Arrays.copyOfRange(datagram, cut, datagram.length)));
        if (random.nextBoolean()) {
            long pseudo = InternetChecksum.pseudoHeader(source, destination, IpProtocol.UDP, datagram.length);
            head.setShort(Packets.ROOM + UdpDatagram.CHECKSUM, InternetChecksum.fold(pseudo));
            upper.needsChecksum(0, UdpDatagram.CHECKSUM);
        }
        return upper;
    }

    /** Gives what was sent to the receiver, shuffled, the last of it perhaps twice; completes the checksum of a whole packet. */
    private void deliver(IpHost receiver, int mtu, Random random) {
        List<Frame> frames = new ArrayList<>();
        while (sent.count() > 0) {
            frames.add(sent.next());
        }
        Collections.shuffle(frames, random);
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            assertThat(frame.length()).isLessThanOrEqualTo(14 + mtu);
            if (frames.size() == 1) {
                complete(frame);
            }
            assertThat(frame.needsChecksum()).isFalse();
            receiver.receive(frame);
            assertThat(frame.dropReason()).isNull();
            if (i + 1 < frames.size() && random.nextInt(4) == 0) {
                receiver.receive(frame);
            }
        }
    }

    private static void complete(Frame frame) {
        if (frame.needsChecksum()) {
            ByteBuf buf = frame.head();
            int start = buf.readerIndex() + frame.checksumStart();
            UdpDatagram.writeChecksum(buf, start, InternetChecksum.sum(buf, start, buf.writerIndex() - start));
            frame.needsChecksum(0, 0);
        }
    }
}
