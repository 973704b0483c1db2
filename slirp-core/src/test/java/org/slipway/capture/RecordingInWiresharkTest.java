package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropReason;

/** Wireshark's tools open what we write, without a complaint, and show what we meant. */
class RecordingInWiresharkTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void record() {
        file = directory.resolve("all.pcapng");
        ManualLoop loop = new ManualLoop();
        PcapngRecorder recorder = PcapngRecorder.open(file, loop, warning -> {});
        PacketSink first = recorder.addInterface("guest1", "socket,listen=127.0.0.1:1234");
        PacketSink second = recorder.addInterface("guest2", "stream,server=on");
        byte[] ping = Packets.fromGuest(
                0x0800, Packets.ipv4(1, Packets.GUEST, Packets.GATEWAY, Packets.icmp(8, 0, new byte[60])));
        long mark = first.packet(frame(ping), Direction.INBOUND, loop.epochNanos());
        first.dropped(mark, DropReason.ICMP_UNHANDLED);
        loop.advance(Duration.ofNanos(123_456_789));
        second.packet(frame(ping), Direction.OUTBOUND, loop.epochNanos());
        loop.advance(Duration.ofNanos(1));
        second.packet(frame(new byte[1_001]), Direction.INBOUND, loop.epochNanos());
        byte[] solicitation = Packets.fromGuest(
                0x86dd,
                Packets.icmpv6(
                        Packets.GUEST6,
                        "ff02::1:ff00:2",
                        64,
                        135,
                        0,
                        Packets.bytes(new byte[4], Packets.ip(Packets.GATEWAY6))));
        long solicited = second.packet(frame(solicitation), Direction.INBOUND, loop.epochNanos());
        second.dropped(solicited, DropReason.NDP_MALFORMED);
        recorder.close();
    }

    private static Frame frame(byte[] bytes) {
        return new Frame().set(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    void tsharkShowsInterfaceDirectionTimeLengthAndComment() throws Exception {
        List<String> lines = Tshark.run(
                "tshark",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-E",
                "separator=;",
                "-e",
                "frame.interface_name",
                "-e",
                "frame.packet_flags_direction",
                "-e",
                "frame.time_epoch",
                "-e",
                "frame.len",
                "-e",
                "frame.comment");
        assertThat(lines)
                .containsExactly(
                        "guest1;0x00000001;1767225600.000000000;98;dropped: icmp unhandled",
                        "guest2;0x00000002;1767225600.123456789;98;",
                        "guest2;0x00000001;1767225600.123456790;1001;",
                        "guest2;0x00000001;1767225600.123456790;78;dropped: " + DropReason.NDP_MALFORMED.label());
    }

    @Test
    void capinfosCountsInterfacesAndPackets() throws Exception {
        List<String> lines = Tshark.run("capinfos", file.toString());
        assertThat(lines.stream().map(line -> line.strip().replaceAll(" +", " ")))
                .contains(
                        "File type: Wireshark/... - pcapng",
                        "File encapsulation: Ethernet",
                        "File timestamp precision: nanoseconds (9)",
                        "Number of packets: 4",
                        "Strict time order: True",
                        "Capture application: Slipway",
                        "Number of interfaces in file: 2",
                        "Name = guest1",
                        "Description = socket,listen=127.0.0.1:1234",
                        "Name = guest2",
                        "Description = stream,server=on",
                        "Time precision = nanoseconds (9)");
    }
}
