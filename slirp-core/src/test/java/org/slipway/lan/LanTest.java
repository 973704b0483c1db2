package org.slipway.lan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.MacAddress;

class LanTest {

    private static final long A = 0x5254_0000_0001L;
    private static final long B = 0x5254_0000_0002L;
    private static final long C = 0x5254_0000_0003L;
    private static final long BROADCAST = MacAddress.BROADCAST.value();
    private static final long MULTICAST = 0x3333_0000_0001L;

    private final ManualLoop loop = new ManualLoop();
    private final DropCounters drops = new DropCounters();
    private final Lan lan = new Lan(loop, drops);
    private final Map<Port, PortStatistics> statistics = new HashMap<>();
    private final TestPort a = attached("a");
    private final TestPort b = attached("b");
    private final TestPort c = attached("c");

    @Test
    void unknownStationIsSoughtOnAllOtherPorts() {
        byte[] frame = frame(B, A);
        assertThat(a.inject(frame)).isNull();
        assertThat(a.frames()).isEmpty();
        assertThat(b.frames()).containsExactly(frame);
        assertThat(c.frames()).containsExactly(frame);
    }

    @Test
    void knownStationIsReachedAlone() {
        learn(b, B);
        byte[] frame = frame(B, A);
        a.inject(frame);
        assertThat(b.frames()).containsExactly(frame);
        assertThat(c.frames()).isEmpty();
    }

    @Test
    void groupAddressesReachAllOtherPortsAlways() {
        learn(b, B);
        b.inject(frame(BROADCAST, B));
        b.inject(frame(MULTICAST, B));
        assertThat(a.frames()).hasSize(2);
        assertThat(b.frames()).isEmpty();
        assertThat(c.frames()).hasSize(2);
    }

    @Test
    void frameIsNeverSentBack() {
        assertThat(a.inject(frame(A, A))).isEqualTo(DropReason.FRAME_NOT_FOR_US);
        assertThat(drops.of(DropReason.FRAME_NOT_FOR_US)).isOne();
        assertThat(statistics(a).dropsIn()).isOne();
        assertThat(b.frames()).isEmpty();
    }

    @Test
    void groupOrZeroSourceIsDroppedAndNotLearnt() {
        assertThat(a.inject(frame(B, BROADCAST))).isEqualTo(DropReason.FRAME_BAD_SOURCE);
        assertThat(a.inject(frame(B, MULTICAST))).isEqualTo(DropReason.FRAME_BAD_SOURCE);
        assertThat(a.inject(frame(B, 0))).isEqualTo(DropReason.FRAME_BAD_SOURCE);
        assertThat(drops.of(DropReason.FRAME_BAD_SOURCE)).isEqualTo(3);
        assertThat(b.frames()).isEmpty();
        assertThat(b.inject(frame(0, B))).isNull();
        assertThat(c.frames()).hasSize(1);
    }

    @Test
    void everyLengthBelowAnEthernetHeaderIsTruncated() {
        byte[] whole = frame(B, A);
        for (int length = 0; length < 14; length++) {
            assertThat(a.inject(Arrays.copyOf(whole, length))).isEqualTo(DropReason.FRAME_TRUNCATED);
        }
        assertThat(drops.of(DropReason.FRAME_TRUNCATED)).isEqualTo(14);
        assertThat(a.inject(Arrays.copyOf(whole, 14))).isNull();
        assertThat(b.frames()).hasSize(1);
    }

    @Test
    void vlanTagsAndUnknownEtherTypesPass() {
        byte[] tagged = frame(BROADCAST, A);
        tagged[12] = (byte) 0x81;
        tagged[13] = 0;
        a.inject(tagged);
        byte[] unknown = frame(BROADCAST, A);
        unknown[12] = (byte) 0x99;
        a.inject(unknown);
        assertThat(b.frames()).containsExactly(tagged, unknown);
    }

    @Test
    void stationIsForgottenAfterFiveMinutesOfSilence() {
        learn(b, B);
        loop.advance(Duration.ofSeconds(299));
        a.inject(frame(B, A));
        assertThat(c.take()).isEmpty();
        loop.advance(Duration.ofSeconds(1));
        a.inject(frame(B, A));
        assertThat(c.take()).hasSize(1);
    }

    @Test
    void stationThatSpeaksIsNotForgotten() {
        for (int i = 0; i < 10; i++) {
            learn(b, B);
            loop.advance(Duration.ofSeconds(200));
        }
        a.inject(frame(B, A));
        assertThat(c.frames()).isEmpty();
    }

    @Test
    void stationMovesToThePortItSpeaksOn() {
        learn(b, B);
        learn(c, B);
        a.inject(frame(B, A));
        assertThat(b.frames()).isEmpty();
        assertThat(c.frames()).hasSize(1);
    }

