package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.ip.GatewayFixture.ADDRESS6;
import static org.slipway.ip.GatewayFixture.GUEST6;
import static org.slipway.ip.GatewayFixture.GUEST_LINK_LOCAL;
import static org.slipway.ip.GatewayFixture.LINK_LOCAL;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterSolicitation;

class NdpTest {

    /** fd00::15 asks who has fd00::2, as scapy writes it; so are the other dumps. */
    private static final String SOLICITATION = "3333ff000002 525400123456 86dd 60000000 0020 3a ff"
            + "fd000000000000000000000000000015 ff0200000000000000000001ff000002"
            + "8700 f8c7 00000000 fd000000000000000000000000000002 0101 525400123456";

    private static final String ADVERTISEMENT = "525400123456 52550a000202 86dd 60000000 0020 3a ff"
            + "fd000000000000000000000000000002 fd000000000000000000000000000015"
            + "8800 4030 e0000000 fd000000000000000000000000000002 0201 52550a000202";

    private static final String PROBE = "3333ff000002 525400123456 86dd 60000000 0018 3a ff"
            + "00000000000000000000000000000000 ff0200000000000000000001ff000002"
            + "8700 7da3 00000000 fd000000000000000000000000000002";

    private static final String ANSWER_TO_PROBE = "333300000001 52550a000202 86dd 60000000 0020 3a ff"
            + "fd000000000000000000000000000002 ff020000000000000000000000000001"
            + "8800 7e42 a0000000 fd000000000000000000000000000002 0201 52550a000202";

    private static final int R = NeighbourMessage.ROUTER;
    private static final int S = NeighbourMessage.SOLICITED;
    private static final int O = NeighbourMessage.OVERRIDE;
    private static final long NOT_SAID = -1;

    private static final long GUEST_MAC =
            MacAddress.parse(GatewayFixture.GUEST_MAC).value();
    private static final long MAC = MacAddress.parse(GatewayFixture.MAC).value();
    private static final long OTHER_MAC = 0x5254_0012_3457L;
    private static final IpAddress OTHER = IpAddress.parse("fd00::16");

    private final GatewayFixture gateway = new GatewayFixture();
    private final Packets guest = gateway.guest6;

