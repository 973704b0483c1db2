package org.slipway.service;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * The DHCPv4 and BOOTP server of one network (RFC 2131, RFC 1534).
 *
 * <p>It is the only one there, so it is authoritative: a client that it does not know gets the address that it asks for
 * if that is free, and a NAK at once if not, where RFC 2131 4.3.2 has a server without a record stay silent. Clients are
 * on the same Ethernet: what a relay agent sent (giaddr) is dropped.
 */
public final class DhcpServer implements DatagramService {

    private final DhcpConfig config;
    private final Loop loop;
    private final DatagramSender sender;
    private final LeaseTable leases;
    private final LeaseExpiry expiry;

    /** A server that answers through {@code sender} from the port of its own address. */
    public DhcpServer(DhcpConfig config, Loop loop, DatagramSender sender, LeaseListener listener) {
        this.config = config;
        this.loop = loop;
        this.sender = sender;
        leases = new LeaseTable(config.pool(), config.fixed(), listener);
        expiry = new LeaseExpiry(loop, leases);
    }

    /** The leases that hold now, by address. */
    public List<Lease> leases() {
        return leases.leases(loop.nanoTime());
    }

    /** The lease of {@code address}, or null. */
    public @Nullable Lease find(IpAddress address) {
        return leases.find(address, loop.nanoTime());
    }

    /** Ends the watch over leases; the listener hears no more of their end. */
    public void close() {
        expiry.close();
    }

    @Override
    public @Nullable DropReason receive(Datagram datagram) {
        DhcpMessage message = DhcpMessage.parse(
                datagram.payload(),
                datagram.payload().readerIndex(),
                datagram.payload().readableBytes());
        if (message == null
                || message.op() != DhcpMessage.REQUEST
                || !message.relay().isUnspecified()
                || message.clientMac() == MacAddress.ZERO.value()
                || MacAddress.isGroup(message.clientMac())) {
            return DropReason.DHCP_MALFORMED;
        }
        return switch (message.type()) {
            case DISCOVER -> discover(message, datagram.share());
            case REQUEST -> request(message, datagram.sourceMac(), datagram.share());
            case DECLINE -> decline(message, datagram.sourceMac());
            case RELEASE -> release(message, datagram.sourceMac());
            case INFORM -> inform(message);
            case BOOTP -> bootp(message, datagram.share());
            case OFFER, ACK, NAK -> DropReason.DHCP_MALFORMED;
        };
    }

    private @Nullable DropReason discover(DhcpMessage message, long share) {
        IpAddress requested = message.options().address(DhcpOptions.REQUESTED_ADDRESS);
        IpAddress offered = leases.offer(holder(message), share, clientId(message), requested, loop.nanoTime());
        if (offered == null) {
            return DropReason.DHCP_POOL_EXHAUSTED;
        }
        reply(DhcpReply.lease(config, message, DhcpMessage.Type.OFFER, offered, leaseSeconds(message)));
        return null;
    }

    /** RFC 2131 4.3.2: which of the four requests it is shows in server identifier, option 50 and ciaddr. */
    private @Nullable DropReason request(DhcpMessage message, long sourceMac, long share) {
        IpAddress server = message.options().address(DhcpOptions.SERVER_IDENTIFIER);
        IpAddress requested = message.options().address(DhcpOptions.REQUESTED_ADDRESS);
        if (server != null && !server.equals(config.server())) {
            // SELECTING: the client took another server's offer, which withdraws ours.
            leases.withdraw(holder(message));
            return null;
        }
        // RENEWING and REBINDING tell the address in ciaddr, SELECTING and INIT-REBOOT in option 50.
        boolean renewal = requested == null;
        IpAddress address = requested == null ? message.clientAddress() : requested;
        if (address.isUnspecified()) {
            return DropReason.DHCP_MALFORMED;
        }
        if (message.clientMac() != sourceMac && leases.holdsAnother(holder(message), address, loop.nanoTime())) {
            // A neighbour must not move a guest to another address.
            return DropReason.DHCP_MALFORMED;
        }
        int seconds = leaseSeconds(message);
        if (bind(message, share, address, TimeUnit.SECONDS.toNanos(seconds), renewal) == null) {
            reply(DhcpReply.nak(config, message, "requested address not available"));
            return null;
        }
        reply(DhcpReply.lease(config, message, DhcpMessage.Type.ACK, address, seconds));
        return null;
    }