    @Test
    void guestThatLeavesAndReturnsIsFoundOnItsNewPort() {
        learn(b, B);
        lan.detach(b);
        TestPort again = attached("b");
        learn(again, B);
        a.inject(frame(B, A));
        assertThat(again.frames()).hasSize(1);
        assertThat(b.frames()).isEmpty();
        assertThat(c.frames()).isEmpty();
    }

    @Test
    void stationsOfADetachedPortAreUnknown() {
        learn(b, B);
        lan.detach(b);
        lan.detach(b);
        a.inject(frame(B, A));
        assertThat(b.frames()).isEmpty();
        assertThat(c.frames()).hasSize(1);
        assertThat(lan.ports()).containsExactly(a, c);
    }

    @Test
    void framesOfADetachedPortAreDropped() {
        lan.detach(a);
        assertThat(a.inject(frame(B, A))).isEqualTo(DropReason.PORT_DOWN);
        assertThat(b.frames()).isEmpty();
        a.writable(false);
        AtomicInteger told = new AtomicInteger();
        lan.onWritable(told::incrementAndGet);
        a.writable(true);
        assertThat(told).hasValue(0);
    }

    @Test
    void portsMayComeAndGoInTheMiddleOfAFlood() {
        b.onSend(() -> {
            lan.detach(b);
            lan.detach(c);
            attached("d");
        });
        assertThat(a.inject(frame(BROADCAST, A))).isNull();
        assertThat(b.frames()).hasSize(1);
        assertThat(c.frames()).isEmpty();
        assertThat(lan.ports()).extracting(Port::name).containsExactly("a", "d");
    }

    @Test
    void fullPortDelaysAndHurtsNobodyElse() {
        b.writable(false);
        byte[] frame = frame(BROADCAST, A);
        assertThat(a.inject(frame)).isNull();
        assertThat(b.refused()).hasSize(1);
        assertThat(c.frames()).containsExactly(frame);
        assertThat(statistics(b).dropsOut()).isOne();
        assertThat(statistics(a).dropsIn()).isZero();
        assertThat(statistics(c).dropsOut()).isZero();
    }

    @Test
    void senderSeesWhyTheOnlyReceiverDroppedItsFrame() {
        learn(b, B);
        b.writable(false);
        assertThat(a.inject(frame(B, A))).isEqualTo(DropReason.PORT_FULL);
        assertThat(statistics(a).dropsIn()).isOne();
    }

    @Test
    void floodThatNobodyTakesIsADrop() {
        b.writable(false);
        c.writable(false);
        assertThat(a.inject(frame(BROADCAST, A))).isEqualTo(DropReason.PORT_FULL);
    }

    @Test
    void floodWithoutOtherPortsIsNoDrop() {
        lan.detach(b);
        lan.detach(c);
        assertThat(a.inject(frame(BROADCAST, A))).isNull();
    }

    @Test
    void producerLearnsWhetherAndWhenItsDestinationTakesMore() {
        AtomicInteger told = new AtomicInteger();
        lan.onWritable(told::incrementAndGet);
        learn(b, B);
        assertThat(lan.writable(B)).isTrue();
        b.writable(false);
        assertThat(lan.writable(B)).isFalse();
        assertThat(lan.writable(C)).isTrue();
        assertThat(lan.writable(BROADCAST)).isTrue();
        assertThat(told).hasValue(0);
        b.writable(true);
        assertThat(told).hasValue(1);
        assertThat(lan.writable(B)).isTrue();
    }

    @Test
    void stationsAreApartOnlyWhileBothAreSeenBehindDifferentPorts() {
        learn(a, A);
        assertThat(lan.apart(A, B)).isFalse();
        learn(b, B);
        assertThat(lan.apart(A, B)).isTrue();
        assertThat(lan.apart(A, A)).isFalse();
        lan.detach(b);
        assertThat(lan.apart(A, B)).isFalse();
    }

    @Test
    void nobodyWaitsForAPortThatIsGone() {
        AtomicInteger told = new AtomicInteger();
        lan.onWritable(told::incrementAndGet);
        learn(b, B);
        b.writable(false);
        lan.detach(b);
        assertThat(told).hasValue(1);
        assertThat(lan.writable(B)).isTrue();
    }

    @Test
    void pinnedAddressCannotBeClaimedByOthers() {
        lan.pin(new MacAddress(C), c);
        assertThat(a.inject(frame(B, C))).isEqualTo(DropReason.FRAME_SPOOFED);
        assertThat(c.inject(frame(BROADCAST, C))).isNull();
        a.take();
        loop.advance(Duration.ofHours(1));
        a.inject(frame(C, A));
        assertThat(c.frames()).hasSize(1);
        assertThat(b.take()).hasSize(1);
        lan.detach(c);
        assertThat(a.inject(frame(B, C))).isNull();
    }

