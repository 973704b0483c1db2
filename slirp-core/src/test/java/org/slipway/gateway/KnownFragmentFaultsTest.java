package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Packets;

/** CVE-2018-11806, 2019-14378, 2019-15890, 2020-1983, and others without a number: fragments. See {@link KnownFaultsTest}. */
class KnownFragmentFaultsTest {

    private static final int MAX_UDP_PAYLOAD = 65_507;

    private final TestNetwork net = new TestNetwork();
    private final Packets outside = net.guest.to(TestNetwork.OUTSIDE);
    private final byte[] datagram = outside.udpDatagram(1024, 80, Packets.bytes(3000));

    /** Whatever came before: the guest is served, nothing is held, nothing was an internal error. */
    @AfterEach
    void guestIsServedAndNothingIsHeld() {
        net.meet(net.guest);
        net.skip();
        net.send(net.guest.echoRequest(9, 9, Packets.bytes("alive")));
        net.nextPacket().icmp(0, 0, 9 << 16 | 9).data(Packets.bytes("alive"));
        net.close();
    }

    private void assertBad(ByteBuf frame) {
        assertThat(net.send(frame)).isEqualTo(DropReason.IP_FRAGMENT_BAD);
    }

    private @Nullable DropReason send(int from, int to, boolean more) {
        return net.send(outside.fragment(from, more).ipv4(IpProtocol.UDP, Arrays.copyOfRange(datagram, from, to)));
    }

    private void assertArrived(int datagrams) {
        int count = net.host.udps().stream().mapToInt(udp -> udp.take().size()).sum();
        assertThat(count).as("datagrams that left the host").isEqualTo(datagrams);
    }

    @ParameterizedTest(name = "fragment at {0} of {1} bytes")
    @CsvSource({"65528,8", "65528,1000", "65512,64", "64000,1536", "65528,1480"})
    void cve201811806BeyondTheLargestPacketIsRefused(int offset, int length) {
        send(0, 1480, true);
        assertBad(outside.fragment(offset, false).ipv4(IpProtocol.UDP, new byte[length]));
        assertArrived(0);
    }

    @Test
    void cve201914378LargeFirstFragmentIsTaken() {
        byte[] large = outside.udpDatagram(1024, 80, Packets.bytes(MAX_UDP_PAYLOAD));
        int cut = 60_000;
        assertThat(net.send(outside.fragment(0, true).ipv4(IpProtocol.UDP, Arrays.copyOf(large, cut))))
                .isNull();
        assertThat(net.send(outside.fragment(cut, false)
                        .ipv4(IpProtocol.UDP, Arrays.copyOfRange(large, cut, large.length))))
                .isNull();
        assertThat(net.host.udps().get(0).take().get(0).data()).hasSize(MAX_UDP_PAYLOAD);
    }

    @Test
    void cve201915890DuplicatesAreIgnored() {
        assertThat(send(0, 1480, true)).isNull();
        assertThat(send(0, 1480, true)).isNull();
        assertThat(send(1480, 2960, true)).isNull();
        assertThat(send(1480, 2960, true)).isNull();
        assertThat(send(2960, datagram.length, false)).isNull();
        assertArrived(1);
    }

    @ParameterizedTest(name = "{0} to {1} after 0 to 1480")
    @CsvSource({"8,1488", "0,1488", "0,1472", "8,1472", "1472,2952", "1472,1480"})
    void cve201915890OverlapsAreRefused(int from, int to) {
        assertThat(send(0, 1480, true)).isNull();
        assertThat(send(from, to, true)).isEqualTo(DropReason.IP_FRAGMENT_BAD);
        // All of the packet is spoilt (RFC 8900 3.7).
        assertThat(send(1480, datagram.length, false)).isEqualTo(DropReason.IP_FRAGMENT_BAD);
        assertArrived(0);
    }

    @Test
    void cve201915890ReversedOrderIsPutRight() {
        assertThat(send(2960, datagram.length, false)).isNull();
        assertThat(send(1480, 2960, true)).isNull();
        assertThat(send(0, 1480, true)).isNull();
        assertArrived(1);
    }

    @Test
    void cve20201983LastFragmentFirstAndThenItsHeadAgain() {
        assertThat(send(2960, datagram.length, false)).isNull();
        assertThat(send(2952, 2960, true)).isNull();
        assertThat(send(0, 2960, true)).isEqualTo(DropReason.IP_FRAGMENT_BAD);
        assertArrived(0);
    }

    @ParameterizedTest
    @CsvSource({"0,true", "8,true", "1480,true", "1480,false", "65528,false"})
    void cve20201983FragmentWithoutBytesIsRefused(int offset, boolean more) {
        send(0, 1480, true);
        assertBad(outside.fragment(offset, more).ipv4(IpProtocol.UDP, new byte[0]));
    }

    /** No number: a crash when the queue of fragments was timed out (LP#1837094). */
    @Test
    void expiryOfHalfPacketsIsHarmless() {
        for (int id = 0; id < 100; id++) {
            net.send(outside.identification(id).fragment(0, true).ipv4(IpProtocol.UDP, new byte[1480]));
            net.send(outside.identification(id).fragment(2960, false).ipv4(IpProtocol.UDP, new byte[100]));
            net.advance(Duration.ofSeconds(1));
        }
        net.advance(Duration.ofMinutes(2));
        assertThat(net.drops.of(DropReason.IP_FRAGMENT_EXPIRED)).isPositive();
    }

    /** No number: a TCP segment in fragments, the last one empty of its header (4.8.0). */
    @Test
    void segmentInFragmentsIsASegment() {
        ByteBuf syn = outside.tcp(1024, 80, 1, 0, GuestConnection.SYN, 500, new byte[0]);
        byte[] segment = Packets.bytesOf(syn.skipBytes(34));
        assertThat(net.send(outside.fragment(0, true).ipv4(IpProtocol.TCP, Arrays.copyOf(segment, 16))))
                .isNull();
        assertThat(net.host.streams()).isEmpty();
        assertThat(net.send(outside.fragment(16, false).ipv4(IpProtocol.TCP, Arrays.copyOfRange(segment, 16, 20))))
                .isNull();
        assertThat(net.host.streams()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void segmentWhoseHeaderDoesNotBecomeWholeIsMalformed(int length) {
        net.send(outside.fragment(0, true).ipv4(IpProtocol.TCP, new byte[8]));
        DropReason reason = net.send(outside.fragment(8, false).ipv4(IpProtocol.TCP, new byte[length - 8 + 3]));
        assertThat(reason).isIn(DropReason.TCP_MALFORMED, DropReason.TCP_BAD_CHECKSUM);
        assertThat(net.host.streams()).isEmpty();
    }
}
