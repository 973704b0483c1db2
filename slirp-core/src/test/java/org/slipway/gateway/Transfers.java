package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.FakeHost;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv4Packet;
import org.slipway.wire.Packets;
import org.slipway.wire.TcpHeader;
import org.slipway.wire.TcpOptions;

/**
 * The busy guest's download and upload, each over a connection of its own, by hand: as much as the windows allow in each
 * millisecond. What is lost is sent again, by the gateway after its time-out and by the guest from the first byte on that
 * was not acknowledged, so that loss shows in what was carried.
 */
final class Transfers {

    static final int FIRST_PORT = 5001;

    private static final int CHUNK = 16_384;
    private static final int SEGMENT = 1460;
    private static final int WINDOW = 65_535;
    private static final int ISS = 1000;

    /** Bytes that arrived, each way. */
    record Carried(long downloaded, long uploaded) {

        /** What a guest notices of another one's flood is less than a hundredth. */
        void assertIsNearly(Carried usual) {
            assertThat(usual.downloaded).isPositive();
            assertThat(usual.uploaded).isPositive();
            assertThat(downloaded).as("downloaded").isGreaterThanOrEqualTo(usual.downloaded * 99 / 100);
            assertThat(uploaded).as("uploaded").isGreaterThanOrEqualTo(usual.uploaded * 99 / 100);
        }
    }

    /** The guest's end of one connection. */
    private static final class End {
        final int port;
        int irs;
        int expected;
        int sent = ISS + 1;
        int acknowledged = ISS + 1;
        int window;
        boolean owesAcknowledgment;

        End(int port) {
            this.port = port;
        }
    }

    private final TwoGuests network;
    private final Packets sender;
    private final End download = new End(FIRST_PORT);
    private final End upload = new End(FIRST_PORT + 1);
    private FakeHost.@Nullable Stream server;

    Transfers(TwoGuests network) {
        this.network = network;
        sender = network.busy.to(TestNetwork.OUTSIDE);
    }

    /** Opens both connections. */
    void begin() {
        for (End end : List.of(upload, download)) {
            send(end, TcpHeader.SYN, ISS, new byte[0]);
            FakeHost.Stream stream = network.net.host.recent(0);
            stream.connected();
            network.hear();
            assertThat(end.owesAcknowledgment).as("SYN-ACK came").isTrue();
            acknowledge(end);
            server = stream;
        }
    }

    /** One millisecond: the server and the guest send what they may. */
    void go() {
        FakeHost.Stream from = server;
        for (int sent = 0; from != null && from.isReading() && sent < CHUNK; sent += CHUNK / 4) {
            from.receive(new byte[CHUNK / 4]);
        }
        network.hear();
        acknowledge(download);
        // What was not acknowledged until now is lost: the gateway answers in the same turn.
        upload.sent = upload.acknowledged;
        for (int sent = 0; sent + SEGMENT <= Math.min(upload.window, CHUNK); sent += SEGMENT) {
            send(upload, TcpHeader.ACK | TcpHeader.PSH, upload.sent, new byte[SEGMENT]);
            upload.sent += SEGMENT;
        }
        network.hear();
    }

    /** Takes a frame to the guest; false if it is not of these connections. */
    boolean hear(ByteBuf frame) {
        int ip = EthernetFrame.HEADER_LENGTH;
        if (Ipv4Packet.protocol(frame, ip) != IpProtocol.TCP) {
            return false;
        }
        int at = ip + Ipv4Packet.headerLength(frame, ip);
        int port = TcpHeader.destinationPort(frame, at);
        if (port != download.port && port != upload.port) {
            return false;
        }
        assertThat(TcpHeader.flags(frame, at) & TcpHeader.RST).as("reset").isZero();
        int length = ip + Ipv4Packet.totalLength(frame, ip) - at - TcpHeader.length(frame, at);
        hear(port == download.port ? download : upload, frame, at, length);
        return true;
    }

    private static void hear(End end, ByteBuf frame, int at, int length) {
        int sequence = TcpHeader.sequence(frame, at);
        if ((TcpHeader.flags(frame, at) & TcpHeader.SYN) != 0) {
            end.irs = sequence;
            end.expected = sequence + 1;
            end.owesAcknowledgment = true;
        } else if (length > 0) {
            end.expected += sequence == end.expected ? length : 0;
            end.owesAcknowledgment = true;
        }
        end.window = TcpHeader.window(frame, at);
        int acknowledgment = TcpHeader.acknowledgment(frame, at);
        if (acknowledgment - end.acknowledged > 0) {
            end.acknowledged = acknowledgment;
        }
    }

    private void acknowledge(End end) {
        if (end.owesAcknowledgment) {
            end.owesAcknowledgment = false;
            send(end, TcpHeader.ACK, end.sent, new byte[0]);
        }
    }

    private void send(End end, int flags, int sequence, byte[] data) {
        TcpOptions options = new TcpOptions();
        if (flags == TcpHeader.SYN) {
            options.mss = SEGMENT;
        }
        network.fromBusy(sender.tcp(end.port, 80, sequence, end.expected, flags, WINDOW, options, data));
    }

    Carried carried() {
        return new Carried(download.expected - download.irs - 1, upload.acknowledged - ISS - 1);
    }
}
