package org.slipway.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;

/** Asks the guest's resolvers for the addresses of names in both families at once, over UDP (RFC 1035, RFC 3596). */
final class DnsClient {

    private final Loop loop;
    private final DropCounters drops;
    private final IpHost ip;
    private final UdpPorts udp;
    private final Supplier<List<IpAddress>> resolvers;
    private final RandomGenerator random;
    private final DestinationOrder order;
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
        order = new DestinationOrder(ip::sourceFor);
    }

    CompletableFuture<List<IpAddress>> resolve(String name) {
        Lookup lookup = new Lookup(name, resolvers.get());
        lookup.start();
        return lookup.result;
    }

    void close() {
        List.copyOf(lookups).forEach(lookup -> lookup.fail(Guest.UNPLUGGED));
    }

    /** One name: two questions. */
    private final class Lookup {

        final CompletableFuture<List<IpAddress>> result = new CompletableFuture<>();
        private final String name;
        private final List<IpAddress> servers;
        private final DnsQuestion ipv4;
        private final DnsQuestion ipv6;

        Lookup(String name, List<IpAddress> servers) {
            this.name = name;
            this.servers = servers;
            ipv4 = new DnsQuestion(loop, drops, ip, udp, servers, true, this::answered);
            ipv6 = new DnsQuestion(loop, drops, ip, udp, servers, false, this::answered);
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
            ipv4.start(random.nextInt(1 << 16), name);
            ipv6.start(random.nextInt(1 << 16), name);
        }

        /** Some resolvers fail where a name has addresses of the other family only (RFC 4074): both are waited for. */
        private void answered() {
            if (!ipv4.done() || !ipv6.done()) {
                return;
            }
            List<IpAddress> addresses = new ArrayList<>(ipv6.addresses());
            addresses.addAll(ipv4.addresses());
            String failure = ipv4.failure() != null ? ipv4.failure() : ipv6.failure();
            if (!addresses.isEmpty()) {
                end();
                result.complete(order.sort(addresses));
            } else {
                fail(failure != null ? failure : "the name has no address");
            }
        }

        void fail(String why) {
            end();
            result.completeExceptionally(new GuestException("resolve " + name + ": " + why));
        }

        private void end() {
            lookups.remove(this);
            ipv4.stop();
            ipv6.stop();
        }
    }
}
