package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;

class PacketSummaryTest {

    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private final PacketSummary summary = new PacketSummary();

    /** A buffer that holds these bytes and nothing around them, so that reading outside fails. */
    private static ByteBuf exactly(byte[] bytes, int length) {
        return Unpooled.wrappedBuffer(Arrays.copyOf(bytes, length));
    }

    private String info(byte[] frame) {
        return summary.describe(exactly(frame, frame.length), 0, frame.length, frame.length, 1)
                .info();
    }

    /** What tshark 4.0.17 with -n says of {@link SampleCapture}, without number and time. */
    private static List<String> golden() throws IOException {
        try (InputStream in = PacketSummaryTest.class.getResourceAsStream("sample-capture.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void everyKindIsDescribedAsTsharkDoes() throws IOException {
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        Map<Integer, String> differences = SampleCapture.differences();
        List<byte[]> frames = SampleCapture.frames();
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            String line = summary.describe(exactly(frame, frame.length), 0, frame.length, frame.length, i + 1)
                    .toString()
                    .stripTrailing();
            if (differences.containsKey(i)) {
                assertThat(line).as(differences.get(i)).isNotEqualTo(golden().get(i));
            } else {
                expected.add(golden().get(i));
                actual.add(line);
            }
        }
        assertThat(actual).isEqualTo(expected).hasSizeGreaterThan(600);
    }

    @Test
    void tsharkStillSaysWhatItIsQuotedWith(@TempDir Path directory) throws Exception {
        Tshark.require("tshark");
        String version = Tshark.run("tshark", "--version").get(0);
        boolean quoted = version.contains(" 4.0.");
        if (!quoted) {
            System.err.println("SKIPPED: the words are those of tshark 4.0, this is " + version);
        }
        assumeTrue(quoted);
        Path file = directory.resolve("sample.pcapng");
        ManualLoop loop = new ManualLoop();
        PcapngRecorder recorder = PcapngRecorder.open(file, loop, warning -> {});
        PacketSink sink = recorder.addInterface("guest1", "");
        for (byte[] frame : SampleCapture.frames()) {
            sink.packet(new Frame().set(Unpooled.wrappedBuffer(frame)), Direction.INBOUND, loop.epochNanos());
            loop.advance(Duration.ofMillis(1));
        }
        recorder.close();

        List<String> lines = Tshark.run("tshark", "-n", "-r", file.toString()).stream()
                .map(line -> line.substring(18).stripTrailing())
                .toList();
        assertThat(lines).isEqualTo(golden());
    }

    @Test
    void truncatedPacketsAreDescribedAsFarAsTheyGo() {
        for (byte[] frame : SampleCapture.frames()) {
            for (int length = 0; length < frame.length; length++) {
                assertSafe(summary.describe(exactly(frame, length), 0, length, length, 1), length);
                assertSafe(summary.describe(exactly(frame, length), 0, length, frame.length, 1), length);
            }
        }
    }

    @Test
    void damagedPacketsAreDescribedWithoutHarm() {
        List<byte[]> frames = SampleCapture.frames();
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] frame = frames.get(random.nextInt(frames.size())).clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                frame[random.nextInt(frame.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
            }
            int captured = random.nextBoolean() ? frame.length : random.nextInt(frame.length + 1);
            assertSafe(summary.describe(exactly(frame, captured), 0, captured, frame.length, seed), seed);
        }
    }

