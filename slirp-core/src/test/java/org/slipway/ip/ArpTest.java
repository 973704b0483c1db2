package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.ip.GatewayFixture.ADDRESS;
import static org.slipway.ip.GatewayFixture.BROADCAST;
import static org.slipway.ip.GatewayFixture.GUEST;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.ArpPacket;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

class ArpTest {

    private static final String REQUEST =
            "ffffffffffff 525400123456 0806" + "0001 0800 06 04 0001 525400123456 0a00020f 000000000000 0a000202";

    private static final long GUEST_MAC =
            MacAddress.parse(GatewayFixture.GUEST_MAC).value();
    private static final long MAC = MacAddress.parse(GatewayFixture.MAC).value();
    private static final long OTHER_MAC = 0x5254_0012_3457L;

    private final GatewayFixture gateway = new GatewayFixture();

    @AfterEach
    void close() {
        gateway.close();
    }

    private static ByteBuf arp(int operation, long senderMac, String sender, long targetMac, String target) {
        long destination = operation == ArpPacket.REQUEST ? BROADCAST : targetMac;
        return Packets.arp(
                destination,
                new ArpPacket(operation, senderMac, IpAddress.parse(sender), targetMac, IpAddress.parse(target)));
    }

    private static ByteBuf request(long senderMac, String sender, String target) {
        return arp(ArpPacket.REQUEST, senderMac, sender, 0, target);
    }

    @Test
    void requestForUsIsAnsweredAndTheAskerLearnt() {
        assertThat(gateway.receive(Packets.hex(REQUEST))).isNull();

        assertThat(Packets.hexOf(gateway.sent.next().head()))
                .isEqualTo("525400123456" + "52550a000202" + "0806" + "0001080006040002" + "52550a000202" + "0a000202"
                        + "525400123456" + "0a00020f");
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(GUEST_MAC);
    }

    @Test
    void everyLocalAddressHasTheOneMac() {
        gateway.receive(request(GUEST_MAC, "10.0.2.15", "10.0.2.3"));

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .arp(new ArpPacket(ArpPacket.REPLY, MAC, IpAddress.parse("10.0.2.3"), GUEST_MAC, GUEST));
    }

    @Test
    void paddingBehindTheRequestDoesNotMatter() {
        assertThat(gateway.receive(Packets.hex(REQUEST + "00".repeat(18)))).isNull();
        assertThat(gateway.sent.count()).isOne();
    }

