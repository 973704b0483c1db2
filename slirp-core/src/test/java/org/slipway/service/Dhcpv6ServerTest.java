package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.Dhcpv6Address;
import org.slipway.wire.Dhcpv6Association;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Message.Type;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.Dhcpv6Status;
import org.slipway.wire.DropReason;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

class Dhcpv6ServerTest {

    private static final long A = 0x525400000001L;
    private static final long B = 0x525400000002L;
    private static final IpAddress LINK_LOCAL = IpAddress.parse("fe80::5054:ff:fe00:1");
    private static final IpAddress SERVER = IpAddress.parse("fe80::2");
    private static final IpAddress HOST = IpAddress.parse("fd00::2");
    private static final IpAddress DNS = IpAddress.parse("fd00::3");
    private static final IpAddress FIRST = IpAddress.parse("fd00::1000");
    private static final IpAddress SECOND = IpAddress.parse("fd00::1001");
    private static final IpAddress ELSEWHERE = IpAddress.parse("2001:db8::7");
    private static final IpPrefix PREFIX = IpPrefix.of(HOST, 64);
    private static final MacAddress MAC = MacAddress.parse("52:55:0a:00:02:02");
    private static final Dhcpv6Config CONFIG = config(List.of("lan"), "tftp://[fd00::2]/boot.efi");

    private static Dhcpv6Config config(List<String> domains, String url) {
        return Dhcpv6Config.of(PREFIX, SERVER, MAC, List.of(DNS), domains, url, List.of(HOST, DNS));
    }

    private static Dhcpv6Config pool(IpAddress... addresses) {
        return new Dhcpv6Config(
                PREFIX, SERVER, MAC, List.of(), List.of(), "", List.of(addresses), List.of(), 3600, Dhcpv6Options.NONE);
    }

    /** What the server said. */
    private record Said(Dhcpv6Message message, IpAddress from, IpAddress to, long mac) {

        Dhcpv6Association association() {
            assertThat(message.associations()).hasSize(1);
            return message.associations().get(0);
        }

        IpAddress address() {
            assertThat(association().addresses()).hasSize(1);
            return association().addresses().get(0).address();
        }

        @Nullable
        Dhcpv6Status status() {
            return Dhcpv6Status.of(message.options());
        }

        @Nullable
        Dhcpv6Status associationStatus() {
            return Dhcpv6Status.of(association().options());
        }
    }

    /** A message in the making. */
    private static final class Client {
        private final Type type;
        private final Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();
        private long mac = A;
        private IpAddress source = LINK_LOCAL;
        private IpAddress destination = Dhcpv6Message.ALL_SERVERS;

        Client(Type type) {
            this.type = type;
        }

        Client mac(long mac) {
            this.mac = mac;
            return this;
        }

        Client from(IpAddress source) {
            this.source = source;
            return this;
        }

        Client to(IpAddress destination) {
            this.destination = destination;
            return this;
        }

        Client id(long id) {
            options.add(Dhcpv6Options.CLIENT_ID, duid(id));
            return this;
        }

        Client server() {
            return server(Duid.ofEthernet(MAC));
        }

        Client server(Duid duid) {
            options.add(Dhcpv6Options.SERVER_ID, duid);
            return this;
        }

        Client rapid() {
            options.add(Dhcpv6Options.RAPID_COMMIT, new byte[0]);
            return this;
        }

        Client wants(int... codes) {
            options.addCodes(Dhcpv6Options.OPTION_REQUEST, codes);
            return this;
        }

        Client association(int id, IpAddress... addresses) {
            return association(Dhcpv6Options.IA_NA, id, addresses);
        }

