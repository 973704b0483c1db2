package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpMessage.Type;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

class DhcpServerTest {

    private static final long A = 0x525400000001L;
    private static final long B = 0x525400000002L;
    private static final IpAddress NOWHERE = IpAddress.ipv4(0);
    private static final IpAddress EVERYBODY = IpAddress.parse("255.255.255.255");
    private static final IpAddress SERVER = IpAddress.parse("10.0.2.2");
    private static final IpAddress FIRST = IpAddress.parse("10.0.2.15");
    private static final IpAddress SECOND = IpAddress.parse("10.0.2.16");
    private static final DhcpConfig CONFIG = DhcpConfig.of(
            IpPrefix.of(SERVER, 24), SERVER, IpAddress.parse("10.0.2.3"), FIRST, IpAddress.parse("10.0.2.30"), 1400);

    /** What the server said. */
    private record Said(DhcpMessage message, IpAddress to, long mac) {}

    /** A message in the making. */
    private static final class Client {
        long mac = A;
        long sourceMac = A;
        boolean broadcast;
        int op = DhcpMessage.REQUEST;
        IpAddress clientAddress = NOWHERE;
        IpAddress relay = NOWHERE;
        final DhcpOptions.Builder options = new DhcpOptions.Builder();

        Client type(Type type) {
            options.putByte(DhcpOptions.MESSAGE_TYPE, type.code());
            return this;
        }

        Client mac(long mac) {
            this.mac = mac;
            sourceMac = mac;
            return this;
        }

        Client requested(IpAddress address) {
            options.putAddress(DhcpOptions.REQUESTED_ADDRESS, address);
            return this;
        }

        Client server(IpAddress address) {
            options.putAddress(DhcpOptions.SERVER_IDENTIFIER, address);
            return this;
        }

        Client at(IpAddress address) {
            clientAddress = address;
            return this;
        }

