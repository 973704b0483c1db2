package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import org.slipway.wire.Dhcpv6Address;
import org.slipway.wire.Dhcpv6Association;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.Dhcpv6Status;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;

/** An answer in the making: with the identifiers of client and server in front, whatever it is (RFC 8415 18.3). */
final class Dhcpv6Reply {

    /** How many addresses that it cannot keep a client is told of, for each association; bounds the answer. */
    private static final int MAX_WITHDRAWN = 4;

    private static final int HIGHEST_PREFERENCE = 255;

    private final Dhcpv6Config config;
    private final Dhcpv6Message request;
    private final Dhcpv6Message.Type type;
    private final Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();

    Dhcpv6Reply(Dhcpv6Config config, Dhcpv6Message request, Dhcpv6Message.Type type) {
        this.config = config;
        this.request = request;
        this.type = type;
        Duid client = request.options().duid(Dhcpv6Options.CLIENT_ID);
        if (client != null) {
            options.add(Dhcpv6Options.CLIENT_ID, client);
        }
        options.add(Dhcpv6Options.SERVER_ID, config.serverId());
    }

    /** RFC 8415 18.2.9: a client that sees it waits for no other server. */
    void preference() {
        options.addByte(Dhcpv6Options.PREFERENCE, HIGHEST_PREFERENCE);
    }

    /** What was asked for is done already (RFC 8415 21.14). */
    void rapidCommit() {
        options.add(Dhcpv6Options.RAPID_COMMIT, new byte[0]);
    }

    void status(Dhcpv6Status status) {
        status.addTo(options);
    }

    /** The association has {@code address} now, and {@code others} not any more. */
    void grant(Dhcpv6Association association, IpAddress address, List<IpAddress> others) {
        Dhcpv6Options.Builder addresses = new Dhcpv6Options.Builder();
        new Dhcpv6Address(address, config.preferredSeconds(), config.leaseSeconds(), Dhcpv6Options.NONE)
                .addTo(addresses);
        withdraw(addresses, others);
        new Dhcpv6Association(
                        association.code(),
                        association.id(),
                        config.renewSeconds(),
                        config.rebindSeconds(),
                        addresses.build())
                .addTo(options);
    }

    /** The association has {@code addresses} not any more. */
    void withdraw(Dhcpv6Association association, List<IpAddress> addresses) {
        Dhcpv6Options.Builder withdrawn = new Dhcpv6Options.Builder();
        withdraw(withdrawn, addresses);
        new Dhcpv6Association(association.code(), association.id(), 0, 0, withdrawn.build()).addTo(options);
    }

    /** RFC 8415 18.3.4: lifetimes of zero. */
    private static void withdraw(Dhcpv6Options.Builder options, List<IpAddress> addresses) {
        for (IpAddress address : addresses.subList(0, Math.min(addresses.size(), MAX_WITHDRAWN))) {
            new Dhcpv6Address(address, 0, 0, Dhcpv6Options.NONE).addTo(options);
        }
    }

    void refuse(Dhcpv6Association association, Dhcpv6Status status) {
        Dhcpv6Association.refused(association.code(), association.id(), status).addTo(options);
    }

    /** What there is to say of what the client asks for. */
    void configuration() {
        if (wanted(Dhcpv6Options.DNS_SERVERS, !config.dns().isEmpty())) {
            options.addAddresses(Dhcpv6Options.DNS_SERVERS, config.dns());
        }
        if (wanted(Dhcpv6Options.DOMAIN_LIST, !config.domains().isEmpty())) {
            options.addNames(Dhcpv6Options.DOMAIN_LIST, config.domains());
        }
        if (wanted(Dhcpv6Options.BOOT_FILE_URL, !config.bootFileUrl().isEmpty())) {
            options.addText(Dhcpv6Options.BOOT_FILE_URL, config.bootFileUrl());
        }
        Dhcpv6Options extra = config.extra();
        for (int i = 0; i < extra.size(); i++) {
            if (request.options().isRequested(extra.code(i))) {
                options.add(extra.code(i), extra.value(i));
            }
        }
    }

    /** Whether the client asks for what there is to say, and the user has not said something else. */
    private boolean wanted(int code, boolean known) {
        return known && request.options().isRequested(code) && !config.extra().contains(code);
    }

    /** When a client without lease should ask again (RFC 8415 21.23), if it asks for that. */
    void refreshTime() {
        if (request.options().isRequested(Dhcpv6Options.INFORMATION_REFRESH_TIME)) {
            options.addInt(Dhcpv6Options.INFORMATION_REFRESH_TIME, config.leaseSeconds());
        }
    }

    /** The message in a new buffer, which the caller owns. */
    ByteBuf encode() {
        Dhcpv6Message message = new Dhcpv6Message(type, request.transactionId(), options.build());
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(message.emittedLength());
        message.emit(buf);
        return buf;
    }
}
