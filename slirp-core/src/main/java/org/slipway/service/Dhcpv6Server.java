package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.Dhcpv6Association;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Message.Type;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.Dhcpv6Status;
import org.slipway.wire.DomainNames;
import org.slipway.wire.DropReason;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;

/**
 * The DHCPv6 server of one network, for guests that want addresses and for those that want only the rest (RFC 8415).
 *
 * <p>It leases one address for each association; temporary addresses and prefixes it has none. It is the only server there
 * (preference 255), and so answers for addresses that it does not know. Clients are on the same link: what a relay agent
 * sent is dropped.
 */
public final class Dhcpv6Server implements DatagramService {

    /** Associations in one message. More than any client has; bounds the answer. */
    static final int MAX_ASSOCIATIONS = 128;

    private final Dhcpv6Config config;
    private final Duid serverId;
    private final DatagramSender sender;
    private final Dhcpv6Leases leases;
    private int messages;

    /** A server that answers through {@code sender}. */
    public Dhcpv6Server(Dhcpv6Config config, Loop loop, DatagramSender sender, LeaseListener listener) {
        this.config = config;
        this.sender = sender;
        serverId = config.serverId();
        leases = new Dhcpv6Leases(config, loop, listener);
    }

    /** The leases that hold now, by address. */
    public List<Lease> leases() {
        return leases.leases();
    }

    /** Ends the watch over leases; the listener hears no more of their end. */
    public void close() {
        leases.close();
    }

    @Override
    public @Nullable DropReason receive(Datagram datagram) {
        ByteBuf payload = datagram.payload();
        int at = payload.readerIndex();
        int length = payload.readableBytes();
        if (!isNear(datagram.source()) || Dhcpv6Message.isRelayed(payload, at, length)) {
            return DropReason.DHCPV6_NOT_FOR_US;
        }
        Dhcpv6Message message = Dhcpv6Message.parse(payload, at, length);
        if (message == null || !isValid(message)) {
            return DropReason.DHCPV6_MALFORMED;
        }
        Duid server = message.options().duid(Dhcpv6Options.SERVER_ID);
        if (server != null && !server.equals(serverId)) {
            return DropReason.DHCPV6_NOT_FOR_US;
        }
        Duid duid = message.options().duid(Dhcpv6Options.CLIENT_ID);
        boolean unicast = !datagram.destination().isMulticast();
        if (duid == null) {
            return unicast ? DropReason.DHCPV6_NOT_FOR_US : inform(datagram, message);
        }
        if (unicast) {
            return refuseUnicast(datagram, message);
        }
        return serve(
                datagram, message, new Dhcpv6Leases.Client(datagram.sourceMac(), datagram.share(), duid, messages++));
    }

    /** Clients write from a link-local address (RFC 8415 13), or after they are configured from another of this link. */
    private boolean isNear(IpAddress source) {
        boolean linkLocal = !source.isIpv4() && source.isLinkLocal();
        return linkLocal || config.prefix().contains(source);
    }

    /** RFC 8415 16: which identifiers a message must have and must not have. */
    private static boolean isValid(Dhcpv6Message message) {
        boolean client = message.options().contains(Dhcpv6Options.CLIENT_ID);
        boolean server = message.options().contains(Dhcpv6Options.SERVER_ID);
        List<Dhcpv6Association> associations = message.associations();
        return switch (message.type()) {
            case SOLICIT, CONFIRM, REBIND -> client && !server && associations.size() <= MAX_ASSOCIATIONS;
            case REQUEST, RENEW, RELEASE, DECLINE -> client && server && associations.size() <= MAX_ASSOCIATIONS;
            case INFORMATION_REQUEST -> associations.isEmpty();
            case ADVERTISE, REPLY, RECONFIGURE -> false;
        };
    }