        Client id(String id) {
            options.putText(DhcpOptions.CLIENT_IDENTIFIER, id);
            return this;
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final List<Said> said = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private DhcpServer server = server(CONFIG);

    private DhcpServer server(DhcpConfig config) {
        LeaseListener listener = new LeaseListener() {
            @Override
            public void bound(Lease lease) {
                events.add("bound " + lease.address() + " " + lease.mac() + " " + lease.hostname());
            }

            @Override
            public void released(Lease lease) {
                events.add("released " + lease.address() + " " + lease.mac());
            }
        };
        return new DhcpServer(config, loop, this::hear, listener);
    }

    private void hear(
            IpAddress source, int sourcePort, IpAddress destination, int destinationPort, long mac, ByteBuf payload) {
        assertThat(source).isEqualTo(SERVER);
        assertThat(sourcePort).isEqualTo(67);
        assertThat(destinationPort).isEqualTo(68);
        assertThat(payload.readableBytes()).isGreaterThanOrEqualTo(300);
        DhcpMessage message =
                Objects.requireNonNull(DhcpMessage.parse(payload, payload.readerIndex(), payload.readableBytes()));
        payload.release();
        assertThat(message.op()).isEqualTo(DhcpMessage.REPLY);
        assertThat(message.transactionId()).isEqualTo(0x1234_5678);
        said.add(new Said(message, destination, mac));
    }

    private @Nullable DropReason receive(Client client) {
        ByteBuf buf = Unpooled.buffer();
        new DhcpMessage(
                        client.op,
                        0,
                        0x1234_5678,
                        0,
                        client.broadcast,
                        client.clientAddress,
                        NOWHERE,
                        NOWHERE,
                        client.relay,
                        client.mac,
                        "",
                        "",
                        client.options.build())
                .emit(buf);
        return server.receive(new Datagram(client.clientAddress, 68, EVERYBODY, 67, client.sourceMac, buf));
    }

    private Said answerTo(Client client) {
        said.clear();
        assertThat(receive(client)).isNull();
        assertThat(said).hasSize(1);
        return said.get(0);
    }

    private void silenceFor(Client client, @Nullable DropReason reason) {
        said.clear();
        assertThat(receive(client)).isEqualTo(reason);
        assertThat(said).isEmpty();
    }

    private static Client discover(long mac) {
        return new Client().type(Type.DISCOVER).mac(mac);
    }

    private static Client select(long mac, IpAddress address) {
        return new Client().type(Type.REQUEST).mac(mac).server(SERVER).requested(address);
    }

    private static Client reboot(long mac, IpAddress address) {
        return new Client().type(Type.REQUEST).mac(mac).requested(address);
    }

    private static Client renew(long mac, IpAddress address) {
        return new Client().type(Type.REQUEST).mac(mac).at(address);
    }

    private IpAddress lease(long mac) {
        IpAddress offered = answerTo(discover(mac)).message().yourAddress();
        Said ack = answerTo(select(mac, offered));
        assertThat(ack.message().type()).isEqualTo(Type.ACK);
        assertThat(ack.message().yourAddress()).isEqualTo(offered);
        return offered;
    }

    private Lease holder(IpAddress address) {
        return Objects.requireNonNull(server.find(address));
    }

    private void assertNak(Said said) {
        DhcpMessage message = said.message();
        assertThat(message.type()).isEqualTo(Type.NAK);
        assertThat(message.yourAddress()).isEqualTo(NOWHERE);
        assertThat(message.options().address(DhcpOptions.SERVER_IDENTIFIER)).isEqualTo(SERVER);
        assertThat(message.options().contains(DhcpOptions.LEASE_TIME)).isFalse();
        assertThat(said.to()).isEqualTo(EVERYBODY);
        assertThat(said.mac()).isEqualTo(MacAddress.BROADCAST.value());
    }

    private static DhcpConfig pool(String first, String last, Set<IpAddress> reserved) {
        return new DhcpConfig(
                CONFIG.network(),
                SERVER,
                SERVER,
                CONFIG.dns(),
                IpAddress.parse(first),
                IpAddress.parse(last),
                reserved,
                1500,
                3600,
                "",
                DhcpOptions.NONE,
                List.of());
    }

    @Test
    void discoverIsOfferedTheFirstAddressInUnicast() {
        Said offer = answerTo(discover(A));

        assertThat(offer.message().type()).isEqualTo(Type.OFFER);
        assertThat(offer.message().yourAddress()).isEqualTo(FIRST);
        assertThat(offer.message().nextServer()).isEqualTo(SERVER);
        assertThat(offer.to()).isEqualTo(FIRST);
        assertThat(offer.mac()).isEqualTo(A);
        assertThat(offer.message().options())
                .hasToString("53=02 54=0a000202 51=00015180 1=ffffff00 3=0a000202 6=0a000203");
        assertThat(events).isEmpty();
        assertThat(server.leases()).isEmpty();
    }

    @Test
    void broadcastFlagIsHonoured() {
        Client client = discover(A);
        client.broadcast = true;
        Said offer = answerTo(client);
        assertThat(offer.to()).isEqualTo(EVERYBODY);
        assertThat(offer.mac()).isEqualTo(MacAddress.BROADCAST.value());
        assertThat(offer.message().broadcast()).isTrue();
    }

    @Test
    void requestListIsAnsweredInItsOrderBehindWhatComesAlways() {
        Client client = discover(A);
        client.options.put(
                DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {28, 6, 59, 1, 26, 58, 58, 42, (byte) 255, 0});
        assertThat(answerTo(client).message().options())
                .hasToString("53=02 54=0a000202 51=00015180 1=ffffff00 3=0a000202 6=0a000203"
                        + " 28=0a0002ff 59=00012750 26=0578 58=0000a8c0");
    }

    @Test
    void extraOptionsFollowUnlessAskedForEarlierOrTooLong() {
        DhcpOptions extra = new DhcpOptions.Builder()
                .putText(DhcpOptions.HOST_NAME, "vm")
                .putText(DhcpOptions.DOMAIN_NAME, "lan")
                .put(119, new byte[300])
                .build();
        server = server(new DhcpConfig(
                CONFIG.network(),
                SERVER,
                null,
                List.of(),
                FIRST,
                SECOND,
                Set.of(),
                1500,
                3600,
                "boot.efi",
                extra,
                List.of()));
        Client client = discover(A);
        client.options.put(DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {15});
        Said offer = answerTo(client);
        assertThat(offer.message().options()).hasToString("53=02 54=0a000202 51=00000e10 1=ffffff00 15=6c616e 12=766d");
        assertThat(offer.message().bootFile()).isEqualTo("boot.efi");

        client.options.putShort(DhcpOptions.MAX_MESSAGE_SIZE, 1500);
        assertThat(answerTo(client).message().options().length(119)).isEqualTo(300);
    }

    @Test
    void bootFileIsSaidInOptionsToThoseWhoAskForThem() {
        server = server(CONFIG.booting("pxelinux.0", DhcpOptions.NONE));
        Client client = discover(A);
        client.options.put(DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {67, 66});
        DhcpMessage offer = answerTo(client).message();
        assertThat(offer.bootFile()).isEqualTo("pxelinux.0");
        assertThat(offer.nextServer()).isEqualTo(SERVER);
        assertThat(offer.options().text(67)).isEqualTo("pxelinux.0");
        assertThat(offer.options().text(66)).isEqualTo("10.0.2.2");
        assertThat(answerTo(discover(A)).message().options().contains(67)).isFalse();

        server = server(CONFIG.booting("http://10.0.2.2/a", DhcpOptions.NONE));
        offer = answerTo(client).message();
        assertThat(offer.options().text(67)).isEqualTo("http://10.0.2.2/a");
        assertThat(offer.options().contains(66)).isFalse();
    }

    @Test
    void withNothingToBootNothingIsSaidOfIt() {
        Client client = discover(A);
        client.options.put(DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {67, 66});
        DhcpMessage offer = answerTo(client).message();
        assertThat(offer.options().contains(66)).isFalse();
        assertThat(offer.options().contains(67)).isFalse();
    }

    @Test
    void rebindingOnTheWrongNetworkIsRefused() {
        assertNak(answerTo(renew(A, IpAddress.parse("192.168.1.7"))));
        Client withList = renew(A, IpAddress.parse("192.168.1.7"));
        withList.options.put(DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {1, 3, 6, 51});
        Said nak = answerTo(withList);
        assertNak(nak);
        // RFC 2131 4.3.1, table 3: a NAK has no parameters.
        assertThat(nak.message().options().codes()).containsExactly(53, 54, 56);
        assertThat(nak.message().clientAddress()).isEqualTo(NOWHERE);
    }

    @Test
    void clientIdentifierComesBackUnaltered() {
        Client client = discover(A);
        client.options.put(DhcpOptions.CLIENT_IDENTIFIER, new byte[] {(byte) 0xff, 0, 7});
        assertThat(answerTo(client).message().options().bytes(DhcpOptions.CLIENT_IDENTIFIER))
                .containsExactly(0xff, 0, 7);
    }

    @Test
    void selectingBindsAndTellsTheListener() {
        assertThat(answerTo(discover(A)).message().yourAddress()).isEqualTo(FIRST);
        Client client = select(A, FIRST);
        client.options.putText(DhcpOptions.HOST_NAME, "web\u001b[2J 1");
        Said ack = answerTo(client);

        assertThat(ack.message().type()).isEqualTo(Type.ACK);
        assertThat(ack.to()).isEqualTo(FIRST);
        assertThat(ack.mac()).isEqualTo(A);
        assertThat(events).containsExactly("bound 10.0.2.15 52:54:00:00:00:01 web[2J1");
        assertThat(holder(FIRST).mac()).isEqualTo(new MacAddress(A));
        assertThat(server.find(SECOND)).isNull();
        assertThat(server.leases()).hasSize(1);
    }

    @Test
    void selectingAnotherServerIsSilentAndFreesTheOffer() {
        answerTo(discover(A));
        silenceFor(
                new Client()
                        .type(Type.REQUEST)
                        .server(IpAddress.parse("10.0.2.99"))
                        .requested(SECOND),
                null);
        assertThat(answerTo(discover(B)).message().yourAddress()).isEqualTo(SECOND);
        answerTo(discover(B).requested(FIRST));
        assertThat(answerTo(reboot(B, FIRST)).message().type()).isEqualTo(Type.ACK);
    }

    @Test
    void selectingWhatWasOfferedToAnotherIsRefused() {
        answerTo(discover(A));
        assertNak(answerTo(select(B, FIRST)));
    }

    @Test
    void offersAreReservedBriefly() {
        assertThat(answerTo(discover(A)).message().yourAddress()).isEqualTo(FIRST);
        assertNak(answerTo(reboot(B, FIRST)));
        loop.advance(Duration.ofSeconds(31));
        assertThat(answerTo(reboot(B, FIRST)).message().type()).isEqualTo(Type.ACK);
    }

    @Test
    void twoClientsGetTwoAddresses() {
        assertThat(lease(A)).isEqualTo(FIRST);
        assertThat(lease(B)).isEqualTo(SECOND);
    }

    @Test
    void initRebootOfAnUnknownClientGetsAFreeAddress() {
        Said ack = answerTo(reboot(A, SECOND));
        assertThat(ack.message().type()).isEqualTo(Type.ACK);
        assertThat(ack.message().yourAddress()).isEqualTo(SECOND);
        assertThat(ack.to()).isEqualTo(SECOND);
    }

    @Test
    void initRebootOnTheWrongNetworkIsRefused() {
        assertNak(answerTo(reboot(A, IpAddress.parse("192.168.1.7"))));
        assertNak(answerTo(reboot(A, SERVER)));
        assertNak(answerTo(reboot(A, EVERYBODY)));
    }

    @Test
    void renewingProlongsTheLeaseAndIsAnsweredInUnicast() {
        lease(A);
        events.clear();
        loop.advance(Duration.ofHours(12));
        Client client = renew(A, FIRST);
        client.broadcast = true;
        Said ack = answerTo(client);

        assertThat(ack.message().type()).isEqualTo(Type.ACK);
        assertThat(ack.message().clientAddress()).isEqualTo(FIRST);
        assertThat(ack.message().yourAddress()).isEqualTo(FIRST);
        assertThat(ack.to()).isEqualTo(FIRST);
        assertThat(ack.mac()).isEqualTo(A);
        loop.advance(Duration.ofHours(23));
        assertThat(server.find(FIRST)).isNotNull();
        assertThat(events).isEmpty();
    }

    @Test
    void neighbourCannotMoveAGuestToAnotherAddress() {
        lease(A);
        Client forged = renew(A, SECOND);
        forged.sourceMac = B;
        silenceFor(forged, DropReason.DHCP_MALFORMED);
        assertThat(holder(FIRST).mac()).isEqualTo(new MacAddress(A));
    }

    @Test
    void renewingAnAddressOfAnotherIsRefused() {
        lease(A);
        assertNak(answerTo(renew(B, FIRST)));
        assertThat(holder(FIRST).mac()).isEqualTo(new MacAddress(A));
    }

    @Test
    void rebindingAfterARestartOfTheServerIsGranted() {
        assertThat(answerTo(renew(A, SECOND)).message().type()).isEqualTo(Type.ACK);
        assertThat(events).hasSize(1);
    }

    @Test
    void requestWithoutAnyAddressIsMalformed() {
        silenceFor(new Client().type(Type.REQUEST), DropReason.DHCP_MALFORMED);
    }

    @Test
    void leaseExpiresAtItsTimeAndTheListenerHears() {
        lease(A);
        events.clear();
        loop.advance(Duration.ofSeconds(86_399));
        assertThat(events).isEmpty();
        loop.advance(Duration.ofSeconds(1));
        assertThat(events).containsExactly("released 10.0.2.15 52:54:00:00:00:01");
        assertThat(server.leases()).isEmpty();
    }

    @Test
    void closedServerLeavesNoTimerBehind() {
        lease(A);
        lease(B);
        server.close();
        assertThat(loop.untilNextTimer()).isEqualTo(-1);
    }

    @Test
    void shorterLeaseOfALaterClientEndsInTime() {
        lease(A);
        Client client = reboot(B, SECOND);
        client.options.putInt(DhcpOptions.LEASE_TIME, 60);
        answerTo(client);
        events.clear();
        loop.advance(Duration.ofSeconds(60));
        assertThat(events).containsExactly("released 10.0.2.16 52:54:00:00:00:02");
    }

    @Test
    void clientMayAskForAShorterLeaseButNotForALongerOne() {
        Client client = discover(A);
        client.options.putInt(DhcpOptions.LEASE_TIME, 600);
        assertThat(answerTo(client).message().options().number(DhcpOptions.LEASE_TIME, 0))
                .isEqualTo(600);
        client.options.putInt(DhcpOptions.LEASE_TIME, -1);
        assertThat(answerTo(client).message().options().number(DhcpOptions.LEASE_TIME, 0))
                .isEqualTo(86_400);
        client.options.putInt(DhcpOptions.LEASE_TIME, 1);
        assertThat(answerTo(client).message().options().number(DhcpOptions.LEASE_TIME, 0))
                .isEqualTo(60);
    }

    @Test
    void returningClientGetsItsAddressBackWhileNobodyNeedsIt() {
        lease(A);
        lease(B);
        loop.advance(Duration.ofDays(3));
        assertThat(lease(B)).isEqualTo(SECOND);
        assertThat(lease(0x525400000003L)).isEqualTo(IpAddress.parse("10.0.2.17"));
        assertThat(lease(A)).isEqualTo(FIRST);
    }

    @Test
    void requestedAddressIsOfferedIfFree() {
        IpAddress wish = IpAddress.parse("10.0.2.20");
        assertThat(answerTo(discover(A).requested(wish)).message().yourAddress())
                .isEqualTo(wish);
        assertThat(answerTo(discover(B).requested(wish)).message().yourAddress())
                .isEqualTo(FIRST);
        assertThat(answerTo(discover(B).requested(SERVER)).message().yourAddress())
                .isEqualTo(FIRST);
    }

    @Test
    void machineThatBootsInStagesKeepsItsAddress() {
        assertThat(answerTo(discover(A).id("firmware")).message().yourAddress()).isEqualTo(FIRST);
        answerTo(select(A, FIRST).id("firmware"));
        assertThat(answerTo(discover(A).id("system")).message().yourAddress()).isEqualTo(FIRST);
        assertThat(answerTo(select(A, FIRST).id("system")).message().type()).isEqualTo(Type.ACK);
        assertThat(server.leases()).hasSize(1);
    }

    @Test
    void clonesWithOneIdentifierGetTwoAddresses() {
        answerTo(discover(A).id("clone"));
        answerTo(select(A, FIRST).id("clone"));
        assertThat(answerTo(discover(B).id("clone")).message().yourAddress()).isEqualTo(SECOND);
    }

    @Test
    void identifierGivesTheAddressBackAfterTheEthernetAddressHasChanged() {
        lease(B);
        answerTo(discover(A).id("host"));
        answerTo(select(A, SECOND).id("host"));
        receive(new Client().type(Type.RELEASE).server(SERVER).at(SECOND));
        assertThat(answerTo(discover(0x525400000003L).id("host")).message().yourAddress())
                .isEqualTo(SECOND);
    }

    @Test
    void fullPoolIsCountedAndRecovers() {
        server = server(pool("10.0.2.15", "10.0.2.16", Set.of()));
        lease(A);
        lease(B);
        silenceFor(discover(0x525400000003L), DropReason.DHCP_POOL_EXHAUSTED);
        silenceFor(new Client().mac(0x525400000003L), DropReason.DHCP_POOL_EXHAUSTED);
        receive(new Client().type(Type.RELEASE).server(SERVER).at(FIRST));
        assertThat(lease(0x525400000003L)).isEqualTo(FIRST);
        assertThat(answerTo(discover(B)).message().yourAddress()).isEqualTo(SECOND);
    }

    @Test
    void addressesOfServicesAreNeverLeased() {
        server = server(pool("10.0.2.0", "10.0.2.6", Set.of(IpAddress.parse("10.0.2.4"))));
        List<String> leased = new ArrayList<>();
        for (long mac = A; receive(discover(mac)) == null; mac++) {
            leased.add(said.get(said.size() - 1).message().yourAddress().toString());
        }
        assertThat(leased).containsExactly("10.0.2.1", "10.0.2.5", "10.0.2.6");
        assertNak(answerTo(reboot(A, IpAddress.parse("10.0.2.3"))));
        assertNak(answerTo(reboot(A, IpAddress.parse("10.0.2.4"))));
    }

    @Test
    void releaseFreesTheAddress() {
        lease(A);
        events.clear();
        silenceFor(new Client().type(Type.RELEASE).server(SERVER).at(FIRST), null);
        assertThat(events).containsExactly("released 10.0.2.15 52:54:00:00:00:01");
        assertThat(server.find(FIRST)).isNull();
    }

    @Test
    void releaseForAnotherServerAddressOrGuestDoesNothing() {
        lease(A);
        silenceFor(
                new Client()
                        .type(Type.RELEASE)
                        .server(IpAddress.parse("10.0.2.99"))
                        .at(FIRST),
                DropReason.DHCP_MALFORMED);
        silenceFor(new Client().type(Type.RELEASE).server(SERVER).at(SECOND), null);
        Client forged = new Client().type(Type.RELEASE).server(SERVER).at(FIRST);
        forged.sourceMac = B;
        silenceFor(forged, DropReason.DHCP_MALFORMED);
        assertThat(server.find(FIRST)).isNotNull();
    }

    @Test
    void declineBarsTheAddressForAWhile() {
        server = server(pool("10.0.2.15", "10.0.2.16", Set.of()));
        lease(A);
        events.clear();
        silenceFor(new Client().type(Type.DECLINE).server(SERVER).requested(FIRST), null);
        assertThat(events).containsExactly("released 10.0.2.15 52:54:00:00:00:01");
        assertThat(lease(A)).isEqualTo(SECOND);
        assertNak(answerTo(reboot(B, FIRST)));
        silenceFor(discover(B).requested(FIRST), DropReason.DHCP_POOL_EXHAUSTED);
        loop.advance(Duration.ofMinutes(10));
        assertThat(lease(B)).isEqualTo(FIRST);
    }

    @Test
    void declineByOneWhoDoesNotHoldTheAddressDoesNothing() {
        lease(A);
        silenceFor(new Client().type(Type.DECLINE).mac(B).server(SERVER).requested(FIRST), DropReason.DHCP_MALFORMED);
        Client forged = new Client().type(Type.DECLINE).server(SERVER).requested(FIRST);
        forged.sourceMac = B;
        silenceFor(forged, DropReason.DHCP_MALFORMED);
        silenceFor(new Client().type(Type.DECLINE).server(SERVER), DropReason.DHCP_MALFORMED);
        assertThat(server.find(FIRST)).isNotNull();
    }

    @Test
    void informIsAcknowledgedWithoutALease() {
        Client client = new Client().type(Type.INFORM).at(IpAddress.parse("10.0.2.200"));
        client.options.put(DhcpOptions.PARAMETER_REQUEST_LIST, new byte[] {58, 59, 51, 6});
        Said ack = answerTo(client);
        assertThat(ack.message().type()).isEqualTo(Type.ACK);
        assertThat(ack.message().yourAddress()).isEqualTo(NOWHERE);
        assertThat(ack.message().options()).hasToString("53=05 54=0a000202 1=ffffff00 3=0a000202 6=0a000203");
        assertThat(ack.to()).isEqualTo(IpAddress.parse("10.0.2.200"));
        assertThat(server.leases()).isEmpty();
    }

    @Test
    void informFromAnAddressThatCannotBeAnsweredIsRefused() {
        for (String address : List.of("0.0.0.0", "8.8.8.8", "10.0.2.2", "10.0.2.3", "10.0.2.255", "10.0.2.0")) {
            silenceFor(new Client().type(Type.INFORM).at(IpAddress.parse(address)), DropReason.DHCP_MALFORMED);
        }
    }

    @Test
    void discoverThatClaimsAnAddressIsNotAnsweredThere() {
        assertThat(answerTo(discover(A).at(IpAddress.parse("8.8.8.8"))).to()).isEqualTo(FIRST);
    }

    @Test
    void bootpIsAnsweredForEverAndWithoutDhcpOptions() {
        Said reply = answerTo(new Client());
        assertThat(reply.message().type()).isEqualTo(Type.BOOTP);
        assertThat(reply.message().yourAddress()).isEqualTo(FIRST);
        assertThat(reply.message().options()).hasToString("1=ffffff00 3=0a000202 6=0a000203");
        loop.advance(Duration.ofDays(1000));
        assertThat(holder(FIRST).expiresAtNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(answerTo(new Client()).message().yourAddress()).isEqualTo(FIRST);
    }

    @Test
    void whatNoClientOfThisNetworkSendsIsRefused() {
        List<Consumer<Client>> oddities = List.of(
                client -> client.op = DhcpMessage.REPLY,
                client -> client.relay = IpAddress.parse("10.9.9.9"),
                client -> client.mac = 0,
                client -> client.mac = 0x01005e000001L,
                client -> client.mac = MacAddress.BROADCAST.value(),
                client -> client.type(Type.OFFER),
                client -> client.type(Type.ACK),
                client -> client.type(Type.NAK));
        for (Consumer<Client> oddity : oddities) {
            Client client = discover(A);
            oddity.accept(client);
            silenceFor(client, DropReason.DHCP_MALFORMED);
        }
    }

    @Test
    void everyTruncationIsWithoutEffect() {
        ByteBuf whole = Unpooled.buffer();
        answerTo(discover(B));
        said.clear();
        new DhcpMessage(
                        1,
                        0,
                        1,
                        0,
                        false,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        A,
                        "",
                        "",
                        discover(A).requested(SECOND).options.build())
                .emit(whole);
        for (int length = 0; length < DhcpMessage.OPTIONS + 3 + 6; length++) {
            Datagram datagram = new Datagram(NOWHERE, 68, EVERYBODY, 67, A, whole.slice(0, length));
            assertThat(server.receive(datagram)).isEqualTo(DropReason.DHCP_MALFORMED);
        }
        assertThat(said).isEmpty();
    }

    private void fix(StaticLease... leases) {
        server = server(CONFIG.leasing(3600, List.of(leases)));
    }

    @Test
    void staticLeaseIsItsGuestsAlone() {
        IpAddress beyondThePool = IpAddress.parse("10.0.2.100");
        fix(new StaticLease(new MacAddress(A), FIRST, ""), new StaticLease(new MacAddress(B), beyondThePool, "web"));

        assertThat(lease(B + 1)).isEqualTo(SECOND);
        assertNak(answerTo(select(B + 1, FIRST)));
        assertNak(answerTo(reboot(B + 2, beyondThePool)));
        assertThat(lease(A)).isEqualTo(FIRST);
        assertThat(lease(B)).isEqualTo(beyondThePool);
        assertThat(server.leases()).extracting(Lease::address).containsExactly(SECOND, FIRST, beyondThePool);
    }

    @Test
    void guestIsToldTheNameOfItsStaticLease() {
        fix(new StaticLease(new MacAddress(A), FIRST, "web"));
        Client client = discover(A);
        client.options.putText(DhcpOptions.HOST_NAME, "localhost");
        assertThat(answerTo(client).message().options().text(DhcpOptions.HOST_NAME))
                .isEqualTo("web");
        lease(A);
        assertThat(events).containsExactly("bound 10.0.2.15 52:54:00:00:00:01 web");
        assertThat(answerTo(discover(B)).message().options().contains(DhcpOptions.HOST_NAME))
                .isFalse();
    }

    @Test
    void guestWithAStaticLeaseGetsNoOther() {
        fix(new StaticLease(new MacAddress(A), SECOND, ""));
        assertNak(answerTo(reboot(A, FIRST)));
        assertThat(answerTo(discover(A).requested(FIRST)).message().yourAddress())
                .isEqualTo(SECOND);
        assertThat(answerTo(reboot(A, SECOND)).message().type()).isEqualTo(Type.ACK);
    }

    @Test
    void staticLeaseThatSomebodyElseUsesGivesWayToThePoolForAWhile() {
        fix(new StaticLease(new MacAddress(A), SECOND, ""));
        assertThat(lease(A)).isEqualTo(SECOND);
        Client decline = new Client().type(Type.DECLINE).mac(A).server(SERVER).requested(SECOND);
        silenceFor(decline, null);
        assertThat(lease(A)).isEqualTo(FIRST);
        assertThat(answerTo(renew(A, FIRST)).message().type()).isEqualTo(Type.ACK);
        silenceFor(new Client().type(Type.RELEASE).mac(A).at(FIRST).server(SERVER), null);
        loop.advance(Duration.ofMinutes(11));
        assertThat(lease(A)).isEqualTo(SECOND);
    }

    @Test
    void staticLeasesCountToNobodysShare() {
        List<StaticLease> leases = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            leases.add(new StaticLease(new MacAddress(A + i), IpAddress.ipv4(FIRST.ipv4Bits() + 100 + i), ""));
        }
        server = server(CONFIG.leasing(3600, leases));
        for (int i = 0; i < 16; i++) {
            assertThat(lease(A + i)).isEqualTo(leases.get(i).address());
        }
        assertThat(lease(A + 16)).isEqualTo(FIRST);
    }

    @Test
    void staticLeaseOfAReservedAddressOrOfElsewhereIsNone() {
        assertThatThrownBy(() -> fix(new StaticLease(new MacAddress(A), SERVER, "")))
                .hasMessageContaining("10.0.2.2");
        assertThatThrownBy(() -> fix(new StaticLease(new MacAddress(A), IpAddress.parse("10.0.3.1"), "")))
                .hasMessageContaining("10.0.3.1");
        assertThatThrownBy(() -> new StaticLease(MacAddress.BROADCAST, FIRST, ""))
                .hasMessageContaining("ff:ff:ff:ff:ff:ff");
        assertThatThrownBy(() -> new StaticLease(new MacAddress(A), FIRST, "-a"))
                .hasMessageContaining("'-a'");
    }

    @Test
    void userGoesBeforeRouterAndResolver() {
        DhcpOptions extra = new DhcpOptions.Builder()
                .putAddress(DhcpOptions.DNS_SERVER, SECOND)
                .putAddress(DhcpOptions.ROUTER, FIRST)
                .build();
        server = server(CONFIG.booting("", extra));
        assertThat(answerTo(discover(A)).message().options())
                .hasToString("53=02 54=0a000202 51=00015180 1=ffffff00 6=0a000210 3=0a00020f");
    }

    @Test
    void floodOfClientsLeavesTheTableAsLargeAsThePool() {
        for (long mac = A; mac < A + 1000; mac++) {
            receive(discover(mac));
            receive(reboot(mac, IpAddress.ipv4(FIRST.ipv4Bits() + (int) (mac % 20))));
        }
        assertThat(server.leases()).hasSizeLessThanOrEqualTo(16);
    }
}
