package org.slipway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.gateway.Transfers.Carried;
import org.slipway.wire.DropReason;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;

/** One guest has all of the gateway's services that it may have; they serve another one. */
class ServiceBoundsTest {

    private static final int TIME = 100;
    private static final int TFTP_OF_A_GUEST = 16;
    private static final int QUERIES_OF_A_GUEST = 256;
    private static final int SESSIONS_OF_A_GUEST = 32;
    private static final String DNS = "10.0.2.3";
    private static final int REFUSED = 5;

    private static final byte[] QUERY =
            Packets.hexBytes("4711 0100 0001 0000 0000 0000 01 61 04 74657374 00 0001 0001");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    private static void answerLast(TwoGuests network) {
        TestNetwork.Query query = network.net.queries.get(network.net.queries.size() - 1);
        byte[] message = query.message().clone();
        message[2] |= (byte) 0x80;
        query.listener().received(Unpooled.wrappedBuffer(message));
        network.hear();
    }

    @Test
    void tftpTransfersBeyondTheShareAreRefused() throws IOException {
        Files.writeString(root.resolve("boot.efi"), "x".repeat(600));
        Carried usual = TwoGuests.undisturbed(TIME);
        GatewayConfig config = new GatewayConfig(AddressPlan.IPV4_ONLY, GatewayConfig.DEFAULT_MTU, List.of(), List.of())
                .booting(new NetBoot(root, "boot.efi"));
        byte[] request = "\0\1boot.efi\0octet\0".getBytes(ISO_8859_1);
        try (TwoGuests network = new TwoGuests(config)) {
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 5; i < (time + 1) * 5; i++) {
                    network.greedyMail.clear();
                    network.fromGreedy(network.greedy(i).udp(2000 + i, 69, request));
                }
                if (time % 10 == 5) {
                    assertBusyLoads(network, request, 3000 + time);
                }
            });

            assertThat(network.net.drops.of(DropReason.TFTP_TRANSFERS_FULL)).isEqualTo(5 * TIME - TFTP_OF_A_GUEST);
            assertThat(udpData(network.nextForGreedy())).asString(ISO_8859_1).isEqualTo("\0\5\0\0Too many transfers\0");
            carried.assertIsNearly(usual);
        }
    }

    private static void assertBusyLoads(TwoGuests network, byte[] request, int port) {
        network.fromBusy(network.busy.udp(port, 69, request));
        ByteBuf first = network.nextForBusy();
        int serverPort = first.getUnsignedShort(34);
        assertThat(udpData(first)).hasSize(4 + 512).startsWith(0, 3, 0, 1);
        network.fromBusy(network.busy.udp(port, serverPort, new byte[] {0, 4, 0, 1}));
        assertThat(udpData(network.nextForBusy())).hasSize(4 + 88).startsWith(0, 3, 0, 2);
        network.fromBusy(network.busy.udp(port, serverPort, new byte[] {0, 4, 0, 2}));
    }

    private static byte[] udpData(ByteBuf frame) {
        byte[] data = new byte[frame.getUnsignedShort(38) - 8];
        frame.getBytes(42, data);
        return data;
    }

    @Test
    void queriesBeyondTheShareAreRefused() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 10; i < (time + 1) * 10; i++) {
                    network.greedyMail.clear();
                    network.fromGreedy(network.greedy(i).to(DNS).udp(2000 + i, 53, QUERY));
                }
                if (time % 10 == 5) {
                    assertBusyIsAnswered(network, 3000 + time);
                }
            });

            assertThat(network.net.drops.of(DropReason.DNS_QUERIES_FULL)).isEqualTo(10 * TIME - QUERIES_OF_A_GUEST);
            assertThat(udpData(network.nextForGreedy())[3] & 0xf).isEqualTo(REFUSED);
            carried.assertIsNearly(usual);
        }
    }

    private static void assertBusyIsAnswered(TwoGuests network, int port) {
        assertThat(network.fromBusy(network.busy.to(DNS).udp(port, 53, QUERY))).isNull();
        answerLast(network);
        PacketAssert.packet(network.nextForBusy()).ipv4().from(DNS).udp(53, port);
    }

    @Test
    void tcpSessionsOfTheResolverBeyondTheShareAreReset() {
        Carried usual = TwoGuests.undisturbed(TIME);
        try (TwoGuests network = new TwoGuests()) {
            GreedyTcp greedy = new GreedyTcp(network);
            Carried carried = network.carry(TIME, time -> {
                for (int i = time * 2; i < (time + 1) * 2; i++) {
                    if (greedy.syn(i, DNS, 53) == null) {
                        greedy.acknowledge(i, DNS, 53);
                    } else {
                        greedy.assertReset(i, 53);
                    }
                }
                if (time % 10 == 5) {
                    assertBusyIsAnsweredOverTcp(network, 7000 + time);
                }
            });

            assertThat(network.net.drops.of(DropReason.DNS_QUERIES_FULL)).isEqualTo(2 * TIME - SESSIONS_OF_A_GUEST);
            carried.assertIsNearly(usual);
        }
    }

    private static void assertBusyIsAnsweredOverTcp(TwoGuests network, int port) {
        Packets busy = network.busy.to(DNS);
        assertThat(network.fromBusy(GreedyTcp.syn(busy, port, 53))).isNull();
        ByteBuf synAck = network.nextForBusy();
        network.fromBusy(GreedyTcp.ack(busy, port, 53, synAck));
        int next = TcpHeader.sequence(synAck, 34) + 1;
        byte[] framed = Packets.join(new byte[] {0, (byte) QUERY.length}, QUERY);
        network.fromBusy(busy.tcp(port, 53, GreedyTcp.ISS + 1, next, TcpHeader.ACK | TcpHeader.PSH, 64_240, framed));
        network.busyMail.clear();
        answerLast(network);
        byte[] answer = Packets.bytesOf(network.nextForBusy());
        assertThat(answer).hasSizeGreaterThan(54 + framed.length - 1).contains("test".getBytes(ISO_8859_1));
    }
}