    /** RFC 8415 16, 18.4: nobody was told that this server takes unicast. */
    private @Nullable DropReason refuseUnicast(Datagram datagram, Dhcpv6Message message) {
        switch (message.type()) {
            case REQUEST, RENEW, RELEASE, DECLINE -> {
                Dhcpv6Reply reply = new Dhcpv6Reply(config, message, Type.REPLY);
                reply.status(Dhcpv6Status.USE_MULTICAST);
                send(datagram, reply);
            }
            default -> {
                // to be ignored
            }
        }
        return DropReason.DHCPV6_NOT_FOR_US;
    }

    private @Nullable DropReason serve(Datagram datagram, Dhcpv6Message message, Dhcpv6Leases.Client client) {
        return switch (message.type()) {
            case SOLICIT -> {
                boolean commit = message.options().contains(Dhcpv6Options.RAPID_COMMIT);
                Dhcpv6Reply reply = new Dhcpv6Reply(config, message, commit ? Type.REPLY : Type.ADVERTISE);
                if (commit) {
                    reply.rapidCommit();
                } else {
                    reply.preference();
                }
                yield assign(datagram, message, client, reply, commit);
            }
            case REQUEST -> assign(datagram, message, client, new Dhcpv6Reply(config, message, Type.REPLY), true);
            case RENEW, REBIND -> prolong(datagram, message, client);
            case CONFIRM -> confirm(datagram, message);
            case RELEASE, DECLINE -> giveUp(datagram, message, client);
            case INFORMATION_REQUEST -> inform(datagram, message);
            case ADVERTISE, REPLY, RECONFIGURE -> DropReason.DHCPV6_MALFORMED;
        };
    }

    /** RFC 8415 18.3.1, 18.3.2: what each association gets. */
    private @Nullable DropReason assign(
            Datagram datagram, Dhcpv6Message message, Dhcpv6Leases.Client client, Dhcpv6Reply reply, boolean commit) {
        DropReason shortage = null;
        for (Dhcpv6Association association : distinct(message)) {
            if (association.code() != Dhcpv6Options.IA_NA) {
                reply.refuse(
                        association,
                        association.code() == Dhcpv6Options.IA_PD
                                ? Dhcpv6Status.NO_PREFIX_AVAILABLE
                                : Dhcpv6Status.NO_ADDRESSES_AVAILABLE);
                continue;
            }
            List<IpAddress> wanted = addresses(association);
            // RFC 8415 18.3.2; in a Solicit, addresses are but hints.
            if (message.type() == Type.REQUEST && !allOnLink(wanted)) {
                reply.refuse(association, Dhcpv6Status.NOT_ON_LINK);
                continue;
            }
            IpAddress address = leases.offer(client, association.id(), wanted);
            if (address == null) {
                reply.refuse(association, Dhcpv6Status.NO_ADDRESSES_AVAILABLE);
                shortage = DropReason.DHCP_POOL_EXHAUSTED;
                continue;
            }
            if (commit) {
                leases.bind(client, association.id(), address, hostname(message), false);
            }
            reply.grant(association, address, List.of());
        }
        reply.configuration();
        send(datagram, reply);
        return shortage;
    }

    /**
     * RFC 8415 18.3.4, 18.3.5. An association that is not known, as after a restart of this server, has no binding, upon
     * which the client requests its address again, and gets it if it is free.
     */
    private @Nullable DropReason prolong(Datagram datagram, Dhcpv6Message message, Dhcpv6Leases.Client client) {
        Dhcpv6Reply reply = new Dhcpv6Reply(config, message, Type.REPLY);
        for (Dhcpv6Association association : distinct(message)) {
            boolean ours = association.code() == Dhcpv6Options.IA_NA;
            Lease lease = ours ? leases.held(client, association.id()) : null;
            List<IpAddress> others = addresses(association);
            if (lease != null) {
                others.remove(lease.address());
                leases.bind(client, association.id(), lease.address(), hostname(message), true);
                reply.grant(association, lease.address(), others);
            } else if (ours && !allOnLink(others)) {
                reply.withdraw(association, others);
            } else {
                reply.refuse(association, Dhcpv6Status.NO_BINDING);
            }
        }
        reply.configuration();
        send(datagram, reply);
        return null;
    }

