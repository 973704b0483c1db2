package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpMessage.Type;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** A guest leases an address from another guest, which answers as the test says. */
class GuestDhcpTest {

    private static final IpAddress NOWHERE = IpAddress.ipv4(0);
    private static final IpAddress BROADCAST = IpAddress.parse("255.255.255.255");
    private static final IpAddress LEASED = GuestLan.address(15);

    private final GuestLan net = new GuestLan();
    private final Guest server = net.addressed(1);
    private final Guest client = net.guest(2);
    private final List<DhcpMessage> requests = new ArrayList<>();
    private final List<Type> answers = new ArrayList<>();
    private int serverIdentifier = GuestLan.address(1).ipv4Bits();

    @BeforeEach
    void serve() {
        server.onUdp(DhcpMessage.SERVER_PORT, (source, port, destination, payload) -> {
            DhcpMessage request = DhcpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
            assertThat(request).isNotNull();
            requests.add(request);
            if (!answers.isEmpty()) {
                Type type = answers.remove(0);
                if (type != Type.BOOTP) {
                    answer(request, type, request.transactionId());
                }
            }
        });
    }

    @AfterEach
    void close() {
        net.close();
    }

    private void answer(DhcpMessage request, Type type, int transactionId) {
        DhcpOptions options = new DhcpOptions.Builder()
                .putByte(DhcpOptions.MESSAGE_TYPE, type.code())
                .putInt(DhcpOptions.SERVER_IDENTIFIER, serverIdentifier)
                .putInt(DhcpOptions.SUBNET_MASK, 0xffff_ff00)
                .putAddresses(DhcpOptions.ROUTER, List.of(GuestLan.address(1), GuestLan.address(9)))
                .putAddresses(DhcpOptions.DNS_SERVER, List.of(GuestLan.address(3), GuestLan.address(4)))
                .putShort(DhcpOptions.INTERFACE_MTU, 1400)
                .putText(DhcpOptions.MESSAGE, "not today")
                .build();
        DhcpMessage message = new DhcpMessage(
                DhcpMessage.REPLY,
                0,
                transactionId,
                0,
                true,
                NOWHERE,
                LEASED,
                NOWHERE,
                NOWHERE,
                request.clientMac(),
                "",
                "",
                options);
        ByteBuf buf = Unpooled.buffer();
        message.emit(buf);
        server.sendUdp(DhcpMessage.SERVER_PORT, BROADCAST, DhcpMessage.CLIENT_PORT, buf);
    }

    private List<Type> asked() {
        return requests.stream().map(DhcpMessage::type).toList();
    }

    @Test
    void leaseTakesAllThatTheServerTells() {
        answers.addAll(List.of(Type.OFFER, Type.ACK));
        GuestAddress leased = net.now(client.lease());
        assertThat(leased)
                .isEqualTo(new GuestAddress(
                        LEASED,
                        IpPrefix.of(LEASED, 24),
                        GuestLan.address(1),
                        List.of(GuestLan.address(3), GuestLan.address(4)),
                        1400));
        assertThat(client.address()).isEqualTo(leased);
        assertThat(asked()).containsExactly(Type.DISCOVER, Type.REQUEST);
        assertThat(requests.get(0).options().text(DhcpOptions.HOST_NAME)).isEqualTo("vm2");
        assertThat(requests.get(1).options().address(DhcpOptions.REQUESTED_ADDRESS))
                .isEqualTo(LEASED);
        assertThat(net.now(server.ping(LEASED))).isZero();
        assertThat(net.now(client.ping(GuestLan.address(1)))).isZero();
    }

    @Test
    void lostMessagesAreSentAgain() {
        answers.addAll(List.of(Type.BOOTP, Type.BOOTP, Type.OFFER, Type.BOOTP, Type.ACK));
        CompletableFuture<GuestAddress> lease = client.lease();
        net.loop.advance(Duration.ofMillis(3999));
        assertThat(lease).isNotDone();
        net.within(Duration.ofMillis(1), lease);
        assertThat(asked()).containsExactly(Type.DISCOVER, Type.DISCOVER, Type.DISCOVER, Type.REQUEST, Type.REQUEST);
        assertThat(requests.get(2).seconds()).isEqualTo(3);
    }

    @Test
    void leaseFailsWithoutServer() {
        net.assertFails(Duration.ofSeconds(15), client.lease(), "lease: no DHCP server answers");
        assertThat(asked()).hasSize(4);
        answers.addAll(List.of(Type.OFFER, Type.ACK));
        assertThat(net.now(client.lease()).address()).isEqualTo(LEASED);
    }

    @Test
    void leaseFailsWhenTheServerRefuses() {
        answers.addAll(List.of(Type.OFFER, Type.NAK));
        net.assertFails(Duration.ZERO, client.lease(), "lease: the DHCP server refuses: not today");
    }

    @Test
    void secondLeaseJoinsTheFirst() {
        CompletableFuture<GuestAddress> first = client.lease();
        assertThat(client.lease()).isSameAs(first);
    }

    @Test
    void answersToOthersAreIgnored() {
        CompletableFuture<GuestAddress> lease = client.lease();
        net.loop.run();
        DhcpMessage discover = requests.get(0);
        answer(discover, Type.OFFER, discover.transactionId() + 1);
        answer(discover, Type.ACK, discover.transactionId());
        server.sendUdp(67, BROADCAST, 68, Unpooled.wrappedBuffer(new byte[30]));
        net.loop.run();
        assertThat(asked()).containsExactly(Type.DISCOVER);
        answer(discover, Type.OFFER, discover.transactionId());
        net.loop.run();
        serverIdentifier++;
        answer(discover, Type.ACK, discover.transactionId());
        net.loop.run();
        assertThat(lease).isNotDone();
        assertThat(net.drops.of(DropReason.DHCP_MALFORMED)).isOne();
    }

    @Test
    void newAddressTakesThePlaceOfTheOld() {
        client.address(GuestAddress.of(GuestLan.address(2), 24));
        answers.addAll(List.of(Type.OFFER, Type.ACK));
        net.now(client.lease());
        net.assertFails(Duration.ofSeconds(5), server.ping(GuestLan.address(2)), "ping 192.168.1.2: no answer");
    }
}
