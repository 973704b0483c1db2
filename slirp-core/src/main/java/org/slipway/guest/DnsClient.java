package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.DnsMessage;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/** Asks the guest's resolvers for the IPv4 addresses of names, over UDP (RFC 1035). */
final class DnsClient {

    private final Loop loop;
    private final DropCounters drops;
    private final IpHost ip;
    private final UdpPorts udp;
    private final Supplier<List<IpAddress>> resolvers;
    private final RandomGenerator random;
    private final List<Lookup> lookups = new ArrayList<>();

    /** {@code resolvers} is asked for each name. */
    DnsClient(
            Loop loop,
            DropCounters drops,
            IpHost ip,
            UdpPorts udp,
            Supplier<List<IpAddress>> resolvers,
            RandomGenerator random) {
        this.loop = loop;
        this.drops = drops;
        this.ip = ip;
        this.udp = udp;
        this.resolvers = resolvers;
        this.random = random;
    }

    CompletableFuture<List<IpAddress>> resolve(String name) {
        Lookup lookup = new Lookup(name, resolvers.get());
        lookup.start();
        return lookup.result;
    }

    void close() {
        List.copyOf(lookups).forEach(lookup -> lookup.fail(Guest.UNPLUGGED));
    }

    /** One name: the same query goes to one resolver after the other. */
    private final class Lookup implements GuestUdpListener {

        final CompletableFuture<List<IpAddress>> result = new CompletableFuture<>();
        private final String name;
        private final List<IpAddress> servers;
        private final ByteBuf query = Unpooled.buffer();
        private final Retransmission retransmission =
                new Retransmission(loop, this::send, () -> fail("no resolver answers"));
        private int port;

        Lookup(String name, List<IpAddress> servers) {
            this.name = name;
            this.servers = servers;
        }

        void start() {
            lookups.add(this);
            if (!DnsAddresses.isName(name)) {
                fail("not a host name");
                return;
            }
            if (servers.isEmpty()) {
                fail("no resolver is known");
                return;
            }
            port = udp.bindAny(this);
            DnsAddresses.writeQuery(query, random.nextInt(1 << 16), name);
            retransmission.start();
        }

        private void send(int tries) {
            IpAddress server = servers.get(tries % servers.size());
            udp.send(ip.sourceFor(server), port, server, DnsMessage.PORT, query);
        }

        @Override
        public void received(IpAddress source, int sourcePort, ByteBuf payload) {
            if (sourcePort != DnsMessage.PORT || !servers.contains(source) || !answers(payload)) {
                drops.count(DropReason.DNS_MALFORMED);
                return;
            }
            int responseCode = DnsMessage.responseCode(payload, 0);
            List<IpAddress> addresses = DnsAddresses.readAnswer(payload, 0, payload.readableBytes());
            if (responseCode != 0) {
                fail(error(responseCode));
            } else if (addresses == null || addresses.isEmpty()) {
                fail("the name has no IPv4 address");
            } else {
                end();
                result.complete(List.copyOf(addresses));
            }
        }

        /** RFC 5452 9.1. */
        private boolean answers(ByteBuf message) {
            int questionEnd = query.readableBytes();
            return message.readableBytes() >= questionEnd
                    && DnsMessage.isResponse(message, 0)
                    && DnsMessage.id(message, 0) == DnsMessage.id(query, 0)
                    && DnsMessage.questionEnd(message, 0, message.readableBytes()) == questionEnd
                    && DnsMessage.sameQuestion(message, 0, query, 0, questionEnd);
        }

        void fail(String why) {
            end();
            result.completeExceptionally(new GuestException("resolve " + name + ": " + why));
        }

        private void end() {
            lookups.remove(this);
            retransmission.stop();
            udp.unbind(port);
        }
    }

    private static String error(int responseCode) {
        return switch (responseCode) {
            case DnsMessage.RCODE_NAME_ERROR -> "no such name (NXDOMAIN)";
            case DnsMessage.RCODE_SERVER_FAILURE -> "the resolver failed (SERVFAIL)";
            case DnsMessage.RCODE_REFUSED -> "the resolver refuses (REFUSED)";
            default -> "the resolver answered with code " + responseCode;
        };
    }
}
