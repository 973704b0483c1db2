package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.Icmpv6Message;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;
import org.slipway.wire.RouterAdvertisement;

/** Faults that user-mode networks have had in IPv6: see {@link KnownFaultsTest}. */
class KnownIpv6FaultsTest {

    private final TestNetwork net =
            new TestNetwork(new GatewayConfig(AddressPlan.DEFAULT, GatewayConfig.DEFAULT_MTU, List.of(), List.of()));
    private final Packets guest =
            Packets.from(TestNetwork.GUEST_MAC, "fd00::15").to(TestNetwork.GATEWAY_MAC, "fd00::2");
    private final Packets outside = guest.to("2001:db8::1");

    @BeforeEach
    void gatewayKnowsTheGuest() {
        long mac = guest.sourceMac();
        IpAddress target = IpAddress.parse("fd00::2");
        assertThat(net.send(guest.ndp(new NeighbourMessage(false, 0, target, mac))))
                .isNull();
        net.skip();
    }

    @AfterEach
    void guestIsServedAndNothingIsHeld() {
        net.skip();
        net.send(guest.icmpv6Echo(9, 9, Packets.bytes("alive")));
        ByteBuf reply = net.next();
        assertThat(reply.getUnsignedByte(reply.readerIndex() + 54)).isEqualTo((short) Icmpv6Message.ECHO_REPLY);
        net.close();
    }

    /** Another router on the link is no fault, but none of the gateway's business. */
    @Test
    void advertisementsOfOthersAreCounted() {
        Packets router = Packets.from("52:54:00:00:00:09", "fe80::9").to("33:33:00:00:00:01", "ff02::1");
        RouterAdvertisement said = new RouterAdvertisement(64, 0, 1800, -1, 1500, List.of(), List.of(), List.of(), 0);
        assertThat(net.send(router.ndp(said))).isEqualTo(DropReason.NDP_UNSOLICITED);
        net.assertSilent();
    }

    private void assertDropped(ByteBuf frame) {
        assertThat(net.send(frame)).isNotNull().isNotEqualTo(DropReason.INTERNAL_ERROR);
    }

    @Nested
    @DisplayName("CVE-2020-10756: a payload length that is more than there is")
    class Cve202010756 {

        @ParameterizedTest
        @ValueSource(ints = {14, 100, 1500, 32_768, 65_535})
        void echoThatSaysThatItIsLongerIsDropped(int payloadLength) {
            ByteBuf echo = guest.icmpv6Echo(1, 1, Packets.bytes("x".repeat(5)));
            echo.setShort(echo.readerIndex() + 14 + 4, payloadLength);
            assertDropped(echo);
            net.assertSilent();
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 7, 100, 65_535})
        void datagramThatSaysThatItIsLongerOrShorterIsDropped(int length) {
            byte[] datagram = outside.udpDatagram(1024, 80, Packets.bytes("hello"));
            datagram[4] = (byte) (length >> 8);
            datagram[5] = (byte) length;
            assertDropped(outside.ipv6(IpProtocol.UDP, datagram));
            assertThat(net.host.udps()).isEmpty();
        }
    }

    @Nested
    @DisplayName("CVE-2021-3593: UDP in fewer than eight bytes")
    class Cve20213593 {

        @Test
        void payloadsOf0To7BytesAreDropped() {
            for (int length = 0; length < 8; length++) {
                assertDropped(outside.ipv6(IpProtocol.UDP, new byte[length]));
                assertDropped(guest.ipv6(IpProtocol.UDP, new byte[length]));
            }
            assertThat(net.host.udps()).isEmpty();
        }

        @Test
        void otherHeadersThatAreCutAreDropped() {
            for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.ICMPV6, IpProtocol.FRAGMENT, 0, 43, 60}) {
                for (int length = 0; length < 8; length++) {
                    assertDropped(outside.ipv6(protocol, new byte[length]));
                }
            }
        }
    }

    @Nested
    @DisplayName("Without a number: an unspecified address (4.5.0)")
    class Unspecified {

        @Test
        void packetsFromOrToNobodyAreDropped() {
            net.send(guest.source("::").icmpv6Echo(1, 1, new byte[8]));
            net.send(guest.source("::").udp(1024, 80, new byte[8]));
            net.send(guest.to("::").udp(1024, 80, new byte[8]));
            net.send(guest.to("::").tcp(1024, 80, 1, 0, GuestConnection.SYN, 500, new byte[0]));
            net.send(guest.source("::").to("::").icmpv6Echo(1, 1, new byte[8]));
            assertThat(net.host.streams()).isEmpty();
            assertThat(net.host.udps()).isEmpty();
            assertThat(net.drops.of(DropReason.INTERNAL_ERROR)).isZero();
        }

        @Test
        void neighbourMessagesAboutNobodyAreHarmless() {
            IpAddress nobody = IpAddress.parse("::");
            for (boolean advertisement : new boolean[] {false, true}) {
                net.send(guest.ndp(new NeighbourMessage(advertisement, 0, nobody, guest.sourceMac())));
                net.send(guest.source("::").ndp(new NeighbourMessage(advertisement, 0, nobody, -1)));
            }
            assertThat(net.drops.of(DropReason.INTERNAL_ERROR)).isZero();
        }
    }

    /** No spelling of loopback but the gateway's address reaches the host's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1",
                "::",
                "::ffff:127.0.0.1",
                "::ffff:0.0.0.0",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "fe80::1",
                "::ffff:10.0.2.2",
                "fec0::1"
            })
    void spellingsOfLoopbackDoNotReachTheHost(String address) {
        IpAddress destination = IpAddress.parse(address);
        if (destination.isIpv4()) {
            // Packets would make it IPv4: the mapped form is written by hand.
            ByteBuf frame = outside.udp(1024, 80, new byte[8]);
            int at = frame.readerIndex() + 14 + 24;
            frame.setLong(at, 0).setInt(at + 8, 0xffff).setInt(at + 12, destination.ipv4Bits());
            assertDropped(frame);
        } else {
            Packets loopback = guest.to(guest.destinationMac(), destination);
            net.send(loopback.udp(1024, 80, new byte[8]));
            net.send(loopback.tcp(1024, 80, 1, 0, GuestConnection.SYN, 500, new byte[0]));
        }
        // Of addresses that lead elsewhere the host is asked as it stands; it is never asked for a loopback address.
        assertThat(net.host.streams())
                .allMatch(stream -> stream.remote() instanceof InetSocketAddress remote
                        && !remote.getAddress().isLoopbackAddress()
                        && !remote.getAddress().isAnyLocalAddress());
        assertThat(net.host.udps().stream().flatMap(udp -> udp.take().stream()))
                .noneMatch(datagram -> datagram.to().getAddress().isLoopbackAddress()
                        || datagram.to().getAddress().isAnyLocalAddress());
    }
}
