package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.guest.RouterStation.advertisement;
import static org.slipway.guest.RouterStation.prefix;
import static org.slipway.wire.PacketAssert.packet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;
import org.slipway.wire.RouterAdvertisement.Prefix;

/** A guest gets its IPv6 addresses from a router that says what the test says. */
class AutoconfigurationTest {

    private static final String GUEST_MAC = "52:54:00:00:00:01";
    private static final IpAddress LINK_LOCAL = IpAddress.parse("fe80::5054:ff:fe00:1");
    private static final IpAddress MADE = IpAddress.parse("fd00::5054:ff:fe00:1");
    private static final IpAddress OTHER = IpAddress.parse("2001:db8::5054:ff:fe00:1");
    private static final long INFINITY = 0xffff_ffffL;
    private static final Duration PROBE = Duration.ofSeconds(1);

    private final GuestLan net = new GuestLan();
    private final RouterStation router = new RouterStation(net);
    private final Guest guest = net.guest(1);

    @AfterEach
    void close() {
        net.close();
    }

    private void takeLinkLocal() {
        net.within(PROBE, guest.linkLocal());
        router.heard();
    }

    /** The guest has its addresses of these prefixes. */
    private void configure(Prefix... prefixes) {
        takeLinkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.run();
        router.advertise(advertisement(1800, prefixes));
        net.within(PROBE, made);
        router.heard();
    }

    private static ByteBuf neighbourSolicitation(IpAddress target, String from, long linkLayerAddress) {
        return Packets.from("52:54:00:00:00:09", from)
                .to(0x3333_ff00_0000L | target.low() & 0xff_ffff, target.solicitedNode())
                .ndp(new NeighbourMessage(false, 0, target, linkLayerAddress));
    }

    private ByteBuf neighbourAdvertisement(IpAddress target) {
        return router.toAll().ndp(new NeighbourMessage(true, NeighbourMessage.OVERRIDE, target, 0x5254_0000_0009L));
    }

    /** Where an echo request to {@code destination} goes: the MAC of the frame, or who is asked for. */
    private String nextHop(String destination) {
        router.heard();
        CompletableFuture<Duration> ping = guest.ping(IpAddress.parse(destination));
        net.loop.run();
        List<ByteBuf> frames = router.heard();
        String hop = ping.isCompletedExceptionally() ? "none" : "";
        for (ByteBuf frame : frames) {
            int type = frame.getUnsignedByte(14 + 40);
            hop = type == Icmpv6Message.NEIGHBOUR_SOLICITATION
                    ? IpAddress.readIpv6(frame, 14 + 40 + 8).toString()
                    : MacAddress.read(frame, 0).toString();
        }
        net.loop.advance(Duration.ofSeconds(5));
        return hop;
    }

    // ---- the address of the link