        Client association(int code, int id, IpAddress... addresses) {
            Dhcpv6Options.Builder holder = new Dhcpv6Options.Builder();
            for (IpAddress address : addresses) {
                new Dhcpv6Address(address, 0, 0, Dhcpv6Options.NONE).addTo(holder);
            }
            new Dhcpv6Association(code, id, 0, 0, holder.build()).addTo(options);
            return this;
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final List<Said> said = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private Dhcpv6Server server = server(CONFIG);

    private Dhcpv6Server server(Dhcpv6Config config) {
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
        return new Dhcpv6Server(config, loop, this::hear, listener);
    }

    private void hear(
            IpAddress source, int sourcePort, IpAddress destination, int destinationPort, long mac, ByteBuf payload) {
        assertThat(sourcePort).isEqualTo(547);
        assertThat(destinationPort).isEqualTo(546);
        Dhcpv6Message message =
                Objects.requireNonNull(Dhcpv6Message.parse(payload, payload.readerIndex(), payload.readableBytes()));
        payload.release();
        assertThat(message.transactionId()).isEqualTo(0x123456);
        assertThat(message.options().duid(Dhcpv6Options.SERVER_ID)).isEqualTo(Duid.ofEthernet(MAC));
        for (int i = 0; i < message.options().size(); i++) {
            boolean mayBeEmpty = message.options().code(i) == Dhcpv6Options.RAPID_COMMIT;
            assertThat(message.options().value(i).length == 0).isEqualTo(mayBeEmpty);
        }
        said.add(new Said(message, source, destination, mac));
    }

    private static Duid duid(long id) {
        return Duid.ofEthernet(new MacAddress(id));
    }

    private @Nullable DropReason receive(Client client) {
        ByteBuf buf = Unpooled.buffer();
        new Dhcpv6Message(client.type, 0x123456, client.options.build()).emit(buf);
        return server.receive(new Datagram(client.source, 546, client.destination, 547, client.mac, buf));
    }

    private Said answerTo(Client client) {
        return answerTo(client, null);
    }

    private Said answerTo(Client client, @Nullable DropReason reason) {
        said.clear();
        assertThat(receive(client)).isEqualTo(reason);
        assertThat(said).hasSize(1);
        return said.get(0);
    }

    private void silenceFor(Client client, DropReason reason) {
        said.clear();
        assertThat(receive(client)).isEqualTo(reason);
        assertThat(said).isEmpty();
    }

    private static Client solicit(long mac) {
        return new Client(Type.SOLICIT).mac(mac).id(mac);
    }

    private static Client request(long mac) {
        return new Client(Type.REQUEST).mac(mac).id(mac).server();
    }

    private static Client renew(long mac) {
        return new Client(Type.RENEW).mac(mac).id(mac).server();
    }

    private static Client release(long mac) {
        return new Client(Type.RELEASE).mac(mac).id(mac).server();
    }

    private IpAddress lease(long mac) {
        IpAddress offered = answerTo(solicit(mac).association(1)).address();
        assertThat(answerTo(request(mac).association(1, offered)).address()).isEqualTo(offered);
        return offered;
    }

    @Test
    void solicitIsAdvertisedTheFirstAddressInUnicast() {
        Said advertise = answerTo(solicit(A).association(7).wants(23, 24));

        assertThat(advertise.message().type()).isEqualTo(Type.ADVERTISE);
        assertThat(advertise.from()).isEqualTo(SERVER);
        assertThat(advertise.to()).isEqualTo(LINK_LOCAL);
        assertThat(advertise.mac()).isEqualTo(A);
        assertThat(advertise.message().options())
                .hasToString("1=00030001525400000001 2=0003000152550a000202 7=ff"
                        + " 3=00000007" + "00006978" + "0000a8c0"
                        + "00050018" + "fd000000000000000000000000001000" + "0000d2f0" + "00015180"
                        + " 23=fd000000000000000000000000000003 24=036c616e00");
        assertThat(events).isEmpty();
        assertThat(server.leases()).isEmpty();
    }

    @Test
    void requestBindsAndTellsTheListener() {
        answerTo(solicit(A).association(7));
        Client client = request(A).association(7, FIRST);
        client.options.add(
                Dhcpv6Options.CLIENT_FQDN, ByteBufUtil.decodeHexDump("01" + "03776562" + "076578616d706c65" + "00"));
        Said reply = answerTo(client);

        assertThat(reply.message().type()).isEqualTo(Type.REPLY);
        assertThat(reply.address()).isEqualTo(FIRST);
        assertThat(reply.message().options().contains(Dhcpv6Options.PREFERENCE)).isFalse();
        assertThat(events).containsExactly("bound fd00::1000 52:54:00:00:00:01 web");
        assertThat(server.leases()).hasSize(1);
    }

    @Test
    void rapidCommitBindsAtOnce() {
        Said reply = answerTo(solicit(A).rapid().association(7));
        assertThat(reply.message().type()).isEqualTo(Type.REPLY);
        assertThat(reply.message().options().contains(Dhcpv6Options.RAPID_COMMIT))
                .isTrue();
        assertThat(reply.address()).isEqualTo(FIRST);
        assertThat(events).hasSize(1);
    }

    @Test
    void twoGuestsGetTwoAddresses() {
        assertThat(lease(A)).isEqualTo(FIRST);
        assertThat(lease(B)).isEqualTo(SECOND);
    }

    @Test
    void associationsOfAGuestGetAnAddressEach() {
        Said reply = answerTo(solicit(A).rapid().association(1).association(2));
        assertThat(reply.message().associations())
                .extracting(Dhcpv6Association::id)
                .containsExactly(1, 2);
        assertThat(server.leases()).extracting(Lease::address).containsExactly(FIRST, SECOND);
    }

    @Test
    void associationThatIsThereTwiceIsAnsweredOnce() {
        Said reply = answerTo(solicit(A).rapid().association(1).association(1).association(1));
        assertThat(reply.address()).isEqualTo(FIRST);
        assertThat(server.leases()).hasSize(1);
    }

    @Test
    void guestIsKnownByItsMacWhateverItsIdentifier() {
        // Firmware, then a system: another DUID and IAID each.
        assertThat(lease(A)).isEqualTo(FIRST);
        Said reply = answerTo(new Client(Type.SOLICIT).id(0xabcdL).rapid().association(99));
        assertThat(reply.address()).isEqualTo(FIRST);
        assertThat(answerTo(renew(A).association(1, FIRST)).associationStatus()).isEqualTo(Dhcpv6Status.NO_BINDING);
    }

    @Test
    void clonesWithOneIdentifierDoNotShareAnAddress() {
        answerTo(solicit(A).rapid().association(1));
        Said reply = answerTo(new Client(Type.SOLICIT).mac(B).id(A).rapid().association(1));
        assertThat(reply.address()).isEqualTo(SECOND);
    }

    @Test
    void identifierGivesAnAddressBackAfterAChangeOfTheMac() {
        lease(B);
        assertThat(lease(A)).isEqualTo(SECOND);
        answerTo(release(A).association(1, SECOND));
        Said reply =
                answerTo(new Client(Type.SOLICIT).mac(0x525400000099L).id(A).association(1));
        assertThat(reply.address()).isEqualTo(SECOND);
    }

    @Test
    void freeAddressThatIsAskedForIsGiven() {
        IpAddress wanted = IpAddress.parse("fd00::1010");
        assertThat(answerTo(solicit(A).association(1, wanted)).address()).isEqualTo(wanted);
        assertThat(answerTo(solicit(B).association(1, ELSEWHERE)).address()).isEqualTo(FIRST);
    }

    @Test
    void requestForAnAddressOfAnotherLinkIsNotOnLink() {
        Said reply = answerTo(request(A).association(1, ELSEWHERE));
        assertThat(reply.associationStatus()).isEqualTo(Dhcpv6Status.NOT_ON_LINK);
        assertThat(reply.association().addresses()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void requestAfterARestartOfTheServerGetsItsAddressBack() {
        assertThat(answerTo(request(A).association(1, SECOND)).address()).isEqualTo(SECOND);
    }

    @Test
    void exhaustedPoolIsSaidInTheAssociation() {
        server = server(pool(FIRST));
        lease(A);
        Said advertise = answerTo(solicit(B).association(1), DropReason.DHCP_POOL_EXHAUSTED);
        assertThat(advertise.message().type()).isEqualTo(Type.ADVERTISE);
        assertThat(advertise.associationStatus()).isEqualTo(Dhcpv6Status.NO_ADDRESSES_AVAILABLE);
        Said reply = answerTo(request(B).association(1), DropReason.DHCP_POOL_EXHAUSTED);
        assertThat(reply.associationStatus()).isEqualTo(Dhcpv6Status.NO_ADDRESSES_AVAILABLE);
    }

    @Test
    void offersAreReservedBriefly() {
        server = server(pool(FIRST));
        answerTo(solicit(A).association(1));
        answerTo(solicit(B).association(1), DropReason.DHCP_POOL_EXHAUSTED);
        loop.advance(Duration.ofSeconds(31));
        assertThat(answerTo(solicit(B).association(1)).address()).isEqualTo(FIRST);
    }

    @ParameterizedTest
    @EnumSource(names = {"SOLICIT", "REQUEST"})
    void temporaryAddressesAndPrefixesThereAreNone(Type type) {
        Client client = type == Type.SOLICIT ? solicit(A) : request(A);
        Said reply = answerTo(client.association(Dhcpv6Options.IA_TA, 1)
                .association(Dhcpv6Options.IA_PD, 1)
                .association(1));
        assertThat(reply.message().associations())
                .extracting(Dhcpv6Association::code, association -> Dhcpv6Status.of(association.options()))
                .containsExactly(
                        tuple(Dhcpv6Options.IA_TA, Dhcpv6Status.NO_ADDRESSES_AVAILABLE),
                        tuple(Dhcpv6Options.IA_PD, Dhcpv6Status.NO_PREFIX_AVAILABLE),
                        tuple(Dhcpv6Options.IA_NA, Dhcpv6Status.SUCCESS));
    }

    @Test
    void renewingProlongsTheLeaseWithoutNews() {
        lease(A);
        events.clear();
        loop.advance(Duration.ofHours(12));
        Said reply = answerTo(renew(A).association(1, FIRST).wants(23));
        assertThat(reply.address()).isEqualTo(FIRST);
        assertThat(reply.message().options().addresses(Dhcpv6Options.DNS_SERVERS))
                .containsExactly(DNS);
        loop.advance(Duration.ofHours(23));
        assertThat(server.leases()).hasSize(1);
        assertThat(events).isEmpty();
    }

    @Test
    void rebindingProlongsAsWell() {
        lease(A);
        loop.advance(Duration.ofHours(12));
        Client rebind = new Client(Type.REBIND).id(A).association(1, FIRST);
        assertThat(answerTo(rebind).address()).isEqualTo(FIRST);
        loop.advance(Duration.ofHours(23));
        assertThat(server.leases()).hasSize(1);
    }

    @Test
    void renewingWithdrawsAddressesThatTheAssociationDoesNotHave() {
        lease(A);
        IpAddress[] many = new IpAddress[200];
        Arrays.fill(many, ELSEWHERE);
        Said reply = answerTo(renew(A).association(1, many));
        List<Dhcpv6Address> addresses = reply.association().addresses();
        assertThat(addresses).hasSize(5);
        assertThat(addresses.get(0).address()).isEqualTo(FIRST);
        assertThat(addresses.subList(1, 5)).allMatch(address -> address.validSeconds() == 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"RENEW", "REBIND"})
    void prolongingWhatIsNotKnownHasNoBinding(Type type) {
        Client client = new Client(type).id(A).association(1, FIRST).association(Dhcpv6Options.IA_PD, 1);
        if (type == Type.RENEW) {
            client.server();
        }
        assertThat(answerTo(client).message().associations())
                .extracting(association -> Dhcpv6Status.of(association.options()))
                .containsExactly(Dhcpv6Status.NO_BINDING, Dhcpv6Status.NO_BINDING);
        assertThat(events).isEmpty();
    }

    @Test
    void prolongingAnAddressOfAnotherLinkTakesItAway() {
        Client client = new Client(Type.REBIND).id(A).association(1, ELSEWHERE);
        assertThat(answerTo(client).association().addresses())
                .containsExactly(new Dhcpv6Address(ELSEWHERE, 0, 0, Dhcpv6Options.NONE));
    }

    @Test
    void prolongingAnAddressOfAnotherGuestHasNoBinding() {
        lease(A);
        assertThat(answerTo(renew(B).association(1, FIRST)).associationStatus()).isEqualTo(Dhcpv6Status.NO_BINDING);
        assertThat(server.leases()).extracting(Lease::mac).containsExactly(new MacAddress(A));
    }

    @Test
    void confirmSaysWhetherTheAddressesAreOfThisLink() {
        assertThat(answerTo(new Client(Type.CONFIRM).id(A).association(1, FIRST))
                        .status())
                .isEqualTo(Dhcpv6Status.SUCCESS);
        assertThat(answerTo(new Client(Type.CONFIRM).id(A).association(1, FIRST).association(2, ELSEWHERE))
                        .status())
                .isEqualTo(Dhcpv6Status.NOT_ON_LINK);
        silenceFor(new Client(Type.CONFIRM).id(A).association(1), DropReason.DHCPV6_MALFORMED);
    }

    @Test
    void releaseEndsTheLease() {
        lease(A);
        events.clear();
        assertThat(answerTo(release(A).association(1, FIRST)).status()).isEqualTo(Dhcpv6Status.SUCCESS);
        assertThat(events).containsExactly("released fd00::1000 52:54:00:00:00:01");
        assertThat(server.leases()).isEmpty();
    }

    @Test
    void releaseOfWhatIsNotBoundIsSuccessAndNoBinding() {
        lease(A);
        Said reply = answerTo(release(B).association(1, FIRST));
        assertThat(reply.status()).isEqualTo(Dhcpv6Status.SUCCESS);
        assertThat(reply.associationStatus()).isEqualTo(Dhcpv6Status.NO_BINDING);
        assertThat(answerTo(release(A).association(1, SECOND)).message().associations())
                .isEmpty();
        assertThat(server.leases()).hasSize(1);
    }

    @Test
    void declinedAddressIsLeftAloneForAWhile() {
        server = server(pool(FIRST, SECOND));
        lease(A);
        Client decline = new Client(Type.DECLINE).id(A).server().association(1, FIRST);
        assertThat(answerTo(decline).status()).isEqualTo(Dhcpv6Status.SUCCESS);
        assertThat(answerTo(solicit(A).association(1, FIRST)).address()).isEqualTo(SECOND);
        answerTo(solicit(B).association(1, FIRST), DropReason.DHCP_POOL_EXHAUSTED);
        loop.advance(Duration.ofMinutes(10));
        assertThat(answerTo(solicit(B).association(1, FIRST)).address()).isEqualTo(FIRST);
    }

    @Test
    void leaseExpiresAtItsTimeAndTheListenerHears() {
        lease(A);
        events.clear();
        loop.advance(Duration.ofSeconds(86_399));
        assertThat(events).isEmpty();
        loop.advance(Duration.ofSeconds(1));
        assertThat(events).containsExactly("released fd00::1000 52:54:00:00:00:01");
    }

    @Test
    void closedServerLeavesNoTimerBehind() {
        lease(A);
        server.close();
        assertThat(loop.untilNextTimer()).isEqualTo(-1);
    }

    @Test
    void informationRequestIsAnsweredWithoutAnIdentifierOfTheClient() {
        Said reply = answerTo(new Client(Type.INFORMATION_REQUEST).wants(23, 24, 59, 32));
        assertThat(reply.message().type()).isEqualTo(Type.REPLY);
        assertThat(reply.message().options())
                .hasToString("2=0003000152550a000202 23=fd000000000000000000000000000003 24=036c616e00"
                        + " 59=" + ByteBufUtil.hexDump("tftp://[fd00::2]/boot.efi".getBytes(StandardCharsets.US_ASCII))
                        + " 32=00015180");
        assertThat(answerTo(new Client(Type.INFORMATION_REQUEST).id(A).wants(23))
                        .message()
                        .options())
                .hasToString("1=00030001525400000001 2=0003000152550a000202 23=fd000000000000000000000000000003");
    }

    @Test
    void onlyWhatIsAskedForAndThereIsIsSaid() {
        assertThat(answerTo(new Client(Type.INFORMATION_REQUEST).wants(59))
                        .message()
                        .options()
                        .size())
                .isEqualTo(2);
        server = server(config(List.of(), ""));
        assertThat(answerTo(new Client(Type.INFORMATION_REQUEST).wants(24, 59))
                        .message()
                        .options())
                .hasToString("2=0003000152550a000202");
    }

    @ParameterizedTest
    @CsvSource({
        "SOLICIT, false, false", "SOLICIT, true, true", "REQUEST, true, false", "REQUEST, false, true",
        "CONFIRM, false, false", "CONFIRM, true, true", "RENEW, true, false", "RENEW, false, true",
        "REBIND, false, false", "REBIND, true, true", "RELEASE, true, false", "RELEASE, false, true",
        "DECLINE, true, false", "DECLINE, false, true", "ADVERTISE, true, true", "REPLY, true, true",
        "RECONFIGURE, true, true",
    })
    void messagesWithTheWrongIdentifiersAreMalformed(Type type, boolean hasClient, boolean hasServer) {
        Client client = new Client(type).association(1, FIRST);
        if (hasClient) {
            client.id(A);
        }
        if (hasServer) {
            client.server();
        }
        silenceFor(client, DropReason.DHCPV6_MALFORMED);
    }

    @Test
    void informationRequestWithAnAssociationIsMalformed() {
        silenceFor(new Client(Type.INFORMATION_REQUEST).id(A).association(1), DropReason.DHCPV6_MALFORMED);
    }

    @ParameterizedTest
    @EnumSource(names = {"REQUEST", "RENEW", "RELEASE", "DECLINE", "INFORMATION_REQUEST"})
    void messagesForAnotherServerAreLeftToIt(Type type) {
        Client client = new Client(type).id(A).server(duid(0x020000000009L));
        silenceFor(
                type == Type.INFORMATION_REQUEST ? client : client.association(1, FIRST), DropReason.DHCPV6_NOT_FOR_US);
    }

    @Test
    void unicastIsRefusedAsTheTypeWantsIt() {
        Said reply = answerTo(renew(A).association(1, FIRST).to(HOST), DropReason.DHCPV6_NOT_FOR_US);
        assertThat(reply.status()).isEqualTo(Dhcpv6Status.USE_MULTICAST);
        assertThat(reply.from()).isEqualTo(HOST);
        assertThat(reply.message().associations()).isEmpty();
        silenceFor(solicit(A).association(1).to(HOST), DropReason.DHCPV6_NOT_FOR_US);
        silenceFor(new Client(Type.INFORMATION_REQUEST).to(HOST), DropReason.DHCPV6_NOT_FOR_US);
        silenceFor(new Client(Type.INFORMATION_REQUEST).id(A).to(HOST), DropReason.DHCPV6_NOT_FOR_US);
    }

    @Test
    void messagesFromElsewhereAreNotAnswered() {
        for (String source : new String[] {"::", "2001:db8::1", "ff02::1", "::1", "febf:ffff::1", "fec0::1"}) {
            Client client = solicit(A).association(1).from(IpAddress.parse(source));
            said.clear();
            DropReason expected = source.startsWith("febf") ? null : DropReason.DHCPV6_NOT_FOR_US;
            assertThat(receive(client)).as(source).isEqualTo(expected);
        }
        assertThat(answerTo(solicit(A).association(1).from(FIRST)).to()).isEqualTo(FIRST);
    }

    @Test
    void relayedMessagesAreNotForUs() {
        ByteBuf relayed = Unpooled.buffer().writeByte(12).writeByte(0).writeZero(32);
        assertThat(server.receive(new Datagram(LINK_LOCAL, 547, Dhcpv6Message.ALL_SERVERS, 547, A, relayed)))
                .isEqualTo(DropReason.DHCPV6_NOT_FOR_US);
    }

    @Test
    void aHundredAssociationsGetNoMoreThanAGuestMayHave() {
        Client client = solicit(A).rapid();
        for (int i = 0; i < 100; i++) {
            client.association(i);
        }
        Said reply = answerTo(client, DropReason.DHCP_POOL_EXHAUSTED);
        assertThat(reply.message().associations()).hasSize(100);
        assertThat(reply.message().associations())
                .filteredOn(
                        association -> Dhcpv6Status.of(association.options()) == Dhcpv6Status.NO_ADDRESSES_AVAILABLE)
                .hasSize(100 - Dhcpv6Leases.MAX_OF_A_GUEST);
        assertThat(server.leases()).hasSize(Dhcpv6Leases.MAX_OF_A_GUEST);
        assertThat(lease(B)).isNotNull();
    }

    @Test
    void moreAssociationsThanAnyClientHasAreMalformed() {
        Client client = solicit(A);
        for (int i = 0; i <= Dhcpv6Server.MAX_ASSOCIATIONS; i++) {
            client.association(i);
        }
        silenceFor(client, DropReason.DHCPV6_MALFORMED);
    }

    @Test
    void newAssociationTakesThePlaceOfTheOneNotNamedForLongest() {
        for (int i = 0; i < 1000; i++) {
            answerTo(solicit(A).rapid().association(i));
        }
        assertThat(server.leases()).hasSize(Dhcpv6Leases.MAX_OF_A_GUEST);
        assertThat(answerTo(renew(A).association(999)).associationStatus()).isEqualTo(Dhcpv6Status.SUCCESS);
        assertThat(answerTo(renew(A).association(0)).associationStatus()).isEqualTo(Dhcpv6Status.NO_BINDING);
    }

    @Test
    void inventedGuestsTakeThePoolAndNotMore() {
        for (int i = 0; i < 5000; i++) {
            receive(solicit(A + i).association(1));
        }
        loop.advance(Duration.ofSeconds(31));
        assertThat(lease(B + 10_000)).isNotNull();
    }

    @Test
    void withoutAPoolTheRestIsSaidAllTheSame() {
        server = server(pool());
        assertThat(answerTo(solicit(A).association(1), DropReason.DHCP_POOL_EXHAUSTED)
                        .associationStatus())
                .isEqualTo(Dhcpv6Status.NO_ADDRESSES_AVAILABLE);
        answerTo(new Client(Type.INFORMATION_REQUEST));
    }

    @ParameterizedTest
    @CsvSource({
        "64, fd00::1000, fd00::10ff, 256", "112, fd00::1000, fd00::10ff, 256", "116, fd00::10, fd00::10f, 256",
        "120, fd00::10, fd00::ff, 240", "124, fd00::4, fd00::f, 12", "125, fd00::4, fd00::7, 4",
    })
    void poolFitsIntoThePrefix(int length, String first, String last, int size) {
        List<IpAddress> pool = Dhcpv6Config.of(
                        IpPrefix.of(HOST, length), SERVER, MAC, List.of(), List.of(), "", List.of(HOST, DNS))
                .pool();
        assertThat(pool).hasSize(size).startsWith(IpAddress.parse(first)).endsWith(IpAddress.parse(last));
    }

    @Test
    void smallestPrefixHasNoPoolAndReservedAddressesAreNotInIt() {
        assertThat(Dhcpv6Config.of(IpPrefix.of(HOST, 126), SERVER, MAC, List.of(), List.of(), "", List.of())
                        .pool())
                .isEmpty();
        assertThat(Dhcpv6Config.of(PREFIX, SERVER, MAC, List.of(), List.of(), "", List.of(FIRST))
                        .pool())
                .hasSize(255)
                .doesNotContain(FIRST);
    }

    @Test
    void configurationThatCannotBeSaidIsRefused() {
        assertThatThrownBy(() -> config(List.of("a..b"), ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a..b");
        assertThatThrownBy(() -> config(List.of(), "x".repeat(2000))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pool(ELSEWHERE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2001:db8::7");
    }

    @Test
    void staticLeaseIsTheFirstAssociationsOfItsGuest() {
        IpAddress fixed = IpAddress.parse("fd00::a:1");
        server = server(
                CONFIG.leasing(3600, List.of(new StaticLease(new MacAddress(A), fixed, "web")), Dhcpv6Options.NONE));
        assertThat(answerTo(solicit(B).association(1, fixed)).address()).isEqualTo(FIRST);
        assertThat(lease(A)).isEqualTo(fixed);
        assertThat(events).containsExactly("bound fd00::a:1 52:54:00:00:00:01 web");
        assertThat(answerTo(request(A).association(2)).address()).isEqualTo(SECOND);
    }

    @Test
    void staticLeaseOfThePoolLeavesThePool() {
        server = server(
                CONFIG.leasing(3600, List.of(new StaticLease(new MacAddress(A), FIRST, "")), Dhcpv6Options.NONE));
        assertThat(lease(B)).isEqualTo(SECOND);
        assertThat(lease(A)).isEqualTo(FIRST);
    }

    @Test
    void furtherOptionsAreSaidToThoseWhoAskForThem() {
        Dhcpv6Options extra = new Dhcpv6Options.Builder()
                .addAddresses(Dhcpv6Options.DNS_SERVERS, List.of(ELSEWHERE))
                .addText(41, "CET")
                .build();
        server = server(CONFIG.leasing(3600, List.of(), extra));
        Dhcpv6Options asked =
                answerTo(solicit(A).association(1).wants(41, 23)).message().options();
        assertThat(asked.addresses(Dhcpv6Options.DNS_SERVERS)).containsExactly(ELSEWHERE);
        assertThat(asked.text(41)).isEqualTo("CET");
        assertThat(asked.count(Dhcpv6Options.DNS_SERVERS)).isEqualTo(1);
        Dhcpv6Options other =
                answerTo(solicit(A).association(1).wants(24)).message().options();
        assertThat(other.contains(41)).isFalse();
        assertThat(other.contains(Dhcpv6Options.DNS_SERVERS)).isFalse();
    }

    @Test
    void everyTruncationAndMutationIsAnsweredOrDropped() {
        ByteBuf whole = Unpooled.buffer();
        Client client = solicit(A)
                .rapid()
                .association(1, FIRST)
                .association(Dhcpv6Options.IA_PD, 2)
                .wants(23, 59);
        new Dhcpv6Message(Type.SOLICIT, 0x123456, client.options.build()).emit(whole);
        byte[] bytes = ByteBufUtil.getBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            hostile(Arrays.copyOf(bytes, length));
        }
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] mutated = bytes.clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                int at = random.nextInt(mutated.length);
                // The transaction id is what the test knows an answer by.
                mutated[at >= 1 && at < 4 ? 0 : at] = (byte) random.nextInt(random.nextBoolean() ? 256 : 14);
            }
            hostile(mutated);
        }
        assertThat(said).isNotEmpty();
    }

    private void hostile(byte[] bytes) {
        int before = said.size();
        DropReason dropped = server.receive(
                new Datagram(LINK_LOCAL, 546, Dhcpv6Message.ALL_SERVERS, 547, A, Unpooled.wrappedBuffer(bytes)));
        assertThat(dropped != null || said.size() == before + 1)
                .as(ByteBufUtil.hexDump(bytes))
                .isTrue();
    }
}