    private @Nullable DropReason bootp(DhcpMessage message, long share) {
        IpAddress known = message.clientAddress().isUnspecified() ? null : message.clientAddress();
        IpAddress address = leases.offer(holder(message), share, clientId(message), known, loop.nanoTime());
        if (address == null || bind(message, share, address, LeaseTable.FOREVER, false) == null) {
            return DropReason.DHCP_POOL_EXHAUSTED;
        }
        reply(DhcpReply.bootp(config, message, address));
        return null;
    }

    private @Nullable DropReason inform(DhcpMessage message) {
        // A service's own address, or one from elsewhere, is none that an answer may go to.
        IpAddress client = message.clientAddress();
        if (!config.network().contains(client) || config.reserved().contains(client)) {
            return DropReason.DHCP_MALFORMED;
        }
        reply(DhcpReply.inform(config, message));
        return null;
    }

    /** Only the holder's own frames count: a neighbour must not talk a guest out of its address. */
    private @Nullable DropReason release(DhcpMessage message, long sourceMac) {
        if (message.clientMac() != sourceMac || !isForUs(message)) {
            return DropReason.DHCP_MALFORMED;
        }
        leases.release(message.clientAddress(), holder(message), loop.nanoTime());
        return null;
    }

    private @Nullable DropReason decline(DhcpMessage message, long sourceMac) {
        IpAddress declined = message.options().address(DhcpOptions.REQUESTED_ADDRESS);
        if (declined == null || message.clientMac() != sourceMac || !isForUs(message)) {
            return DropReason.DHCP_MALFORMED;
        }
        boolean held = leases.decline(declined, holder(message), loop.nanoTime());
        return held ? null : DropReason.DHCP_MALFORMED;
    }

    private boolean isForUs(DhcpMessage message) {
        IpAddress server = message.options().address(DhcpOptions.SERVER_IDENTIFIER);
        return server == null || server.equals(config.server());
    }

    private @Nullable Lease bind(DhcpMessage message, long share, IpAddress address, long nanos, boolean renewal) {
        long now = loop.nanoTime();
        Lease lease = leases.bind(
                address,
                holder(message),
                share,
                clientId(message),
                Lease.printable(message.options().text(DhcpOptions.HOST_NAME)),
                nanos,
                renewal,
                now);
        expiry.arm();
        return lease;
    }

    /** A client may ask for less than it would get, but not for so little that it asks all the time. */
    private int leaseSeconds(DhcpMessage message) {
        long asked = message.options().number(DhcpOptions.LEASE_TIME, config.leaseSeconds());
        return (int) Math.max(DhcpConfig.MIN_LEASE_SECONDS, Math.min(asked, config.leaseSeconds()));
    }

    /** RFC 2132 9.14: a client identifier has two bytes at least; a shorter one is none. */
    private static byte @Nullable [] clientId(DhcpMessage message) {
        return message.options().length(DhcpOptions.CLIENT_IDENTIFIER) < 2
                ? null
                : message.options().bytes(DhcpOptions.CLIENT_IDENTIFIER);
    }

    private static LeaseHolder holder(DhcpMessage message) {
        return LeaseHolder.of(message.clientMac());
    }

    private void reply(DhcpReply reply) {
        sender.send(
                config.server(),
                DhcpMessage.SERVER_PORT,
                reply.destination(),
                DhcpMessage.CLIENT_PORT,
                reply.destinationMac(),
                reply.encode());
    }
}