    /** RFC 8415 18.3.3. */
    private @Nullable DropReason confirm(Datagram datagram, Dhcpv6Message message) {
        boolean any = false;
        boolean onLink = true;
        for (Dhcpv6Association association : message.associations()) {
            List<IpAddress> addresses = addresses(association);
            any |= !addresses.isEmpty();
            onLink &= allOnLink(addresses);
        }
        if (!any) {
            return DropReason.DHCPV6_MALFORMED;
        }
        Dhcpv6Reply reply = new Dhcpv6Reply(config, message, Type.REPLY);
        reply.status(onLink ? Dhcpv6Status.SUCCESS : Dhcpv6Status.NOT_ON_LINK);
        send(datagram, reply);
        return null;
    }

    /** RFC 8415 18.3.7, 18.3.8: success, whatever the associations' own luck. */
    private @Nullable DropReason giveUp(Datagram datagram, Dhcpv6Message message, Dhcpv6Leases.Client client) {
        Dhcpv6Reply reply = new Dhcpv6Reply(config, message, Type.REPLY);
        reply.status(Dhcpv6Status.SUCCESS);
        for (Dhcpv6Association association : distinct(message)) {
            Lease lease = association.code() == Dhcpv6Options.IA_NA ? leases.held(client, association.id()) : null;
            if (lease == null) {
                reply.refuse(association, Dhcpv6Status.NO_BINDING);
            } else if (!addresses(association).contains(lease.address())) {
                // RFC 8415 18.3.7: addresses that the association does not have are ignored.
                continue;
            } else if (message.type() == Type.RELEASE) {
                leases.release(client, association.id(), lease.address());
            } else {
                leases.decline(client, association.id(), lease.address());
            }
        }
        send(datagram, reply);
        return null;
    }

    /** RFC 8415 18.3.6. */
    private @Nullable DropReason inform(Datagram datagram, Dhcpv6Message message) {
        Dhcpv6Reply reply = new Dhcpv6Reply(config, message, Type.REPLY);
        reply.configuration();
        reply.refreshTime();
        send(datagram, reply);
        return null;
    }

    private boolean allOnLink(List<IpAddress> addresses) {
        for (IpAddress address : addresses) {
            if (!config.prefix().contains(address)) {
                return false;
            }
        }
        return true;
    }

    private static List<IpAddress> addresses(Dhcpv6Association association) {
        List<IpAddress> addresses = new ArrayList<>();
        association.addresses().forEach(address -> addresses.add(address.address()));
        return addresses;
    }

    /** The associations, without those that are there a second time. */
    private static List<Dhcpv6Association> distinct(Dhcpv6Message message) {
        Set<List<Integer>> seen = new HashSet<>();
        return message.associations().stream()
                .filter(association -> seen.add(List.of(association.code(), association.id())))
                .toList();
    }

    /** The first label of what a client calls itself (RFC 4704 4): behind a byte of flags. */
    private static String hostname(Dhcpv6Message message) {
        byte[] value = message.options().bytes(Dhcpv6Options.CLIENT_FQDN);
        if (value == null || value.length < 2) {
            return "";
        }
        List<String> names = DomainNames.read(Unpooled.wrappedBuffer(value), 1, value.length - 1);
        return names == null || names.isEmpty()
                ? ""
                : Lease.printable(names.get(0).split("\\.", 2)[0]);
    }

    private void send(Datagram request, Dhcpv6Reply reply) {
        IpAddress to = request.destination();
        sender.send(
                to.isMulticast() ? config.server() : to,
                Dhcpv6Message.SERVER_PORT,
                request.source(),
                Dhcpv6Message.CLIENT_PORT,
                request.sourceMac(),
                reply.encode());
    }
}
