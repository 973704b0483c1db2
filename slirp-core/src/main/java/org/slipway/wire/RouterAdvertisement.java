package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A router advertisement (RFC 4861 4.2), from the ICMPv6 header on.
 * <pre>
 *  0      7 8     15 16             31
 * +--------+--------+-----------------+
 * |  type  | code 0 |    checksum     |
 * +--------+-+-+----+-----------------+
 * |hop lim.|M|O| 0  | router lifetime |
 * +--------+-+-+----+-----------------+
 * |          reachable time           |
 * +-----------------------------------+
 * |           retrans timer           |
 * +-----------------------------------+
 * |  options
 * +----------------------- - - -
 * </pre>
 *
 * @param hopLimit what hosts are to send with, 0 to 255; 0: not said
 * @param flags {@link #MANAGED} and {@link #OTHER}, and others that are not known here
 * @param routerLifetimeSeconds how long the sender is a default router, 0 to 65535; 0: it is none
 * @param linkLayerAddress the sender's, as {@link MacAddress#value}; -1 if it is not said
 * @param mtu of the link in bytes, 1280 or more; 0 if it is not said
 * @param prefixes of the link, in order
 * @param dnsServers resolvers (RFC 8106 5.1)
 * @param dnsSearch search list (RFC 8106 5.2), each a name of visible ASCII without a dot at its end
 * @param dnsLifetimeSeconds how long both may be used, an unsigned 32-bit number; 0 if there are none
 */
public record RouterAdvertisement(
        int hopLimit,
        int flags,
        int routerLifetimeSeconds,
        long linkLayerAddress,
        int mtu,
        List<Prefix> prefixes,
        List<IpAddress> dnsServers,
        List<String> dnsSearch,
        long dnsLifetimeSeconds) {

    /**
     * A prefix of the link (RFC 4861 4.6.2).
     *
     * @param flags {@link #ON_LINK} and {@link #AUTONOMOUS}
     * @param validSeconds how long addresses made of it may be used, an unsigned 32-bit number
     * @param preferredSeconds how long they are to be preferred, an unsigned 32-bit number
     */
    public record Prefix(IpPrefix prefix, int flags, long validSeconds, long preferredSeconds) {

        /** Addresses of the prefix are neighbours. */
        public static final int ON_LINK = 0x80;

        /** Hosts make addresses of the prefix by themselves (RFC 4862). */
        public static final int AUTONOMOUS = 0x40;
    }

    /** Addresses are had by DHCPv6. */
    public static final int MANAGED = 0x80;

    /** Other things than addresses are had by DHCPv6. */
    public static final int OTHER = 0x40;

    private static final int HOP_LIMIT = 4;
    private static final int FLAGS = 5;
    private static final int ROUTER_LIFETIME = 6;
    private static final int OPTIONS = 16;

    private static final int PREFIX_LENGTH = 32;
    private static final int PREFIX_ADDRESS = 16;
    private static final int DNS_HEADER = 8;
    private static final int ADDRESS_LENGTH = 16;

    public RouterAdvertisement {
        prefixes = List.copyOf(prefixes);
        dnsServers = List.copyOf(dnsServers);
        dnsSearch = List.copyOf(dnsSearch);
    }

    /**
     * Why the ICMPv6 message of {@code length} bytes at {@code at}, whose checksum is right and whose hop limit was 255, is
     * no router advertisement, or null if it is one (RFC 4861 6.1.2).
     */
    public static @Nullable DropReason check(ByteBuf buf, int at, int length) {
        return length < OPTIONS
                        || IcmpMessage.code(buf, at) != 0
                        || !NdpOptions.check(buf, at + OPTIONS, length - OPTIONS)
                ? DropReason.NDP_MALFORMED
                : null;
    }

    /** The message of {@code length} bytes at {@code at}, for which {@link #check} returned null; what is odd is left out. */
    public static RouterAdvertisement parse(ByteBuf buf, int at, int length) {
        int options = at + OPTIONS;
        int end = at + length;
        int mtu = 0;
        List<Prefix> prefixes = new ArrayList<>();
        List<IpAddress> dnsServers = new ArrayList<>();
        List<String> dnsSearch = new ArrayList<>();
        long dnsLifetime = 0;
        for (int i = options; i < end; i += NdpOptions.length(buf, i)) {
            int optionLength = NdpOptions.length(buf, i);
            switch (NdpOptions.type(buf, i)) {
                case NdpOptions.MTU -> mtu = readMtu(buf, i);
                case NdpOptions.PREFIX_INFORMATION -> addPrefix(prefixes, buf, i, optionLength);
                case NdpOptions.RECURSIVE_DNS_SERVER -> {
                    dnsLifetime = buf.getUnsignedInt(i + 4);
                    for (int a = i + DNS_HEADER; a + ADDRESS_LENGTH <= i + optionLength; a += ADDRESS_LENGTH) {
                        addServer(dnsServers, IpAddress.readIpv6(buf, a));
                    }
                }
                case NdpOptions.DNS_SEARCH_LIST -> {
                    dnsLifetime = buf.getUnsignedInt(i + 4);
                    dnsSearch.addAll(readSearchList(buf, i + DNS_HEADER, optionLength - DNS_HEADER));
                }
                default -> {}
            }
        }
        return new RouterAdvertisement(
                buf.getUnsignedByte(at + HOP_LIMIT),
                buf.getUnsignedByte(at + FLAGS),
                buf.getUnsignedShort(at + ROUTER_LIFETIME),
                NdpOptions.linkLayerAddress(buf, options, length - OPTIONS, NdpOptions.SOURCE_LINK_LAYER_ADDRESS),
                mtu,
                prefixes,
                dnsServers,
                dnsSearch,
                dnsLifetime);
    }

    /** RFC 4861 6.3.4: one below the least of IPv6 does not count; nor do those of more than 31 bits. */
    private static int readMtu(ByteBuf buf, int at) {
        int mtu = buf.getInt(at + 4);
        return mtu < Ipv6Packet.MIN_MTU ? 0 : mtu;
    }

    /** An address in mapped form would be an IPv4 resolver. */
    private static void addServer(List<IpAddress> servers, IpAddress server) {
        if (!server.isIpv4()) {
            servers.add(server);
        }
    }

    /** RFC 8106 5.2: padded with zeros, of which the first ends the last name. */
    private static List<String> readSearchList(ByteBuf buf, int at, int length) {
        int end = length;
        while (end > 1 && buf.getByte(at + end - 1) == 0 && buf.getByte(at + end - 2) == 0) {
            end--;
        }
        List<String> names = DomainNames.read(buf, at, end);
        return names == null
                ? List.of()
                : names.stream().filter(RouterAdvertisement::isSearchable).toList();
    }

    /**
     * Not so what is not visible, for lists such as this end up as text in a resolver's file; nor a label that ends with a dot,
     * which text does not tell from the dots between labels.
     */
    private static boolean isSearchable(String name) {
        return DnsAddresses.isName(name) && !name.endsWith(".") && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static void addPrefix(List<Prefix> prefixes, ByteBuf buf, int at, int length) {
        int bits = buf.getUnsignedByte(at + 2);
        if (length == PREFIX_LENGTH && bits <= 128) {
            IpAddress address = IpAddress.readIpv6(buf, at + PREFIX_ADDRESS);
            if (!address.isIpv4()) {
                prefixes.add(new Prefix(
                        IpPrefix.of(address, bits),
                        buf.getUnsignedByte(at + 3) & (Prefix.ON_LINK | Prefix.AUTONOMOUS),
                        buf.getUnsignedInt(at + 4),
                        buf.getUnsignedInt(at + 8)));
            }
        }
    }

    /** Bytes that {@link #emit} writes. */
    public int length() {
        return OPTIONS
                + (linkLayerAddress < 0 ? 0 : NdpOptions.UNIT)
                + (mtu == 0 ? 0 : NdpOptions.UNIT)
                + prefixes.size() * PREFIX_LENGTH
                + (dnsServers.isEmpty() ? 0 : DNS_HEADER + dnsServers.size() * ADDRESS_LENGTH)
                + (dnsSearch.isEmpty() ? 0 : searchOptionLength());
    }

    /** Padded with zeros to a multiple of eight bytes (RFC 8106 5.2). */
    private int searchOptionLength() {
        int length = DNS_HEADER;
        for (String name : dnsSearch) {
            length += name.length() + 2;
        }
        return length + NdpOptions.UNIT - 1 & -NdpOptions.UNIT;
    }

    /** Writes {@link #length} bytes at {@code at}; the checksum is left at zero. */
    public void emit(ByteBuf buf, int at) {
        buf.setZero(at, length());
        IcmpMessage.write(buf, at, Icmpv6Message.ROUTER_ADVERTISEMENT, 0, 0);
        buf.setByte(at + HOP_LIMIT, hopLimit);
        buf.setByte(at + FLAGS, flags);
        buf.setShort(at + ROUTER_LIFETIME, routerLifetimeSeconds);
        int i = at + OPTIONS;
        if (linkLayerAddress >= 0) {
            i = NdpOptions.writeLinkLayerAddress(buf, i, NdpOptions.SOURCE_LINK_LAYER_ADDRESS, linkLayerAddress);
        }
        if (mtu != 0) {
            NdpOptions.writeHeader(buf, i, NdpOptions.MTU, NdpOptions.UNIT);
            buf.setInt(i + 4, mtu);
            i += NdpOptions.UNIT;
        }
        for (Prefix prefix : prefixes) {
            emit(prefix, buf, i);
            i += PREFIX_LENGTH;
        }
        if (!dnsServers.isEmpty()) {
            int optionLength = DNS_HEADER + dnsServers.size() * ADDRESS_LENGTH;
            NdpOptions.writeHeader(buf, i, NdpOptions.RECURSIVE_DNS_SERVER, optionLength);
            buf.setInt(i + 4, (int) dnsLifetimeSeconds);
            i += DNS_HEADER;
            for (IpAddress server : dnsServers) {
                server.write(buf, i);
                i += ADDRESS_LENGTH;
            }
        }
        if (!dnsSearch.isEmpty()) {
            NdpOptions.writeHeader(buf, i, NdpOptions.DNS_SEARCH_LIST, searchOptionLength());
            buf.setInt(i + 4, (int) dnsLifetimeSeconds);
            ByteBuf names = buf.duplicate().writerIndex(i + DNS_HEADER);
            dnsSearch.forEach(name -> DomainNames.write(names, name));
        }
    }

    private static void emit(Prefix prefix, ByteBuf buf, int at) {
        NdpOptions.writeHeader(buf, at, NdpOptions.PREFIX_INFORMATION, PREFIX_LENGTH);
        buf.setByte(at + 2, prefix.prefix.length());
        buf.setByte(at + 3, prefix.flags);
        buf.setInt(at + 4, (int) prefix.validSeconds);
        buf.setInt(at + 8, (int) prefix.preferredSeconds);
        prefix.prefix.address().write(buf, at + PREFIX_ADDRESS);
    }
}