    @Test
    void addressOfTheLinkIsProbedForASecond() {
        CompletableFuture<IpAddress> linkLocal = guest.linkLocal();
        net.loop.run();
        List<ByteBuf> heard = router.heard();
        assertThat(heard).hasSize(1);
        packet(heard.get(0))
                .fromMac(GUEST_MAC)
                .toMac("33:33:ff:00:00:01")
                .ipv6()
                .from("::")
                .to("ff02::1:ff00:1")
                .ndp(new NeighbourMessage(false, 0, LINK_LOCAL, -1));
        net.loop.advance(Duration.ofMillis(999));
        assertThat(linkLocal).isNotDone();
        assertThat(guest.addresses()).isEmpty();
        assertThat(net.within(Duration.ofMillis(1), linkLocal)).isEqualTo(LINK_LOCAL);
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL);
        assertThat(net.now(guest.linkLocal())).isEqualTo(LINK_LOCAL);
        assertThat(router.heard()).as("there is nothing else to say").isEmpty();
    }

    @Test
    void guestIsSilentAboutIpv6UntilItIsAskedTo() {
        net.loop.advance(Duration.ofMinutes(1));
        router.advertise(advertisement(1800, prefix()));
        net.loop.advance(Duration.ofMinutes(1));
        assertThat(router.heard()).isEmpty();
        assertThat(guest.addresses()).isEmpty();
    }

    /** RFC 4862 5.4.4. */
    @Test
    void advertisementForTheTentativeAddressMakesItADuplicate() {
        CompletableFuture<IpAddress> linkLocal = guest.linkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.advance(Duration.ofMillis(500));
        router.say(neighbourAdvertisement(LINK_LOCAL));
        net.assertFails(Duration.ZERO, linkLocal, "IPv6 address: another station has fe80::5054:ff:fe00:1");
        net.assertFails(Duration.ZERO, made, "IPv6 address: another station has fe80::5054:ff:fe00:1");
        net.loop.advance(Duration.ofMinutes(1));
        assertThat(guest.addresses()).isEmpty();
        assertThat(router.solicitations(true)).isZero();
    }

    /** RFC 4862 5.4.3: another station probes for the same address. */
    @Test
    void probeForTheTentativeAddressMakesItADuplicate() {
        CompletableFuture<IpAddress> linkLocal = guest.linkLocal();
        router.say(neighbourSolicitation(LINK_LOCAL, "::", -1));
        net.assertFails(Duration.ZERO, linkLocal, "IPv6 address: another station has fe80::5054:ff:fe00:1");
    }

    /** RFC 4862 5.4.3: who resolves the address does not want it, and is not answered yet. */
    @Test
    void questionForTheTentativeAddressIsIgnored() {
        CompletableFuture<IpAddress> linkLocal = guest.linkLocal();
        router.say(neighbourSolicitation(LINK_LOCAL, "fe80::9", 0x5254_0000_0009L));
        router.say(Packets.from(RouterStation.MAC, "fe80::2")
                .to(GUEST_MAC, LINK_LOCAL.toString())
                .icmpv6Echo(1, 1, new byte[8]));
        assertThat(router.heard()).hasSize(1);
        assertThat(net.within(PROBE, linkLocal)).isEqualTo(LINK_LOCAL);
        router.say(neighbourSolicitation(LINK_LOCAL, "fe80::9", 0x5254_0000_0009L));
        assertThat(router.heard(Icmpv6Message.NEIGHBOUR_ADVERTISEMENT))
                .as("now it is answered")
                .hasSize(1);
        assertThat(net.drops.of(DropReason.NDP_NOT_OURS)).isOne();
    }

    @Test
    void duplicateMayBeTriedAgain() {
        CompletableFuture<IpAddress> linkLocal = guest.linkLocal();
        router.say(neighbourAdvertisement(LINK_LOCAL));
        assertThat(linkLocal).isCompletedExceptionally();
        assertThat(net.within(PROBE, guest.linkLocal())).isEqualTo(LINK_LOCAL);
    }

    /** RFC 4862 5.4.3: probes for what it has are answered to all. */
    @Test
    void addressIsDefended() {
        takeLinkLocal();
        router.say(neighbourSolicitation(LINK_LOCAL, "::", -1));
        packet(router.heard(Icmpv6Message.NEIGHBOUR_ADVERTISEMENT).get(0))
                .ipv6()
                .from(LINK_LOCAL.toString())
                .to("ff02::1")
                .ndp(new NeighbourMessage(
                        true, NeighbourMessage.OVERRIDE, LINK_LOCAL, guest.mac().value()));
        router.say(neighbourAdvertisement(LINK_LOCAL));
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL);
    }

    // ---- routers

    /** RFC 4861 6.3.7. */
    @Test
    void routersAreSolicitedThreeTimes() {
        takeLinkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.run();
        List<ByteBuf> heard = router.heard();
        assertThat(heard).hasSize(1);
        packet(heard.get(0))
                .toMac("33:33:00:00:00:02")
                .ipv6()
                .from(LINK_LOCAL.toString())
                .to("ff02::2")
                .timeToLive(255)
                .icmpv6(Icmpv6Message.ROUTER_SOLICITATION, 0, 0)
                .data(Packets.hexBytes("0101 525400000001"));
        net.loop.advance(Duration.ofMillis(3_999));
        assertThat(router.solicitations(true)).isZero();
        net.loop.advance(Duration.ofMillis(1));
        assertThat(router.solicitations(true)).isOne();
        net.loop.advance(Duration.ofSeconds(4));
        assertThat(router.solicitations(true)).isOne();
        net.assertFails(Duration.ofSeconds(1), made, "IPv6 address: no router answers");
        net.loop.advance(Duration.ofMinutes(1));
        assertThat(router.solicitations(true)).isZero();
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL);
    }

    @Test
    void secondAskingJoinsTheFirstAndALaterOneAsksAgain() {
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        assertThat(guest.autoconfigure()).isSameAs(made);
        net.loop.advance(Duration.ofSeconds(10));
        assertThat(made).isCompletedExceptionally();
        made = guest.autoconfigure();
        net.loop.run();
        router.advertise(advertisement(1800, prefix()));
        assertThat(net.within(PROBE, made)).isEqualTo(MADE);
        assertThat(net.now(guest.autoconfigure())).isEqualTo(MADE);
    }

    @Test
    void advertisementGivesAddressRouterResolversAndMtu() {
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.advance(PROBE);
        router.heard();
        List<IpAddress> dns = List.of(IpAddress.parse("fd00::3"), IpAddress.parse("ff02::fb"), IpAddress.parse("::1"));
        router.advertise(advertisement(1800, 1400, 600, dns, prefix()));
        List<ByteBuf> heard = router.heard();
        assertThat(heard).hasSize(1);
        packet(heard.get(0)).ipv6().from("::").ndp(new NeighbourMessage(false, 0, MADE, -1));
        assertThat(net.within(PROBE, made)).isEqualTo(MADE);
        assertThat(router.solicitations(true)).as("no more of them").isZero();
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL, MADE);
        assertThat(guest.mtu(false)).isEqualTo(1400);
        assertThat(guest.mtu(true)).as("of IPv4").isEqualTo(1500);
        assertThat(guest.resolvers()).containsExactly(IpAddress.parse("fd00::3"));
        assertThat(nextHop("2001:db8::1")).isEqualTo(RouterStation.MAC);
        assertThat(nextHop("fd00::77")).isEqualTo("fd00::77");
    }

    @Test
    void unsolicitedAdvertisementsAreHeardToo() {
        takeLinkLocal();
        router.advertise(advertisement(1800, prefix()));
        net.loop.advance(PROBE);
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL, MADE);
        assertThat(net.now(guest.autoconfigure())).isEqualTo(MADE);
        assertThat(router.solicitations(true)).isZero();
    }

    @Test
    void advertisementBeforeTheAddressOfTheLinkIsAskedForAgain() {
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        router.advertise(advertisement(1800, prefix()));
        net.loop.advance(PROBE);
        assertThat(router.solicitations(true)).isOne();
        router.advertise(advertisement(1800, prefix()));
        assertThat(net.within(PROBE, made)).isEqualTo(MADE);
    }

    /** RFC 4861 6.1.2. */
    @Test
    void advertisementFromBeyondTheLinkIsRefused() {
        takeLinkLocal();
        router.advertise("fd00::2", advertisement(1800, prefix()));
        ByteBuf forwarded = router.toAll().ndp(advertisement(1800, prefix()));
        forwarded.setByte(forwarded.readerIndex() + 14 + 7, 254);
        router.say(forwarded);
        net.loop.advance(PROBE);
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL);
        assertThat(net.drops.of(DropReason.NDP_MALFORMED)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "fd00::/64, 128, 600, 600, without the A flag",
        "fd00::/63, 192, 600, 600, for identifiers of another length",
        "fd00::/65, 192, 600, 600, for identifiers of another length",
        "fe80::/64, 192, 600, 600, RFC 4862 5.5.3 (b)",
        "ff05::/64, 192, 600, 600, a group",
        "::/64, 192, 600, 600, not for this",
        "fd00::/64, 192, 600, 601, RFC 4862 5.5.3 (c)",
        "fd00::/64, 192, 0, 0, RFC 4862 5.5.3 (d)",
    })
    void unusablePrefixesGiveNoAddress(String prefix, int flags, long valid, long preferred, String why) {
        takeLinkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.run();
        router.advertise(advertisement(1800, prefix(prefix, flags, valid, preferred)));
        net.assertFails(Duration.ZERO, made, "IPv6 address: the router fe80::2 tells of no network for it");
        assertThat(guest.addresses()).as(why).containsExactly(LINK_LOCAL);
    }

    @Test
    void duplicateOfAnAutonomousAddressIsTold() {
        takeLinkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.run();
        router.advertise(advertisement(1800, prefix()));
        router.say(neighbourAdvertisement(MADE));
        net.assertFails(Duration.ZERO, made, "IPv6 address: another station has fd00::5054:ff:fe00:1");
        router.heard();
        router.advertise(advertisement(1800, prefix()));
        assertThat(router.solicitations(false)).as("not asked for again").isZero();
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL);
        made = guest.autoconfigure();
        net.loop.run();
        router.advertise(advertisement(1800, prefix()));
        assertThat(net.within(PROBE, made)).as("but if the user wants it").isEqualTo(MADE);
    }

    @Test
    void oneGoodAddressIsEnough() {
        takeLinkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        net.loop.run();
        router.advertise(advertisement(1800, prefix(), prefix("2001:db8::/64", 600, 600)));
        router.say(neighbourAdvertisement(MADE));
        assertThat(net.within(PROBE, made)).isEqualTo(OTHER);
    }

    /** RFC 5942 4: an address does not make a network of neighbours. */
    @Test
    void networkThatIsNotOnTheLinkIsReachedByTheRouter() {
        configure(prefix("fd00::/64", Prefix.AUTONOMOUS, 600, 600));
        assertThat(nextHop("fd00::77")).isEqualTo(RouterStation.MAC);
        router.advertise(advertisement(1800, prefix("fd00::/64", 600, 600)));
        assertThat(nextHop("fd00::77")).isEqualTo("fd00::77");
        router.advertise(advertisement(1800, prefix("fd00::/64", Prefix.AUTONOMOUS, 600, 600)));
        assertThat(nextHop("fd00::77")).as("silence takes nothing back").isEqualTo("fd00::77");
        router.advertise(advertisement(1800, prefix("fd00::/64", 0, 0)));
        assertThat(nextHop("fd00::77")).as("a lifetime of zero does").isEqualTo(RouterStation.MAC);
    }

    // ---- lifetimes

    /** RFC 4862 5.5.3 (e). */
    @ParameterizedTest
    @CsvSource({
        "600, 3600, 3600",
        "3600, 86400, 86400",
        "86400, 10800, 10800",
        "3600, 600, 3600",
        "3600, 0, 3600",
        "7200, 1, 7200",
        "7201, 1, 7200",
        "86400, 600, 7200",
        "4294967295, 0, 7200",
        "4294967295, 7201, 7201",
    })
    void validLifetimeIsNotShortenedBelowTwoHours(long before, long told, long then) {
        // The second in which the address was probed for counts.
        configure(prefix("fd00::/64", Math.min(before + 1, INFINITY), 0));
        router.advertise(advertisement(1800, prefix("fd00::/64", told, 0)));
        net.loop.advance(Duration.ofSeconds(then).minusMillis(1));
        assertThat(guest.addresses()).contains(MADE);
        net.loop.advance(Duration.ofMillis(1));
        assertThat(guest.addresses()).doesNotContain(MADE);
    }

    @Test
    void addressWithoutEndStays() {
        configure(prefix("fd00::/64", INFINITY, INFINITY));
        net.loop.advance(Duration.ofDays(60_000));
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL, MADE);
    }

    @Test
    void longestLifetimeThatEndsIsCounted() {
        configure(prefix("fd00::/64", INFINITY - 1, 600));
        net.loop.advance(Duration.ofSeconds(INFINITY - 3));
        assertThat(guest.addresses()).contains(MADE);
        net.loop.advance(Duration.ofSeconds(1));
        assertThat(guest.addresses()).doesNotContain(MADE);
    }

    /** RFC 4862 5.5.4. */
    @Test
    void deprecatedAddressIsASourceOnlyWithoutAnother() {
        configure(prefix("fd00::/64", 86_400, 600));
        assertThat(sourceTowards("fd00:9::1")).isEqualTo(MADE);
        net.loop.advance(Duration.ofSeconds(600));
        assertThat(sourceTowards("fd00:9::1")).isEqualTo(MADE);
        router.advertise(advertisement(1800, prefix("2001:db8::/64", 86_400, 86_400)));
        net.loop.advance(PROBE);
        assertThat(sourceTowards("fd00:9::1")).isEqualTo(OTHER);
        router.advertise(advertisement(1800, prefix("fd00::/64", 86_400, 86_400)));
        assertThat(sourceTowards("fd00:9::1")).as("the nearest").isEqualTo(MADE);
    }

    private IpAddress sourceTowards(String destination) {
        router.advertise(advertisement(1800));
        router.heard();
        guest.sendUdp(1000, IpAddress.parse(destination), 9, Unpooled.EMPTY_BUFFER);
        net.loop.run();
        List<ByteBuf> datagrams = router.heard().stream()
                .filter(frame -> Ipv6Packet.nextHeader(frame, 14) == IpProtocol.UDP)
                .toList();
        assertThat(datagrams).hasSize(1);
        return Ipv6Packet.source(datagrams.get(0), 14);
    }

    /** RFC 4861 6.3.5. */
    @Test
    void routerIsUsedForItsLifetime() {
        configure(prefix());
        router.advertise(advertisement(600));
        net.loop.advance(Duration.ofSeconds(594));
        assertThat(nextHop("2001:db8::1")).isEqualTo(RouterStation.MAC);
        net.loop.advance(Duration.ofSeconds(1));
        assertThat(nextHop("2001:db8::1")).isEqualTo("none");
        assertThat(guest.addresses()).contains(MADE);
    }

    /** RFC 4861 6.3.4. */
    @Test
    void routerThatResignsGivesWayToTheNext() {
        configure(prefix());
        router.advertise("fe80::22", advertisement(600));
        assertThat(nextHop("2001:db8::1")).isEqualTo(RouterStation.MAC);
        router.advertise(advertisement(0));
        ByteBuf request = pingThrough();
        packet(request).toMac(RouterStation.MAC);
        router.advertise("fe80::22", advertisement(0));
        assertThat(nextHop("2001:db8::1")).isEqualTo("none");
    }

    private ByteBuf pingThrough() {
        router.heard();
        guest.ping(IpAddress.parse("2001:db8::1"));
        net.loop.run();
        List<ByteBuf> requests = router.heard(Icmpv6Message.ECHO_REQUEST);
        net.loop.advance(Duration.ofSeconds(5));
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    /** RFC 8106 5.1. */
    @Test
    void resolversAreUsedForTheirLifetime() {
        configure(prefix());
        List<IpAddress> dns = List.of(IpAddress.parse("fd00::3"), IpAddress.parse("fe80::3"));
        router.advertise(advertisement(1800, 0, 600, dns));
        net.loop.advance(Duration.ofSeconds(599));
        assertThat(guest.resolvers()).isEqualTo(dns);
        router.advertise(advertisement(1800, 0, 0, dns.subList(0, 1)));
        assertThat(guest.resolvers()).containsExactly(dns.get(1));
        net.loop.advance(Duration.ofSeconds(1));
        assertThat(guest.resolvers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1280, 1280", "9000, 9000", "65535, 65535", "65536, 1500", "-1, 1500", "1279, 1500", "0, 1500"})
    void mtuIsOneThatLinksCanHave(int told, int taken) {
        configure(prefix());
        ByteBuf frame = router.toAll().ndp(advertisement(1800, 1280, 0, List.of()));
        // The option is the last one, behind that of the link-layer address; its checksum is made again.
        byte[] message = Packets.bytesOf(frame.slice(frame.readerIndex() + 54, frame.readableBytes() - 54));
        Unpooled.wrappedBuffer(message).setInt(message.length - 4, told);
        router.say(router.toAll().ndp(message));
        assertThat(guest.mtu(false)).isEqualTo(taken);
    }

    @Test
    void leaseDoesNotUndoWhatTheRouterToldOfTheMtu() {
        configure(prefix());
        guest.address(GuestAddress.of(GuestLan.address(1), 24).withMtu(576));
        assertThat(guest.mtu(false)).isEqualTo(1280);
        router.advertise(advertisement(1800, 1400, 0, List.of()));
        guest.address(GuestAddress.of(GuestLan.address(1), 24).withMtu(9000));
        assertThat(guest.mtu(false)).isEqualTo(1400);
        assertThat(guest.mtu(true)).isEqualTo(9000);
    }

    // ---- hostile routers

    @Test
    void prefixesRoutersAndResolversAreBounded() {
        takeLinkLocal();
        for (int i = 1; i <= 100; i++) {
            List<IpAddress> dns = new ArrayList<>();
            Prefix[] prefixes = new Prefix[10];
            for (int j = 0; j < prefixes.length; j++) {
                dns.add(IpAddress.parse("fd00::" + i + ":" + j));
                prefixes[j] = prefix("fd00:" + i + ":" + j + "::/64", INFINITY, INFINITY);
            }
            router.advertise("fe80::" + i, advertisement(65_535, 0, INFINITY, dns, prefixes));
        }
        assertThat(router.solicitations(false)).isEqualTo(Autoconfiguration.MAX_ADDRESSES);
        net.loop.advance(PROBE);
        assertThat(guest.addresses()).hasSize(1 + Autoconfiguration.MAX_ADDRESSES);
        assertThat(guest.resolvers()).hasSize(ExpiringAddresses.MAX);
        IntStream.rangeClosed(1, ExpiringAddresses.MAX - 1)
                .forEach(i -> router.advertise("fe80::" + i, advertisement(0)));
        assertThat(nextHop("2001:db8::1")).isEqualTo(RouterStation.MAC);
        router.advertise("fe80::" + ExpiringAddresses.MAX, advertisement(0));
        assertThat(nextHop("2001:db8::1")).as("a ninth was not noted").isEqualTo("none");
    }

    @Test
    void forgedConflictsOfOtherAddressesAreIgnored() {
        configure(prefix());
        CompletableFuture<IpAddress> again = guest.autoconfigure();
        router.say(neighbourAdvertisement(MADE));
        router.say(neighbourAdvertisement(IpAddress.parse("fd00::77")));
        assertThat(net.now(again)).isEqualTo(MADE);
        assertThat(guest.addresses()).containsExactly(LINK_LOCAL, MADE);
    }

    // ---- the plug

    @Test
    void unpluggedGuestFailsWhatIsUnderWay() {
        CompletableFuture<IpAddress> linkLocal = guest.linkLocal();
        CompletableFuture<IpAddress> made = guest.autoconfigure();
        guest.close();
        net.assertFails(Duration.ZERO, linkLocal, "IPv6 address: the guest was unplugged");
        net.assertFails(Duration.ZERO, made, "IPv6 address: the guest was unplugged");
    }

    @Test
    void unpluggedGuestLeavesNoTimer() {
        configure(prefix());
        guest.close();
        assertThat(net.loop.untilNextTimer()).isEqualTo(-1);
    }
}
