package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** Leases an address: DISCOVER, OFFER, REQUEST, ACK (RFC 2131 3.1). It does not renew: a lease lasts a day. */
final class DhcpClient {

    private static final IpAddress NOWHERE = IpAddress.ipv4(0);
    private static final IpAddress BROADCAST = IpAddress.ipv4(-1);
    private static final byte[] WANTED = {
        DhcpOptions.SUBNET_MASK, DhcpOptions.ROUTER, DhcpOptions.DNS_SERVER, DhcpOptions.INTERFACE_MTU
    };

    private final Loop loop;
    private final DropCounters drops;
    private final UdpPorts udp;
    private final MacAddress mac;
    private final String hostName;
    private final RandomGenerator random;
    private final Consumer<GuestAddress> configure;
    private @Nullable Exchange exchange;

    /** {@code configure} is given the address before the lease's future completes. */
    DhcpClient(
            Loop loop,
            DropCounters drops,
            UdpPorts udp,
            MacAddress mac,
            String hostName,
            RandomGenerator random,
            Consumer<GuestAddress> configure) {
        this.loop = loop;
        this.drops = drops;
        this.udp = udp;
        this.mac = mac;
        this.hostName = hostName;
        this.random = random;
        this.configure = configure;
    }

    /** Asks for an address, or joins the asking that goes on. */
    CompletableFuture<GuestAddress> lease() {
        Exchange current = exchange;
        if (current == null) {
            current = new Exchange(random.nextInt());
            exchange = current;
            udp.bind(DhcpMessage.CLIENT_PORT, current);
            current.retransmission.start();
        }
        return current.result;
    }

    void close() {
        Exchange current = exchange;
        if (current != null) {
            current.fail(Guest.UNPLUGGED);
        }
    }

    /** From DISCOVER to ACK. */
    private final class Exchange implements GuestUdpListener {

        final CompletableFuture<GuestAddress> result = new CompletableFuture<>();
        private final int transactionId;
        private final long startedAtNanos = loop.nanoTime();
        private @Nullable DhcpMessage offer;
        Retransmission retransmission = newRetransmission();

        Exchange(int transactionId) {
            this.transactionId = transactionId;
        }

        private Retransmission newRetransmission() {
            return new Retransmission(loop, tries -> send(), () -> fail("no DHCP server answers"));
        }

        private void send() {
            DhcpMessage chosen = offer;
            DhcpOptions.Builder options = new DhcpOptions.Builder();
            DhcpMessage.Type type = chosen == null ? DhcpMessage.Type.DISCOVER : DhcpMessage.Type.REQUEST;
            options.putByte(DhcpOptions.MESSAGE_TYPE, type.code());
            if (chosen != null) {
                options.putAddress(DhcpOptions.REQUESTED_ADDRESS, chosen.yourAddress());
                options.putInt(DhcpOptions.SERVER_IDENTIFIER, server(chosen));
            }
            options.putText(DhcpOptions.HOST_NAME, hostName);
            options.put(DhcpOptions.PARAMETER_REQUEST_LIST, WANTED);
            // The guest has no address, so what is sent to one would not reach it: the answers are to be broadcast.
            DhcpMessage message = new DhcpMessage(
                    DhcpMessage.REQUEST,
                    0,
                    transactionId,
                    (int) Math.min(0xffff, (loop.nanoTime() - startedAtNanos) / 1_000_000_000L),
                    true,
                    NOWHERE,
                    NOWHERE,
                    NOWHERE,
                    NOWHERE,
                    mac.value(),
                    "",
                    "",
                    options.build());
            ByteBuf buf = Unpooled.buffer(message.emittedLength());
            message.emit(buf);
            udp.send(NOWHERE, DhcpMessage.CLIENT_PORT, BROADCAST, DhcpMessage.SERVER_PORT, buf);
        }

        @Override
        public void received(IpAddress source, int sourcePort, IpAddress destination, ByteBuf payload) {
            DhcpMessage message = DhcpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
            if (message == null) {
                drops.count(DropReason.DHCP_MALFORMED);
            } else if (message.op() == DhcpMessage.REPLY
                    && message.transactionId() == transactionId
                    && message.clientMac() == mac.value()) {
                received(message);
            }
        }

        private void received(DhcpMessage message) {
            DhcpMessage chosen = offer;
            if (chosen == null) {
                if (message.type() == DhcpMessage.Type.OFFER && isUsable(message)) {
                    offer = message;
                    retransmission.stop();
                    retransmission = newRetransmission();
                    retransmission.start();
                }
            } else if (server(message) == server(chosen)) {
                if (message.type() == DhcpMessage.Type.ACK && isUsable(message)) {
                    end();
                    GuestAddress leased = address(message);
                    configure.accept(leased);
                    result.complete(leased);
                } else if (message.type() == DhcpMessage.Type.NAK) {
                    fail("the DHCP server refuses: " + message.options().text(DhcpOptions.MESSAGE));
                }
            }
        }

        void fail(String why) {
            end();
            result.completeExceptionally(new GuestException("lease: " + why));
        }

        private void end() {
            exchange = null;
            retransmission.stop();
            udp.unbind(DhcpMessage.CLIENT_PORT);
        }
    }

    private static int server(DhcpMessage message) {
        return (int) message.options().number(DhcpOptions.SERVER_IDENTIFIER, 0);
    }

    private static boolean isUsable(DhcpMessage message) {
        IpAddress address = message.yourAddress();
        return server(message) != 0
                && !address.isUnspecified()
                && !address.isMulticast()
                && !address.isLoopback()
                && !address.equals(BROADCAST);
    }

    private static GuestAddress address(DhcpMessage ack) {
        DhcpOptions options = ack.options();
        List<IpAddress> routers = addresses(options.bytes(DhcpOptions.ROUTER));
        // Who is told nothing about the network is alone in it.
        int prefixLength = Integer.bitCount((int) options.number(DhcpOptions.SUBNET_MASK, -1));
        long mtu = options.number(DhcpOptions.INTERFACE_MTU, GuestAddress.DEFAULT_MTU);
        return new GuestAddress(
                ack.yourAddress(),
                IpPrefix.of(ack.yourAddress(), prefixLength),
                routers.isEmpty() ? null : routers.get(0),
                addresses(options.bytes(DhcpOptions.DNS_SERVER)),
                (int) Math.max(GuestAddress.MIN_MTU, Math.min(mtu, GuestAddress.MAX_MTU)));
    }

    private static List<IpAddress> addresses(byte @Nullable [] value) {
        List<IpAddress> addresses = new ArrayList<>();
        ByteBuf bytes = value == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(value);
        while (bytes.readableBytes() >= Integer.BYTES) {
            addresses.add(IpAddress.ipv4(bytes.readInt()));
        }
        return addresses;
    }
}