    @Test
    void noiseIsDescribedWithoutHarm() {
        int[] types = {0x0800, 0x0806, 0x86dd, 0x8100, 0x0010};
        int[] protocols = {1, 2, 6, 17, 58, 0, 43, 44, 60};
        int[] ports = {53, 67, 68, 69, 80, 546, 547, 5353, 5355, 9};
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] frame = new byte[14 + random.nextInt(200)];
            random.nextBytes(frame);
            int type = types[random.nextInt(types.length)];
            frame[12] = (byte) (type >>> 8);
            frame[13] = (byte) type;
            int port = ports[random.nextInt(ports.length)];
            set(frame, 14, type == 0x86dd ? 0x60 : 0x45);
            set(frame, type == 0x86dd ? 20 : 23, protocols[random.nextInt(protocols.length)]);
            set(frame, 20, type == 0x0800 ? 0 : frame[Math.min(20, frame.length - 1)]);
            set(frame, type == 0x86dd ? 56 : 36, port >>> 8);
            set(frame, type == 0x86dd ? 57 : 37, port);
            assertSafe(summary.describe(exactly(frame, frame.length), 0, frame.length, frame.length, seed), seed);
        }
    }

    @Test
    void noiseBehindIpv6HeadersIsDescribedWithoutHarm() {
        int[] headers = {0, 43, 44, 51, 60};
        int[] uppers = {6, 17, 50, 58, 59, 253};
        int[] ports = {53, 546, 547, 5353, 5355, 69, 80};
        for (int seed = 0; seed < 40_000; seed++) {
            Random random = new Random(seed);
            byte[] upper = new byte[random.nextInt(160)];
            random.nextBytes(upper);
            int protocol = uppers[random.nextInt(uppers.length)];
            if (protocol == 58) {
                set(upper, 0, random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 128 + random.nextInt(34));
            } else {
                set(upper, 0, 2);
                set(upper, 1, ports[random.nextInt(ports.length)]);
                set(upper, 4, 0);
            }
            byte[] packet = upper;
            for (int i = random.nextInt(4); i > 0; i--) {
                byte[] header = new byte[8];
                random.nextBytes(header);
                set(header, 0, protocol);
                set(header, 1, random.nextInt(8) == 0 ? random.nextInt(256) : 0);
                set(header, 2, random.nextInt(6));
                set(header, 3, random.nextInt(3));
                packet = Packets.bytes(header, packet);
                protocol = headers[random.nextInt(headers.length)];
            }
            byte[] frame = Packets.fromGuest(
                    0x86dd, Packets.ipv6(protocol, Packets.GUEST6, Packets.GATEWAY6, random.nextInt(256), packet));
            set(frame, 18, random.nextInt(16) == 0 ? 255 : 0);
            int captured = random.nextInt(4) == 0 ? random.nextInt(frame.length + 1) : frame.length;
            assertSafe(summary.describe(exactly(frame, captured), 0, captured, frame.length, seed), seed);
        }
    }

    @Test
    void thousandsOfExtensionHeadersAreNoRecursion() {
        byte[] headers = new byte[65_528];
        for (int at = 0; at < headers.length; at += 8) {
            headers[at] = 60;
        }
        String info = info(Packets.fromGuest(0x86dd, Packets.ipv6(60, Packets.GUEST6, Packets.GATEWAY6, 1, headers)));
        assertThat(info)
                .startsWith("IPv6 destination options , IPv6 destination options")
                .hasSize(4_096);
    }

    @Test
    void thousandsOfRelaysAreNoDeepRecursion() {
        byte[] message = {};
        while (message.length < 65_000) {
            byte[] option =
                    message.length == 0 ? message : Packets.bytes(Packets.be16(9), Packets.be16(message.length));
            message = Packets.bytes(12, 0, new byte[32], option, message);
        }
        byte[] packet = Packets.udp(Packets.GUEST6, 546, Packets.GATEWAY6, 547, message);
        String info = info(Packets.fromGuest(0x86dd, packet));
        assertThat(info).isEqualTo("Relay-forw L: :: ".repeat(33));
    }

    @Test
    void flowsOfBothFamiliesOnTheSamePortsAreCountedApart() {
        byte[] none = {};
        byte[] four = Packets.tcp(Packets.GUEST, 1000, Packets.GATEWAY, 2000, 5, 0, SYN, 100, none, none);
        byte[] six = Packets.tcp(Packets.GUEST6, 1000, Packets.GATEWAY6, 2000, 900, 0, SYN, 100, none, none);
        byte[] data = Packets.tcp(Packets.GUEST6, 1000, Packets.GATEWAY6, 2000, 901, 8, ACK, 100, none, new byte[9]);
        byte[] answer = Packets.tcp(Packets.GATEWAY6, 2000, Packets.GUEST6, 1000, 8, 910, ACK, 100, none, none);
        info(Packets.fromGuest(0x0800, four));
        assertThat(info(Packets.fromGuest(0x86dd, six))).isEqualTo("1000 → 2000 [SYN] Seq=0 Win=100 Len=0");
        assertThat(info(Packets.fromGuest(0x86dd, data))).isEqualTo("1000 → 2000 [ACK] Seq=1 Ack=1 Win=100 Len=9");
        assertThat(info(Packets.fromGateway(0x86dd, answer))).isEqualTo("2000 → 1000 [ACK] Seq=1 Ack=10 Win=100 Len=0");
    }

    private static void set(byte[] frame, int at, int value) {
        if (at < frame.length) {
            frame[at] = (byte) value;
        }
    }

    private static void assertSafe(PacketSummary.Line line, int seed) {
        assertThat(line.toString().chars().filter(c -> c != '→').allMatch(c -> c >= ' ' && c < 0x7f))
                .as("seed or length %d is printable: %s", seed, line)
                .isTrue();
        assertThat(line.toString().length()).isLessThan(4_200);
    }

    @Test
    void thousandsOfTagsAreNoRecursion() {
        byte[] tags = new byte[60_000];
        for (int i = 12; i + 4 <= tags.length; i += 4) {
            tags[i] = (byte) 0x81;
        }
        assertThat(info(tags)).contains("[Malformed Packet]");
    }

    @Test
    void whatWasNotKeptIsNotCalledMalformed() {
        byte[] frame = Packets.fromGuest(0x0800, Packets.udp(Packets.GUEST, 1, Packets.GATEWAY, 53, new byte[100]));
        PacketSummary.Line line = summary.describe(exactly(frame, 44), 0, 44, frame.length, 1);
        assertThat(line.protocol()).isEqualTo("DNS");
        assertThat(line.length()).isEqualTo(frame.length);
        assertThat(line.info()).isEqualTo("[Packet size limited during capture]");
    }

    @Test
    void segmentOf64KiBIsDescribedFromItsHeaders() {
        byte[] segment =
                Packets.tcp(Packets.GUEST, 1000, Packets.GATEWAY, 2000, 5, 6, ACK, 100, new byte[0], new byte[64_240]);
        byte[] frame = Packets.fromGuest(0x0800, segment);
        PacketSummary.Line line = summary.describe(exactly(frame, 1_600), 0, 1_600, frame.length, 1);
        assertThat(line.info()).isEqualTo("1000 → 2000 [ACK] Seq=1 Ack=1 Win=100 Len=64240");
    }

    @Test
    void reusedPortsBeginANewCount() {
        byte[] none = {};
        byte[] first = Packets.tcp(Packets.GUEST, 1000, Packets.GATEWAY, 2000, 5, 0, SYN, 100, none, none);
        byte[] second = Packets.tcp(Packets.GUEST, 1000, Packets.GATEWAY, 2000, 900, 0, SYN, 100, none, none);
        byte[] data = Packets.tcp(Packets.GUEST, 1000, Packets.GATEWAY, 2000, 901, 8, ACK, 100, none, none);
        info(Packets.fromGuest(0x0800, first));
        assertThat(info(Packets.fromGuest(0x0800, second)))
                .isEqualTo("[TCP Port numbers reused] 1000 → 2000 [SYN] Seq=0 Win=100 Len=0");
        assertThat(info(Packets.fromGuest(0x0800, data))).isEqualTo("1000 → 2000 [ACK] Seq=1 Ack=1 Win=100 Len=0");
    }

    @Test
    void textOfPacketsCannotSpeakToTheTerminal() {
        byte[] file = Packets.bytes(0, 1, "\u001b]0;owned\u0007\r\n\u009b\u00e4\\", 0, "octet", 0);
        assertThat(info(Packets.fromGuest(0x0800, Packets.udp(Packets.GUEST, 1, Packets.GATEWAY, 69, file))))
                .isEqualTo("Read Request, File: \\033]0;owned\\a\\r\\n\\233\\344\\\\, Transfer type: octet");
    }

    @Test
    void memoryOfFlowsIsBounded() {
        Map<Integer, Integer> map = new RecentMap<>(100);
        for (int i = 0; i < 1_000; i++) {
            map.put(i, i);
            map.get(0);
        }
        assertThat(map).hasSize(100).containsKeys(0, 999).doesNotContainKey(500);
    }
}
