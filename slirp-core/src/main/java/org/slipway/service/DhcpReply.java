package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * What the server says to one message, and to whom (RFC 2131 4.1, 4.3.1).
 *
 * @param message the answer
 * @param destination a unicast address, or 255.255.255.255
 * @param destinationMac the client's, or broadcast
 */
record DhcpReply(DhcpMessage message, IpAddress destination, long destinationMac) {

    private static final IpAddress NOWHERE = IpAddress.ipv4(0);
    private static final IpAddress BROADCAST = IpAddress.ipv4(-1);
    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    /** There are no more codes than this; what repeats itself behind them says nothing new. */
    private static final int MAX_WANTED = 255;

    /** Bytes of IPv4 and UDP headers. */
    private static final int HEADERS = 28;

    /** An OFFER or ACK of {@code address} for {@code seconds}. */
    static DhcpReply lease(
            DhcpConfig config, DhcpMessage request, DhcpMessage.Type type, IpAddress address, int seconds) {
        DhcpOptions.Builder options = head(config, type).putInt(DhcpOptions.LEASE_TIME, seconds);
        return configured(config, request, address, options, seconds);
    }

    /** An ACK without lease: RFC 2131 4.3.5. */
    static DhcpReply inform(DhcpConfig config, DhcpMessage request) {
        return configured(config, request, NOWHERE, head(config, DhcpMessage.Type.ACK), 0);
    }

    /** A BOOTREPLY, without the options that only DHCP has: RFC 1534 2. */
    static DhcpReply bootp(DhcpConfig config, DhcpMessage request, IpAddress address) {
        return configured(config, request, address, new DhcpOptions.Builder(), 0);
    }

    /** A refusal. Always broadcast: the client has no address that it may use (RFC 2131 4.1). */
    static DhcpReply nak(DhcpConfig config, DhcpMessage request, String why) {
        DhcpOptions.Builder options = head(config, DhcpMessage.Type.NAK).putText(DhcpOptions.MESSAGE, why);
        echoClientId(request, options);
        DhcpMessage message = answer(request, NOWHERE, NOWHERE, NOWHERE, "", options.build());
        return new DhcpReply(message, BROADCAST, MacAddress.BROADCAST.value());
    }

    /** Some clients insist on the type in front. */
    private static DhcpOptions.Builder head(DhcpConfig config, DhcpMessage.Type type) {
        return new DhcpOptions.Builder()
                .putByte(DhcpOptions.MESSAGE_TYPE, type.code())
                .putAddress(DhcpOptions.SERVER_IDENTIFIER, config.server());
    }

    private static DhcpReply configured(
            DhcpConfig config, DhcpMessage request, IpAddress address, DhcpOptions.Builder options, int leaseSeconds) {
        // RFC 2132 3.3: the mask stands in front of the router. Sent to those as well who do not say what they want.
        options.putInt(DhcpOptions.SUBNET_MASK, config.network().ipv4Mask());
        IpAddress router = config.router();
        if (router != null && !config.extra().contains(DhcpOptions.ROUTER)) {
            options.putAddress(DhcpOptions.ROUTER, router);
        }
        if (!config.dns().isEmpty() && !config.extra().contains(DhcpOptions.DNS_SERVER)) {
            options.putAddresses(DhcpOptions.DNS_SERVER, config.dns());
        }
        echoClientId(request, options);
        String name = config.nameOf(address);
        if (!name.isEmpty()) {
            options.putText(DhcpOptions.HOST_NAME, name);
        }
        int room = maxLength(config, request) - DhcpMessage.OPTIONS - 1;
        byte @Nullable [] wanted = request.options().bytes(DhcpOptions.PARAMETER_REQUEST_LIST);
        for (int i = 0; wanted != null && i < Math.min(wanted.length, MAX_WANTED); i++) {
            putIfRoom(options, wanted[i] & 0xff, value(config, wanted[i] & 0xff, leaseSeconds), room);
        }
        for (int code : config.extra().codes()) {
            putIfRoom(options, code, config.extra().bytes(code), room);
        }
        // ciaddr is believed if it is the address at hand, or if there is none because the client only informs itself.
        boolean keeps = request.clientAddress().equals(address) || request.type() == DhcpMessage.Type.INFORM;
        IpAddress current = keeps ? request.clientAddress() : NOWHERE;
        return addressed(answer(request, current, address, config.server(), config.bootFile(), options.build()));
    }

