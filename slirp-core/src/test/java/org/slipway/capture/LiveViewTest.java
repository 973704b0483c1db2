package org.slipway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropReason;

@Timeout(60)
class LiveViewTest {

    private final ManualLoop loop = new ManualLoop();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private static byte[] ping(int sequence) {
        return Packets.fromGuest(
                0x0800,
                Packets.ipv4(
                        1,
                        Packets.GUEST,
                        Packets.GATEWAY,
                        Packets.icmp(8, 0, Packets.bytes(0, 7, Packets.be16(sequence), new byte[56]))));
    }

    private static byte[] pong(int sequence) {
        return Packets.fromGateway(
                0x0800,
                Packets.ipv4(
                        1,
                        Packets.GATEWAY,
                        Packets.GUEST,
                        Packets.icmp(0, 0, Packets.bytes(0, 7, Packets.be16(sequence), new byte[56]))));
    }

    private long show(LiveView view, Direction direction, byte[] bytes) {
        return view.packet(new Frame().set(Unpooled.wrappedBuffer(bytes)), direction, loop.epochNanos());
    }

    private LiveView view(OutputStream out) {
        return new LiveView(new PrintStream(out, false, StandardCharsets.UTF_8), loop);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachFrameThatComesInIsALine() {
        LiveView view = view(printed);
        loop.advance(Duration.ofSeconds(100));
        show(view, Direction.INBOUND, ping(1));
        show(view, Direction.OUTBOUND, ping(1));
        loop.advance(Duration.ofNanos(1_250_000_001));
        show(view, Direction.INBOUND, pong(1));
        show(view, Direction.OUTBOUND, pong(1));
        long lost = show(view, Direction.INBOUND, ping(2));
        view.dropped(lost, DropReason.IP_NO_ROUTE);
        view.close();
        view.close();

        assertThat(printed()).isEqualTo("""
                            1 0.000000000    10.0.2.15 → 10.0.2.2     ICMP 98 Echo (ping) request  id=0x0007, seq=1/256, ttl=64
                            2 1.250000001     10.0.2.2 → 10.0.2.15    ICMP 98 Echo (ping) reply    id=0x0007, seq=1/256, ttl=64 (request in 1)
                            3 1.250000001    10.0.2.15 → 10.0.2.2     ICMP 98 Echo (ping) request  id=0x0007, seq=2/512, ttl=64 [dropped: ip no route]
                        3 packets captured
                        """);
        assertThat(view.shown()).isEqualTo(3);
        assertThat(view.captured()).isEqualTo(3);
    }

    @Test
    void ipv6IsALineWithItsDropReason() {
        LiveView view = view(printed);
        byte[] request =
                Packets.icmpv6(Packets.GUEST6, "2001:db8::7", 64, 128, 0, Packets.bytes(0, 7, 0, 1, new byte[56]));
        long lost = show(view, Direction.INBOUND, Packets.fromGuest(0x86dd, request));
        view.dropped(lost, DropReason.IP_NO_ROUTE);
        view.close();

        assertThat(printed()).isEqualTo("""
                            1 0.000000000 fe80::5054:ff:fe12:3456 → 2001:db8::7  ICMPv6 118 Echo (ping) request id=0x0007, seq=1, hop limit=64 [dropped: ip no route]
                        1 packet captured
                        """);
    }

    @Test
    void onePacketIsSingular() {
        LiveView view = view(printed);
        show(view, Direction.INBOUND, ping(1));
        view.close();
        assertThat(printed()).endsWith("\n1 packet captured\n");
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck")
    void linesAppearWithinATenthOfASecond() {
        try (LiveView view = view(printed)) {
            show(view, Direction.INBOUND, ping(1));
            loop.advance(Duration.ofMillis(100));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (view.shown() == 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.yield();
            }
            assertThat(printed()).hasLineCount(1);
        }
    }

    @Test
    void terminalThatStallsCostsLinesAndBoundedTimeAtTheEnd() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        LiveView view = view(new OutputStream() {
            @Override
            public void write(int octet) {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                printed.write(bytes, offset, length);
                if (printed().contains("not shown")) {
                    done.countDown();
                }
            }
        });
        for (int i = 0; i < 50_000; i++) {
            show(view, Direction.INBOUND, ping(i));
            loop.run();
        }
        long before = System.nanoTime();
        view.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(view.shown()).isZero();

        goOn.countDown();
        done.await();
        assertThat(view.shown()).isBetween(10_000L, 49_999L);
        assertThat(printed()).contains("\n50000 packets captured\n" + (50_000 - view.shown()) + " packets not shown\n");
    }

    @Test
    void terminalThatIsGoneShowsNothing() {
        LiveView view = view(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("gone");
            }
        });
        show(view, Direction.INBOUND, ping(1));
        view.close();
        assertThat(view.shown()).isZero();
        assertThat(view.captured()).isEqualTo(1);
    }
}
