package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

/** Fragments of several packets of both families in any order, with holes, copies and overlaps. */
class ReassemblyFuzzTest {

    private static final int MAX_FRAGMENTS = 400;

    private static final String OTHER_MAC = "52:54:00:12:34:57";

    /** Byte {@code at} of the packet with identification {@code id}; a liar's differ. */
    private static byte pattern(int id, int at) {
        return (byte) (at * 7 + (at >> 8) + id);
    }

    private static byte[] payload(int id, int offset, int length, int lie) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (pattern(id, offset + i) ^ lie);
        }
        return bytes;
    }

    @FuzzTest
    void wholePacketsAreMadeOfTheirFragmentsAndNothingElse(byte[] input) {
        FuzzBuffers buffers = new FuzzBuffers();
        FuzzInput in = new FuzzInput(input);
        try (GatewayFixture net = new GatewayFixture().guestKnown()) {
            for (int i = 0; in.hasMore() && i < MAX_FRAGMENTS; i++) {
                step(net, in);
                net.received.forEach(ReassemblyFuzzTest::assertWhole);
                net.received.clear();
                assertThat(buffers.bytes()).as("bytes held").isLessThan(8L << 20);
            }
            // IPv6 waits a minute for fragments, and then some seconds to know whom to tell.
            net.loop.advance(Duration.ofMinutes(2));
            assertThat(net.drops.of(DropReason.INTERNAL_ERROR)).isZero();
            buffers.assertNothingHeld();
        }
        buffers.assertNothingHeld();
    }

    private static void step(GatewayFixture net, FuzzInput in) {
        int control = in.u8();
        if (control >= 0xf0) {
            net.loop.advance(Duration.ofSeconds(in.u8()));
        } else if (control >= 0xe0) {
            net.receive(fragment(net, in, in.u8(), false));
        } else {
            net.receive(fragment(net, in, control, true));
        }
    }

    private static ByteBuf fragment(GatewayFixture net, FuzzInput in, int control, boolean ipv4) {
        int id = control & 3;
        boolean more = (control & 4) != 0;
        // A lie is told in the bytes' high bit, so that it is found again.
        int lie = (control & 8) != 0 ? 0x80 : 0;
        int station = control >> 4 & 1;
        int offset = (control & 0x20) != 0 ? in.u16() & 0x1fff : in.u8();
        int length = (control & 0x40) != 0 ? in.u16() : in.u8();
        Packets guest = (station == 0 ? guest(net, ipv4) : other(ipv4))
                .identification(id)
                .fragment(offset * 8, more);
        byte[] bytes = payload(id, offset * 8, Math.min(length, 65_515), lie);
        boolean isUdp = (control & 0x80) == 0;
        return ipv4
                ? guest.ipv4(isUdp ? IpProtocol.UDP : IpProtocol.ICMP, bytes)
                : guest.ipv6Fragment(isUdp ? IpProtocol.UDP : IpProtocol.ICMPV6, bytes);
    }

    private static Packets guest(GatewayFixture net, boolean ipv4) {
        return ipv4 ? net.guest : net.guest6;
    }

    private static Packets other(boolean ipv4) {
        return ipv4
                ? Packets.from(OTHER_MAC, "10.0.2.16").to(GatewayFixture.MAC, "10.0.2.2")
                : Packets.from(OTHER_MAC, "fd00::16").to(GatewayFixture.MAC, "fd00::2");
    }

    private static void assertWhole(GatewayFixture.Received packet) {
        byte[] payload = packet.payload();
        assertThat(payload.length).isLessThanOrEqualTo(65_535);
        // The first byte says which packet it is; an empty one is no fragment at all.
        int id = payload.length == 0 ? 0 : payload[0] & 0x7f;
        assertThat(id).isBetween(0, 3);
        for (int at = 0; at < payload.length; at++) {
            assertThat(payload[at] & 0x7f).as("byte %d of packet %d", at, id).isEqualTo(pattern(id, at) & 0x7f);
        }
    }
}