    @Test
    void addressThatAGuestClaimedEarlierCanBePinned() {
        learn(a, C);
        lan.pin(new MacAddress(C), c);
        b.inject(frame(C, B));
        assertThat(a.frames()).isEmpty();
        assertThat(c.frames()).hasSize(1);
        assertThatThrownBy(() -> lan.pin(new MacAddress(C), new TestPort("x")))
                .hasMessageContaining("x is not attached");
    }

    @Test
    void portIsAttachedOnce() {
        assertThatThrownBy(() -> lan.attach(a)).hasMessage("a is attached already");
    }

    @Test
    void floodOfSourceAddressesPushesOutNobodyElse() {
        learn(b, B);
        learn(c, C);
        for (long i = 0; i < 5_000; i++) {
            learn(a, 0x0200_0000_0000L + i);
        }
        a.inject(frame(B, A));
        a.inject(frame(C, A));
        assertThat(b.frames()).hasSize(1);
        assertThat(c.frames()).hasSize(1);
    }

    @Test
    void manyPortsThatFillTheTablePushOutNobodyWhoHoldsLess() {
        learn(b, B);
        for (int port = 0; port < 8; port++) {
            TestPort flooder = attached("flooder" + port);
            for (long i = 0; i < 1500; i++) {
                learn(flooder, 0x0200_0000_0000L + port * 10_000L + i);
            }
        }
        assertThat(c.inject(frame(B, C))).isNull();
        assertThat(a.frames()).isEmpty();
        assertThat(b.frames()).hasSize(1);
    }

    @Test
    void countersTellFramesAndBytesOfEachPort() {
        learn(b, B);
        a.inject(frame(B, A));
        a.inject(frame(BROADCAST, A));
        PortStatistics counted = statistics(a);
        assertThat(counted.framesIn()).isEqualTo(2);
        assertThat(counted.bytesIn()).isEqualTo(120);
        assertThat(statistics(b).framesOut()).isEqualTo(2);
        assertThat(statistics(b).bytesOut()).isEqualTo(120);
        assertThat(statistics(c).framesOut()).isEqualTo(1);
        lan.detach(a);
        assertThat(counted.toString())
                .isEqualTo("2 frames (120 bytes, 0 dropped) in, 0 frames (0 bytes, 0 dropped) out");
    }

    @Test
    void largeFrameCountsAsTheFramesItBecomes() {
        TestPort big = new TestPort("tap", Offload.ALL);
        statistics.put(big, lan.attach(big));
        byte[] bytes = Arrays.copyOf(frame(BROADCAST, A), 54 + 2500);
        bytes[46] = 0x50;
        ByteBuf buf = Unpooled.wrappedBuffer(bytes);
        a.inject(new Frame().set(buf).needsChecksum(34, 16).needsSegmentation(Frame.Segmentation.TCP_IPV4, 1000));
        assertThat(statistics(big).framesOut()).isEqualTo(3);
        assertThat(statistics(big).bytesOut()).isEqualTo(3 * 54 + 2500);
        assertThat(big.sent().get(0).segmentBytes()).isEqualTo(1000);
    }

    private TestPort attached(String name) {
        TestPort port = new TestPort(name);
        statistics.put(port, lan.attach(port));
        return port;
    }

    private PortStatistics statistics(Port port) {
        return Objects.requireNonNull(statistics.get(port));
    }

    /** Lets {@code address} be seen on {@code port} with a frame that reaches nobody. */
    private void learn(TestPort port, long address) {
        port.inject(frame(address, address));
    }

    private static byte[] frame(long destination, long source) {
        byte[] frame = new byte[60];
        for (int i = 0; i < 6; i++) {
            frame[i] = (byte) (destination >>> 40 - 8 * i);
            frame[6 + i] = (byte) (source >>> 40 - 8 * i);
        }
        frame[12] = 0x08;
        frame[14] = 0x45;
        return frame;
    }

    @Test
    void stationsBehindOnePortHaveOneShareThatNoStationIsCalledBy() {
        learn(a, A);
        learn(a, C);
        learn(b, B);

        long share = lan.share(A);
        assertThat(lan.share(C)).isEqualTo(share);
        assertThat(lan.share(B)).isNotEqualTo(share);
        assertThat(lan.share(share)).isEqualTo(share);
        assertThat(share).isGreaterThan(BROADCAST);
        assertThat(lan.share(0x5254_0000_0009L))
                .as("of a station that is not known")
                .isEqualTo(0x5254_0000_0009L);
    }

    @Test
    void portThatComesBackHasTheShareThatItHad() {
        learn(a, A);
        learn(b, B);
        long share = lan.share(A);
        lan.detach(a);
        assertThat(lan.share(A)).as("of a station that is gone").isEqualTo(A);

        TestPort again = new TestPort(a.name());
        lan.attach(again);
        learn(again, C);
        assertThat(lan.share(C)).isEqualTo(share).isNotEqualTo(lan.share(B));
    }
}