    private static DhcpMessage answer(
            DhcpMessage request,
            IpAddress clientAddress,
            IpAddress yourAddress,
            IpAddress nextServer,
            String bootFile,
            DhcpOptions options) {
        return new DhcpMessage(
                DhcpMessage.REPLY,
                0,
                request.transactionId(),
                0,
                request.broadcast(),
                clientAddress,
                yourAddress,
                nextServer,
                NOWHERE,
                request.clientMac(),
                "",
                bootFile,
                options);
    }

    /** RFC 2131 4.1: to ciaddr if the client has one, else by broadcast if it needs that, else to its new address. */
    private static DhcpReply addressed(DhcpMessage message) {
        if (!message.clientAddress().isUnspecified()) {
            return new DhcpReply(message, message.clientAddress(), message.clientMac());
        }
        return message.broadcast()
                ? new DhcpReply(message, BROADCAST, MacAddress.BROADCAST.value())
                : new DhcpReply(message, message.yourAddress(), message.clientMac());
    }

    /** What there is to say for option {@code code}, or null. RFC 2131 4.4.5: T1 is half of the lease, T2 seven eighths. */
    private static byte @Nullable [] value(DhcpConfig config, int code, int leaseSeconds) {
        DhcpOptions.Builder value = new DhcpOptions.Builder();
        switch (code) {
            case DhcpOptions.INTERFACE_MTU -> value.putShort(code, config.mtu());
            case DhcpOptions.BROADCAST_ADDRESS ->
                value.putAddress(code, config.network().ipv4Broadcast());
            case DhcpOptions.RENEWAL_TIME -> putTime(value, code, leaseSeconds / 2);
            case DhcpOptions.REBINDING_TIME -> putTime(value, code, (int) (leaseSeconds * 7L / 8));
            // RFC 2132 9.4, 9.5: the same as siaddr and file, for clients that want options.
            case DhcpOptions.TFTP_SERVER_NAME ->
                putText(value, code, isFile(config.bootFile()) ? config.server().toString() : "");
            case DhcpOptions.BOOT_FILE_NAME -> putText(value, code, config.bootFile());
            default -> {
                // further options only
            }
        }
        byte[] special = config.extra().bytes(code);
        return special != null ? special : value.build().bytes(code);
    }

    /** Whether it is the name of a file, and no URL that says itself where it is. */
    private static boolean isFile(String bootFile) {
        return !bootFile.isEmpty() && !bootFile.contains("://");
    }

    private static void putText(DhcpOptions.Builder options, int code, String text) {
        if (!text.isEmpty()) {
            options.putText(code, text);
        }
    }

    /** No lease, no times. */
    private static void putTime(DhcpOptions.Builder options, int code, int seconds) {
        if (seconds > 0) {
            options.putInt(code, seconds);
        }
    }

    /** An option that the client could not take for lack of room is left out. */
    private static void putIfRoom(DhcpOptions.Builder options, int code, byte @Nullable [] value, int room) {
        if (value != null
                && !options.contains(code)
                && options.emittedLength() + DhcpOptions.emittedLength(value.length) <= room) {
            options.put(code, value);
        }
    }

    /** RFC 6842: a client identifier comes back unaltered. */
    private static void echoClientId(DhcpMessage request, DhcpOptions.Builder options) {
        byte @Nullable [] clientId = request.options().bytes(DhcpOptions.CLIENT_IDENTIFIER);
        if (clientId != null && clientId.length <= 255) {
            options.put(DhcpOptions.CLIENT_IDENTIFIER, clientId);
        }
    }

    /** Option 57 counts IP and UDP headers (RFC 2132 9.10); less than 576 is not to be said, more than the MTU no use. */
    private static int maxLength(DhcpConfig config, DhcpMessage request) {
        int accepted = (int) request.options().number(DhcpOptions.MAX_MESSAGE_SIZE, 0) - HEADERS;
        return Math.max(DhcpMessage.DEFAULT_MAX_LENGTH, Math.min(accepted, config.mtu() - HEADERS));
    }

    /** The message in a new buffer, which the caller owns. */
    ByteBuf encode() {
        ByteBuf buf = ALLOCATOR.directBuffer(message.emittedLength());
        message.emit(buf);
        return buf;
    }
}