    @Test
    void everyTruncationIsDroppedWithoutAnAnswer() {
        byte[] whole = Packets.hexBytes(REQUEST);
        for (int length = 0; length < whole.length; length++) {
            ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
            gateway.assertDropped(cut, length < 14 ? DropReason.FRAME_TRUNCATED : DropReason.ARP_MALFORMED);
        }
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void requestForAnotherIsNotAnsweredAndNotLearnt() {
        gateway.assertDropped(request(GUEST_MAC, "10.0.2.15", "10.0.2.16"), DropReason.ARP_NOT_OURS);

        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void requestForAnotherUpdatesWhoIsKnown() {
        gateway.guestKnown();

        gateway.receive(request(OTHER_MAC, "10.0.2.15", "10.0.2.16"));

        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(OTHER_MAC);
    }

    @Test
    void addressTakenAwayIsNotAnsweredFor() {
        gateway.host.removeAddress(ADDRESS);

        gateway.assertDropped(Packets.hex(REQUEST), DropReason.ARP_NOT_OURS);
    }

    @Test
    void probeIsAnsweredButNotLearnt() {
        assertThat(gateway.receive(request(GUEST_MAC, "0.0.0.0", "10.0.2.2"))).isNull();

        gateway.sent
                .nextPacket()
                .arp(new ArpPacket(ArpPacket.REPLY, MAC, ADDRESS, GUEST_MAC, IpAddress.parse("0.0.0.0")));
        assertThat(gateway.host.neighbour(IpAddress.parse("0.0.0.0"))).isEqualTo(IpHost.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void gratuitousIsLearntAndNotAnswered(int operation) {
        assertThat(gateway.receive(
                        Packets.arp(BROADCAST, new ArpPacket(operation, GUEST_MAC, GUEST, BROADCAST, GUEST))))
                .isNull();

        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(GUEST_MAC);
        gateway.sent.assertNone();
    }

    @Test
    void replyThatNobodyAskedForIsNotLearnt() {
        gateway.assertDropped(
                arp(ArpPacket.REPLY, GUEST_MAC, "10.0.2.15", MAC, "10.0.2.2"), DropReason.ARP_UNSOLICITED);

        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(IpHost.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        // sender MAC, sender address: nobody can have them
        "52:54:00:12:34:56, 10.0.2.2",
        "52:54:00:12:34:56, 10.0.2.3",
        "52:54:00:12:34:56, 10.0.2.0",
        "52:54:00:12:34:56, 10.0.2.255",
        "52:54:00:12:34:56, 255.255.255.255",
        "52:54:00:12:34:56, 224.0.0.1",
        "52:54:00:12:34:56, 127.0.0.1",
        "52:54:00:12:34:56, 0.0.0.1",
        "52:54:00:12:34:56, 240.0.0.1",
        "ff:ff:ff:ff:ff:ff, 10.0.2.15",
        "01:00:5e:00:00:01, 10.0.2.15",
        "00:00:00:00:00:00, 10.0.2.15",
        "52:55:0a:00:02:02, 10.0.2.15",
    })
    void senderThatCannotBeIsRefused(String mac, String address) {
        for (int operation = ArpPacket.REQUEST; operation <= ArpPacket.REPLY; operation++) {
            for (String target : new String[] {"10.0.2.2", address}) {
                ByteBuf frame = Packets.ethernet(BROADCAST, GUEST_MAC, 0x0806, new byte[28]);
                new ArpPacket(
                                operation,
                                MacAddress.parse(mac).value(),
                                IpAddress.parse(address),
                                0,
                                IpAddress.parse(target))
                        .emit(frame, Packets.ROOM + 14);
                gateway.assertDropped(frame, DropReason.ARP_SPOOFED);
            }
        }
        assertThat(gateway.host.neighbour(IpAddress.parse(address))).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void claimOfOurAddressIsAnsweredWithAnAnnouncementEveryTenSeconds() {
        ArpPacket announcement = new ArpPacket(ArpPacket.REQUEST, MAC, ADDRESS, 0, ADDRESS);
        for (int i = 0; i < 5; i++) {
            gateway.assertDropped(request(GUEST_MAC, "10.0.2.2", "10.0.2.2"), DropReason.ARP_SPOOFED);
        }
        gateway.sent.nextPacket().toMac("ff:ff:ff:ff:ff:ff").arp(announcement);
        gateway.sent.assertNone();

        gateway.loop.advance(Duration.ofSeconds(10));
        gateway.receive(request(GUEST_MAC, "10.0.2.2", "10.0.2.16"));
        gateway.sent.nextPacket().arp(announcement);
    }

    @Test
    void addressOfAnotherNetworkIsAnsweredButNotLearnt() {
        assertThat(gateway.receive(request(GUEST_MAC, "169.254.1.2", "10.0.2.2")))
                .isNull();

        assertThat(gateway.sent.count()).isOne();
        assertThat(gateway.host.neighbour(IpAddress.parse("169.254.1.2"))).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void guardKeepsAStationFromTheAddressOfAnother() {
        gateway.guestKnown();
        gateway.host.guard((address, mac) -> !address.equals(GUEST) || mac == GUEST_MAC);

        gateway.assertDropped(request(OTHER_MAC, "10.0.2.15", "10.0.2.2"), DropReason.ARP_SPOOFED);
        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(GUEST_MAC);
        assertThat(gateway.receive(request(GUEST_MAC, "10.0.2.15", "10.0.2.2"))).isNull();
        assertThat(gateway.receive(request(OTHER_MAC, "10.0.2.16", "10.0.2.2"))).isNull();
    }

    @Test
    void learnRefusesOurOwnAndForeignAddresses() {
        for (String address : new String[] {"10.0.2.2", "10.0.2.255", "10.0.3.15", "0.0.0.0", "224.0.0.1"}) {
            gateway.host.learn(IpAddress.parse(address), GUEST_MAC);
            assertThat(gateway.host.neighbour(IpAddress.parse(address))).isEqualTo(IpHost.UNKNOWN);
        }
    }

    @Test
    void neighbourWhoseAddressBecomesOursIsForgotten() {
        gateway.guestKnown();

        gateway.host.address(GUEST, org.slipway.wire.IpPrefix.of(GUEST, 24));

        assertThat(gateway.host.neighbour(GUEST)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void announceIsAGratuitousRequest() {
        gateway.host.announce(ADDRESS);

        gateway.sent
                .nextPacket()
                .toMac("ff:ff:ff:ff:ff:ff")
                .arp(new ArpPacket(ArpPacket.REQUEST, MAC, ADDRESS, 0, ADDRESS));
    }
}