    @AfterEach
    void close() {
        gateway.close();
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    /** To the solicited-node group of {@code target}. */
    private static Packets toGroupOf(Packets from, String target) {
        IpAddress group = ip(target).solicitedNode();
        return from.to(0x3333_ff00_0000L | group.low() & 0xff_ffff, group);
    }

    private ByteBuf solicitation(String target, long sourceLinkLayerAddress) {
        return toGroupOf(guest, target).ndp(new NeighbourMessage(false, 0, ip(target), sourceLinkLayerAddress));
    }

    private ByteBuf advertisement(int flags, String target, long targetLinkLayerAddress) {
        return guest.source(target).ndp(new NeighbourMessage(true, flags, ip(target), targetLinkLayerAddress));
    }

    /** The gateway asks who has {@code target}. */
    private void ask(String target) {
        Ipv6OutputTest.send(gateway, ADDRESS6, ip(target), 3);
        gateway.sent.clear();
    }

    @Test
    void solicitationForUsIsAnsweredAndTheAskerLearnt() {
        assertThat(gateway.receive(Packets.hex(SOLICITATION))).isNull();

        assertThat(Packets.hexOf(gateway.sent.next().head())).isEqualTo(ADVERTISEMENT.replace(" ", ""));
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(GUEST_MAC);
    }

    @ParameterizedTest
    @CsvSource({
        // who asks, for whom
        "fd00::15, fd00::2",
        "fd00::15, fd00::3",
        "fe80::5054:ff:fe12:3456, fe80::2",
        "fe80::5054:ff:fe12:3456, fd00::3",
        "fd00::15, fe80::2",
    })
    void everyLocalAddressHasTheOneMac(String source, String target) {
        gateway.receive(
                toGroupOf(guest.source(source), target).ndp(new NeighbourMessage(false, 0, ip(target), GUEST_MAC)));

        gateway.sent
                .nextPacket()
                .fromMac(GatewayFixture.MAC)
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .from(target)
                .to(source)
                .ndp(new NeighbourMessage(true, R | S | O, ip(target), MAC));
        assertThat(gateway.host.neighbour(ip(source))).isEqualTo(GUEST_MAC);
    }

    @Test
    void solicitationByUnicastNeedsNoLinkLayerAddress() {
        // RFC 4861 4.3: it may be left out if the asker has just been answered.
        assertThat(gateway.receive(guest.ndp(new NeighbourMessage(false, 0, ADDRESS6, NOT_SAID))))
                .isNull();

        gateway.sent
                .nextPacket()
                .toMac(GatewayFixture.GUEST_MAC)
                .ipv6()
                .to("fd00::15")
                .ndp(new NeighbourMessage(true, R | S | O, ADDRESS6, MAC));
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void plainHostDoesNotSayThatItIsARouter() {
        gateway.host.forwarding(false);

        gateway.receive(Packets.hex(SOLICITATION));

        gateway.sent.nextPacket().ipv6().ndp(new NeighbourMessage(true, S | O, ADDRESS6, MAC));
    }

    @Test
    void plainHostListensToTheGroupsOfItsAddresses() {
        gateway.host.forwarding(false);

        assertThat(gateway.receive(solicitation("fd00::3", GUEST_MAC))).isNull();
        gateway.assertDropped(solicitation("fd00::4", GUEST_MAC), DropReason.FRAME_NOT_FOR_US);
        gateway.assertDropped(
                guest.to("33:33:00:00:00:02", "ff02::2").ndp(new RouterSolicitation(GUEST_MAC)),
                DropReason.FRAME_NOT_FOR_US);
        assertThat(gateway.sent.count()).isOne();
    }

    @Test
    void everyTruncationIsDroppedWithoutAnAnswer() {
        byte[] whole = Packets.hexBytes(SOLICITATION);
        for (int length = 0; length < whole.length; length++) {
            gateway.assertDropped(
                    Unpooled.wrappedBuffer(whole, 0, length),
                    length < 14 ? DropReason.FRAME_TRUNCATED : DropReason.IP_MALFORMED);
        }
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void hopLimitThatPassedARouterIsRefused() {
        Packets way = guest.timeToLive(254);
        for (int type = 133; type <= 137; type++) {
            gateway.assertDropped(way.icmpv6(type, 0, 0, new byte[32]), DropReason.NDP_MALFORMED);
        }
        gateway.sent.assertNone();
    }

    @Test
    void wrongChecksumIsRefused() {
        ByteBuf frame = solicitation("fd00::2", GUEST_MAC);
        frame.setByte(frame.writerIndex() - 1, 0);

        gateway.assertDropped(frame, DropReason.ICMP_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // code, target a group, option of length 0, option cut off, no target
                "8701 0000 00000000 fd000000000000000000000000000002",
                "8700 0000 00000000 ff020000000000000000000000000001",
                "8700 0000 00000000 fd000000000000000000000000000002 0100 525400123456",
                "8700 0000 00000000 fd000000000000000000000000000002 0102 525400123456",
                "8700 0000 00000000 fd0000000000000000000000000000",
                "8801 0000 00000000 fd000000000000000000000000000002",
                "8800 0000 00000000 fd000000000000000000000000000016 0200 525400123456",
                "8501 0000 00000000",
                "8500 0000 00000000 0100 525400123456",
                "8601 0000 00000000 00000000 00000000",
                "8600 0000 00000000 00000000",
            })
    void malformedMessageIsRefused(String message) {
        gateway.assertDropped(guest.ndp(Packets.hexBytes(message)), DropReason.NDP_MALFORMED);
        gateway.sent.assertNone();
    }

    @Test
    void redirectIsIgnored() {
        gateway.assertDropped(
                guest.timeToLive(255).icmpv6(Icmpv6Message.REDIRECT, 0, 0, new byte[32]), DropReason.NDP_UNSOLICITED);
    }

    @Test
    void fragmentedMessageIsIgnored() {
        // RFC 6980 5: so that nobody hides what it says from who watches.
        Packets way = toGroupOf(guest, "fd00::2").timeToLive(255);
        byte[] message = Packets.bytesOf(Packets.hex(SOLICITATION).skipBytes(54));

        gateway.assertDropped(
                way.fragment(0, false).ipv6Fragment(IpProtocol.ICMPV6, message), DropReason.NDP_MALFORMED);
        assertThat(gateway.receive(
                        way.fragment(0, true).ipv6Fragment(IpProtocol.ICMPV6, java.util.Arrays.copyOf(message, 24))))
                .isNull();
        gateway.assertDropped(
                way.fragment(24, false).ipv6Fragment(IpProtocol.ICMPV6, java.util.Arrays.copyOfRange(message, 24, 32)),
                DropReason.NDP_MALFORMED);
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void solicitationForAnotherIsNotAnsweredAndNotLearnt() {
        gateway.assertDropped(solicitation("fd00::16", GUEST_MAC), DropReason.NDP_NOT_OURS);
        // The same group as one of ours.
        gateway.assertDropped(solicitation("fd00::1:0:2", GUEST_MAC), DropReason.NDP_NOT_OURS);

        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void addressTakenAwayIsNotAnsweredFor() {
        gateway.host.removeAddress(ADDRESS6);

        gateway.assertDropped(Packets.hex(SOLICITATION), DropReason.NDP_NOT_OURS);
    }

    @Test
    void probeOfOurAddressIsAnsweredToAllAndNotLearnt() {
        // RFC 4862 5.4.3, RFC 4861 7.2.4.
        assertThat(gateway.receive(Packets.hex(PROBE))).isNull();

        assertThat(Packets.hexOf(gateway.sent.next().head())).isEqualTo(ANSWER_TO_PROBE.replace(" ", ""));
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(ip("::"))).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void probeOfOurLinkLocalAddressIsAnsweredToo() {
        gateway.receive(
                toGroupOf(guest.source("::"), "fe80::2").ndp(new NeighbourMessage(false, 0, LINK_LOCAL, NOT_SAID)));

        gateway.sent
                .nextPacket()
                .toMac("33:33:00:00:00:01")
                .ipv6()
                .from("fe80::2")
                .to("ff02::1")
                .ndp(new NeighbourMessage(true, R | O, LINK_LOCAL, MAC));
    }

    @Test
    void probeOfAFreeAddressIsNotAnswered() {
        gateway.assertDropped(
                toGroupOf(guest.source("::"), "fd00::15").ndp(new NeighbourMessage(false, 0, GUEST6, NOT_SAID)),
                DropReason.NDP_NOT_OURS);
        gateway.sent.assertNone();
    }

    @Test
    void probeIsToTheGroupAndTellsNoAddress() {
        // RFC 4861 7.1.1.
        Packets nobody = guest.source("::");
        gateway.assertDropped(
                toGroupOf(nobody, "fd00::2").ndp(new NeighbourMessage(false, 0, ADDRESS6, GUEST_MAC)),
                DropReason.NDP_MALFORMED);
        gateway.assertDropped(
                nobody.to("33:33:00:00:00:01", "ff02::1").ndp(new NeighbourMessage(false, 0, ADDRESS6, NOT_SAID)),
                DropReason.NDP_MALFORMED);
        gateway.assertDropped(nobody.ndp(new NeighbourMessage(false, 0, ADDRESS6, NOT_SAID)), DropReason.IP_BAD_SOURCE);
        gateway.sent.assertNone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff:ff:ff:ff:ff:ff", "33:33:00:00:00:01", "00:00:00:00:00:00", "52:55:0a:00:02:02"})
    void stationThatCannotBeIsRefused(String mac) {
        long station = MacAddress.parse(mac).value();

        gateway.assertDropped(solicitation("fd00::2", station), DropReason.NDP_SPOOFED);
        ask("fd00::15");
        gateway.assertDropped(advertisement(S | O, "fd00::15", station), DropReason.NDP_SPOOFED);
        gateway.host.ndpListener(new NdpListener() {});
        gateway.assertDropped(
                guest.to("33:33:00:00:00:02", "ff02::2").ndp(new RouterSolicitation(station)), DropReason.NDP_SPOOFED);
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fd00::2", "fd00::3", "fe80::2", "::1", "ff02::1", "2001:db8::1"})
    void sourceThatCannotBeIsRefused(String source) {
        gateway.assertDropped(
                toGroupOf(guest.source(source), "fd00::3")
                        .ndp(new NeighbourMessage(false, 0, ip("fd00::3"), GUEST_MAC)),
                DropReason.IP_BAD_SOURCE);
        gateway.sent.assertNone();
        assertThat(gateway.host.neighbour(ip(source))).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void claimOfOurAddressIsAnsweredWithAnAnnouncementEveryTenSeconds() {
        NeighbourMessage claim = new NeighbourMessage(true, O, ADDRESS6, GUEST_MAC);
        Packets toAll = guest.to("33:33:00:00:00:01", "ff02::1");
        for (int i = 0; i < 5; i++) {
            gateway.assertDropped(toAll.ndp(claim), DropReason.NDP_SPOOFED);
        }
        gateway.sent
                .nextPacket()
                .toMac("33:33:00:00:00:01")
                .ipv6()
                .from("fd00::2")
                .to("ff02::1")
                .ndp(new NeighbourMessage(true, R | O, ADDRESS6, MAC));
        gateway.sent.assertNone();

        gateway.loop.advance(Duration.ofSeconds(10));
        gateway.receive(toAll.ndp(claim));
        assertThat(gateway.sent.count()).isOne();
    }

    @Test
    void guardKeepsAStationFromTheAddressOfAnother() {
        gateway.guestKnown();
        gateway.host.guard((address, mac) -> !address.equals(GUEST6) || mac == GUEST_MAC);
        Packets other = Packets.from(OTHER_MAC, GUEST6).to(MAC, ADDRESS6);

        gateway.assertDropped(
                toGroupOf(other, "fd00::2").ndp(new NeighbourMessage(false, 0, ADDRESS6, OTHER_MAC)),
                DropReason.IP_BAD_SOURCE);
        // From an address of its own it speaks of another's.
        gateway.assertDropped(
                other.source("fd00::16").ndp(new NeighbourMessage(true, S | O, GUEST6, OTHER_MAC)),
                DropReason.NDP_SPOOFED);
        // Or names another's station for its own address: allowed, its own loss.
        assertThat(gateway.receive(toGroupOf(other.source("fd00::16"), "fd00::2")
                        .ndp(new NeighbourMessage(false, 0, ADDRESS6, OTHER_MAC))))
                .isNull();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(GUEST_MAC);
        assertThat(gateway.host.neighbour(OTHER)).isEqualTo(OTHER_MAC);
    }

    @Test
    void advertisementThatNobodyAskedForIsNotLearnt() {
        for (int flags : new int[] {0, S, O, S | O}) {
            gateway.assertDropped(advertisement(flags, "fd00::15", GUEST_MAC), DropReason.NDP_UNSOLICITED);
        }
        gateway.assertDropped(
                guest.to("33:33:00:00:00:01", "ff02::1").ndp(new NeighbourMessage(true, O, GUEST6, GUEST_MAC)),
                DropReason.NDP_UNSOLICITED);
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void answerIsLearntWhateverItsFlags() {
        for (int flags : new int[] {0, R, S, O, S | O, R | S | O}) {
            String target = "fd00::" + Integer.toHexString(0x100 + (flags >>> 29));
            ask(target);

            assertThat(gateway.receive(advertisement(flags, target, GUEST_MAC))).isNull();

            assertThat(gateway.host.neighbour(ip(target))).isEqualTo(GUEST_MAC);
            gateway.sent.nextPacket().toMac(GatewayFixture.GUEST_MAC).ipv6().to(target);
        }
    }

    @Test
    void answerWithoutAnAddressTeachesNothing() {
        ask("fd00::15");

        gateway.assertDropped(advertisement(S | O, "fd00::15", NOT_SAID), DropReason.NDP_UNSOLICITED);
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);

        gateway.guestKnown();
        gateway.loop.advance(Duration.ofSeconds(59));
        assertThat(gateway.receive(advertisement(S, "fd00::15", NOT_SAID))).isNull();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(GUEST_MAC);
    }

    @Test
    void solicitedAnswerToAGroupIsMalformed() {
        // RFC 4861 7.1.2.
        ask("fd00::15");

        gateway.assertDropped(
                guest.to("33:33:00:00:00:01", "ff02::1").ndp(new NeighbourMessage(true, S | O, GUEST6, GUEST_MAC)),
                DropReason.NDP_MALFORMED);
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void knownAddressIsOverriddenOnlyIfTheAdvertisementSaysSo() {
        // RFC 4861 7.2.5.
        gateway.guestKnown();

        gateway.assertDropped(advertisement(S, "fd00::15", OTHER_MAC), DropReason.NDP_UNSOLICITED);
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(GUEST_MAC);

        assertThat(gateway.receive(advertisement(O, "fd00::15", OTHER_MAC))).isNull();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(OTHER_MAC);
    }

    @Test
    void routersAreLookedForOnlyWhereSomebodyListens() {
        Packets toRouters = guest.source("fe80::5054:ff:fe12:3456").to("33:33:00:00:00:02", "ff02::2");

        gateway.assertDropped(toRouters.ndp(new RouterSolicitation(GUEST_MAC)), DropReason.NDP_UNSOLICITED);
        gateway.assertDropped(
                toRouters.to("33:33:00:00:00:01", "ff02::1").ndp(routerAdvertisement(GUEST_MAC)),
                DropReason.NDP_UNSOLICITED);
        gateway.sent.assertNone();
    }

    private static RouterAdvertisement routerAdvertisement(long linkLayerAddress) {
        return new RouterAdvertisement(64, 0, 1800, linkLayerAddress, 1500, List.of(), List.of(), List.of(), 0);
    }

    private List<String> listen() {
        List<String> heard = new ArrayList<>();
        gateway.host.ndpListener(new NdpListener() {
            @Override
            public void routerSolicited(IpAddress source, long mac) {
                heard.add("solicited by " + source + " at " + new MacAddress(mac));
            }

            @Override
            public boolean routerAdvertised(IpAddress router, RouterAdvertisement advertisement) {
                heard.add("advertised by " + router + ", MTU " + advertisement.mtu());
                return true;
            }
        });
        return heard;
    }

    @Test
    void solicitationForRoutersIsHeardAndItsSenderLearnt() {
        List<String> heard = listen();
        Packets toRouters = guest.to("33:33:00:00:00:02", "ff02::2");

        assertThat(gateway.receive(Packets.hex("333300000002 525400123456 86dd 60000000 0010 3a ff"
                        + "fe80000000000000505400fffe123456 ff020000000000000000000000000002"
                        + "8500 71b5 00000000 0101 525400123456")))
                .isNull();
        assertThat(gateway.host.neighbour(GUEST_LINK_LOCAL)).isEqualTo(GUEST_MAC);
        assertThat(gateway.receive(toRouters.ndp(new RouterSolicitation(NOT_SAID))))
                .isNull();
        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
        assertThat(gateway.receive(toRouters.source("::").ndp(new RouterSolicitation(NOT_SAID))))
                .isNull();
        // RFC 4861 6.1.1.
        gateway.assertDropped(toRouters.source("::").ndp(new RouterSolicitation(GUEST_MAC)), DropReason.NDP_MALFORMED);

        assertThat(heard)
                .containsExactly(
                        "solicited by fe80::5054:ff:fe12:3456 at 52:54:00:12:34:56",
                        "solicited by fd00::15 at 52:54:00:12:34:56",
                        "solicited by :: at 52:54:00:12:34:56");
    }

    @Test
    void advertisementOfARouterIsHeardFromALinkLocalAddressOnly() {
        // RFC 4861 6.1.2.
        List<String> heard = listen();
        Packets toAll = guest.to("33:33:00:00:00:01", "ff02::1");

        assertThat(gateway.receive(toAll.source("fe80::5054:ff:fe12:3456").ndp(routerAdvertisement(GUEST_MAC))))
                .isNull();
        gateway.assertDropped(toAll.ndp(routerAdvertisement(GUEST_MAC)), DropReason.NDP_MALFORMED);
        gateway.assertDropped(toAll.source("::").ndp(routerAdvertisement(NOT_SAID)), DropReason.NDP_MALFORMED);

        assertThat(heard).containsExactly("advertised by fe80::5054:ff:fe12:3456, MTU 1500");
        assertThat(gateway.host.neighbour(GUEST_LINK_LOCAL)).isEqualTo(GUEST_MAC);
    }

    @Test
    void announceIsAnUnsolicitedAdvertisement() {
        // RFC 4861 7.2.6.
        gateway.host.announce(ADDRESS6);

        gateway.sent
                .nextPacket()
                .toMac("33:33:00:00:00:01")
                .ipv6()
                .from("fd00::2")
                .to("ff02::1")
                .ndp(new NeighbourMessage(true, R | O, ADDRESS6, MAC));
    }

    @Test
    void neighbourWhoseAddressBecomesOursIsForgotten() {
        gateway.guestKnown();

        gateway.host.address(GUEST6, IpPrefix.of(GUEST6, 64));

        assertThat(gateway.host.neighbour(GUEST6)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void learnRefusesOurOwnAndForeignAddresses() {
        for (String address : new String[] {"fd00::2", "fe80::2", "2001:db8::1", "::", "::1", "ff02::1"}) {
            gateway.host.learn(ip(address), GUEST_MAC);
            assertThat(gateway.host.neighbour(ip(address))).isEqualTo(IpHost.UNKNOWN);
        }
    }

    @Test
    void anyMessageIsTakenWithoutAnError() {
        listen();
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            byte[] message = new byte[8 + random.nextInt(60)];
            random.nextBytes(message);
            message[0] = (byte) (133 + random.nextInt(5));
            message[1] = 0;
            if (random.nextBoolean()) {
                ADDRESS6.write(Unpooled.wrappedBuffer(java.util.Arrays.copyOf(message, 24)), 8);
            }
            for (int i = 9; i < message.length; i += 8) {
                message[i] = (byte) random.nextInt(3);
            }
            String source = random.nextBoolean() ? "fd00::15" : random.nextBoolean() ? "::" : "fe80::15";
            gateway.receive(
                    guest.source(source).to("33:33:00:00:00:01", "ff02::1").ndp(message));
        }
    }
}
