package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.FakeHost;
import org.slipway.wire.DropReason;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.PacketAssert;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;

/** Connections of a guest by hand, of which nothing is kept: the handshake, and what a SYN is answered with. */
final class GreedyTcp {

    static final int ISS = 5000;

    private final TwoGuests network;

    GreedyTcp(TwoGuests network) {
        this.network = network;
    }

    /** A guest under one of its names asks for connection number {@code i}. Returns why its SYN was dropped, or null. */
    @Nullable
    DropReason syn(int i, String remote, int remotePort) {
        network.greedyMail.clear();
        return network.fromGreedy(syn(sender(i, remote), port(i), remotePort));
    }

    /** The host behind the last SYN accepts. */
    FakeHost.Stream connected() {
        FakeHost.Stream stream = network.net.host.recent(0);
        stream.connected();
        network.hear();
        return stream;
    }

    /** The guest acknowledges the SYN-ACK that came last. Returns its number, and one. */
    int acknowledge(int i, String remote, int remotePort) {
        ByteBuf answer = network.nextForGreedy();
        network.fromGreedy(ack(sender(i, remote), port(i), remotePort, answer));
        return TcpHeader.sequence(answer, tcp(answer)) + 1;
    }

    /** The guest sends {@code data}, which stands {@code offset} bytes behind its SYN. Returns why it was dropped, or null. */
    @Nullable
    DropReason send(int i, String remote, int remotePort, int offset, int acknowledgment, byte[] data) {
        int flags = TcpHeader.ACK | TcpHeader.PSH;
        return network.fromGreedy(
                sender(i, remote).tcp(port(i), remotePort, ISS + 1 + offset, acknowledgment, flags, 64_240, data));
    }

    private Packets sender(int i, String remote) {
        return network.greedy(i).to(remote);
    }

    private static int port(int i) {
        return 1024 + i / TwoGuests.NAMES;
    }

    /** A connection was refused in TCP's own way. */
    void assertReset(int i, int remotePort) {
        PacketAssert.packet(network.nextForGreedy())
                .ipv4()
                .tcp(remotePort, port(i), 0, ISS + 1, TcpHeader.RST | TcpHeader.ACK);
    }

    /** The busy guest opens one more connection to outside, and it is answered. */
    void assertBusyOpens(int port) {
        network.busyMail.clear();
        assertThat(network.fromBusy(syn(network.busy.to(TestNetwork.OUTSIDE), port, 80)))
                .isNull();
        connected();
        assertSynAck(network.nextForBusy());
    }

    static void assertSynAck(ByteBuf frame) {
        assertThat(TcpHeader.flags(frame, tcp(frame))).isEqualTo(TcpHeader.SYN | TcpHeader.ACK);
    }

    static ByteBuf syn(Packets sender, int port, int remotePort) {
        return sender.tcp(port, remotePort, ISS, 0, TcpHeader.SYN, 64_240, new byte[0]);
    }

    static ByteBuf ack(Packets sender, int port, int remotePort, ByteBuf synAck) {
        assertSynAck(synAck);
        int next = TcpHeader.sequence(synAck, tcp(synAck)) + 1;
        return sender.tcp(port, remotePort, ISS + 1, next, TcpHeader.ACK, 64_240, new byte[0]);
    }

    private static int tcp(ByteBuf frame) {
        int ip = EthernetFrame.HEADER_LENGTH;
        return ip + Ipv4Packet.headerLength(frame, ip);
    }
}
