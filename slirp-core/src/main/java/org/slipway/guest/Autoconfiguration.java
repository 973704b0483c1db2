package org.slipway.guest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.ip.NdpListener;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.InterfaceIdentifier;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.MacAddress;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterAdvertisement.Prefix;

/**
 * Gives a guest its IPv6 addresses without a server (RFC 4862): one of the link, and one in each network of which a router
 * tells (RFC 4861 6.3), with that router, its resolvers and its MTU. Each address is asked for first: another station may
 * have it. Does nothing before it is asked to, and nothing at random: guests in memory do not all start at once.
 */
final class Autoconfiguration implements NdpListener {

    /** RFC 7934 4 wants many; this many is what Linux allows, and what a hostile router gets. */
    static final int MAX_ADDRESSES = 16;

    /** RFC 4861 10: MAX_RTR_SOLICITATIONS, RTR_SOLICITATION_INTERVAL, and MAX_RTR_SOLICITATION_DELAY after the last. */
    private static final long[] SOLICITATION_SECONDS = {4, 4, 1};

    /** The network of all link-local addresses (RFC 4291 2.5.6). */
    private static final IpPrefix LINK_LOCAL = IpPrefix.of(IpAddress.parse("fe80::"), 64);

    private final Loop loop;
    private final IpHost ip;
    private final MacAddress mac;
    private final NdpSender ndp;
    private final IpAddress linkLocal;
    private final Map<IpAddress, AddressProbe> probes = new LinkedHashMap<>();
    private final Map<IpAddress, AutonomousAddress> addresses = new LinkedHashMap<>();
    private final ExpiringAddresses routers = new ExpiringAddresses();
    private final ExpiringAddresses resolvers = new ExpiringAddresses();
    private boolean hasLinkLocal;
    private int mtu;
    private @Nullable CompletableFuture<IpAddress> linkLocalWanted;
    private @Nullable CompletableFuture<IpAddress> addressWanted;
    private @Nullable Retransmission solicitations;
    private @Nullable Timer expiry;

    Autoconfiguration(Loop loop, IpHost ip, MacAddress mac) {
        this.loop = loop;
        this.ip = ip;
        this.mac = mac;
        ndp = new NdpSender(ip, mac);
        linkLocal = InterfaceIdentifier.address(LINK_LOCAL, mac);
    }

    // ---- what the guest wants

    /** Takes the address of the link, or joins the taking that goes on. */
    CompletableFuture<IpAddress> linkLocal() {
        if (hasLinkLocal) {
            return CompletableFuture.completedFuture(linkLocal);
        }
        CompletableFuture<IpAddress> wanted = linkLocalWanted;
        if (wanted == null) {
            wanted = new CompletableFuture<>();
            linkLocalWanted = wanted;
            probe(linkLocal, this::linkLocalFree, this::linkLocalTaken);
        }
        return wanted;
    }

    /** Completes with the first address in a network of which a router tells. */
    CompletableFuture<IpAddress> configure() {
        List<IpAddress> present = assigned();
        if (!present.isEmpty()) {
            return CompletableFuture.completedFuture(present.get(0));
        }
        CompletableFuture<IpAddress> wanted = addressWanted;
        if (wanted == null) {
            wanted = new CompletableFuture<>();
            addressWanted = wanted;
            // Who has them may have gone.
            addresses.values().removeIf(address -> address.state() == AutonomousAddress.State.DUPLICATE);
            if (hasLinkLocal) {
                solicit();
            } else {
                linkLocal();
            }
        }
        return wanted;
    }

    /** All that it has, that of the link first. */
    List<IpAddress> addresses() {
        List<IpAddress> all = new ArrayList<>(assigned());
        if (hasLinkLocal) {
            all.add(0, linkLocal);
        }
        return all;
    }

    private List<IpAddress> assigned() {
        return addresses.values().stream()
                .filter(address -> address.state() == AutonomousAddress.State.ASSIGNED)
                .map(address -> address.address)
                .toList();
    }

    /** Resolvers of which routers told (RFC 8106). */
    List<IpAddress> resolvers() {
        return resolvers.all();
    }

    /** The MTU of which a router told, in bytes; 0 without one. */
    int mtu() {
        return mtu;
    }

    // ---- the address of the link

    private void probe(IpAddress address, Runnable free, Runnable taken) {
        AddressProbe probe =
                new AddressProbe(loop, ip, ndp, address, () -> ended(address, free), () -> ended(address, taken));
        probes.put(address, probe);
        probe.start();
    }

    private void ended(IpAddress address, Runnable next) {
        probes.remove(address);
        next.run();
    }

    private void linkLocalFree() {
        ip.address(linkLocal, LINK_LOCAL);
        hasLinkLocal = true;
        CompletableFuture<IpAddress> wanted = linkLocalWanted;
        linkLocalWanted = null;
        if (wanted != null) {
            wanted.complete(linkLocal);
        }
        if (addressWanted != null) {
            solicit();
        }
    }

    /** RFC 4862 5.4.5: without it there is no IPv6. */
    private void linkLocalTaken() {
        fail(taken(linkLocal));
    }

    private static String taken(IpAddress address) {
        return "another station has " + address;
    }

    private void fail(String why) {
        CompletableFuture<IpAddress> ofLink = linkLocalWanted;
        linkLocalWanted = null;
        if (ofLink != null) {
            ofLink.completeExceptionally(exception(why));
        }
        failAddress(why);
    }

    private void failAddress(String why) {
        stopSoliciting();
        CompletableFuture<IpAddress> wanted = addressWanted;
        addressWanted = null;
        if (wanted != null) {
            wanted.completeExceptionally(exception(why));
        }
    }

    private static GuestException exception(String why) {
        return new GuestException("IPv6 address: " + why);
    }

    // ---- routers

    private void solicit() {
        if (isProbing()) {
            return;
        }
        Retransmission started = new Retransmission(
                loop,
                SOLICITATION_SECONDS,
                tries -> ndp.solicitRouters(linkLocal),
                () -> failAddress("no router answers"));
        solicitations = started;
        started.start();
    }

    private boolean isProbing() {
        return !probes.isEmpty();
    }

    private void stopSoliciting() {
        Retransmission started = solicitations;
        if (started != null) {
            started.stop();
            solicitations = null;
        }
    }

    /** Before there is an address of the link nobody listens; routers are asked afterwards. */
    @Override
    public boolean routerAdvertised(IpAddress router, RouterAdvertisement said) {
        if (!hasLinkLocal) {
            return false;
        }
        long now = loop.nanoTime();
        routers.put(router, Lifetime.ofSeconds(said.routerLifetimeSeconds(), now), now);
        Lifetime dns = Lifetime.ofSeconds(said.dnsLifetimeSeconds(), now);
        said.dnsServers().stream()
                .filter(Autoconfiguration::isUnicast)
                .forEach(server -> resolvers.put(server, dns, now));
        // Our card takes any size that the IP layer takes.
        if (said.mtu() >= Ipv6Packet.MIN_MTU && said.mtu() <= GuestAddress.MAX_MTU) {
            mtu = said.mtu();
            ip.ipv6Mtu(mtu);
        }
        said.prefixes().stream().filter(AutonomousAddress::isUsable).forEach(prefix -> told(prefix, now));
        refresh();
        if (said.routerLifetimeSeconds() > 0) {
            stopSoliciting();
            failIfHopeless("the router " + router + " tells of no network for it");
        }
        return true;
    }

    private static boolean isUnicast(IpAddress address) {
        return !address.isMulticast() && !address.isUnspecified() && !address.isLoopback();
    }

    private void told(Prefix prefix, long now) {
        IpPrefix network = prefix.prefix();
        AutonomousAddress known = addresses.get(network.address());
        if (known != null) {
            known.told(prefix, now);
        } else if (prefix.validSeconds() > 0 && addresses.size() < MAX_ADDRESSES) {
            IpAddress address = InterfaceIdentifier.address(network, mac);
            AutonomousAddress made = new AutonomousAddress(address, prefix, ip, now);
            addresses.put(network.address(), made);
            probe(address, () -> free(made), () -> taken(made));
        }
    }

    private void free(AutonomousAddress address) {
        address.assign();
        refresh();
        CompletableFuture<IpAddress> wanted = addressWanted;
        addressWanted = null;
        if (wanted != null) {
            wanted.complete(address.address);
        }
    }

    private void taken(AutonomousAddress address) {
        address.duplicate();
        failIfHopeless(taken(address.address));
    }

    private void failIfHopeless(String why) {
        if (!isProbing()) {
            failAddress(why);
        }
    }

    @Override
    public void addressContested(IpAddress tentative) {
        AddressProbe probe = probes.get(tentative);
        if (probe != null) {
            probe.contested();
        }
    }

    // ---- time

    /** Forgets what is over, tells the host what is there, and sleeps until something else is over. */
    private void refresh() {
        long now = loop.nanoTime();
        addresses.values().removeIf(address -> {
            boolean over = address.state() != AutonomousAddress.State.TENTATIVE && address.isOver(now);
            if (over) {
                ip.removeAddress(address.address);
            } else {
                address.refresh(now);
            }
            return over;
        });
        routers.expire(now);
        resolvers.expire(now);
        ip.defaultIpv6Router(routers.all().stream().findFirst().orElse(null));
        sleep(now);
    }

    private void sleep(long now) {
        cancelExpiry();
        long left = Math.min(routers.leftNanos(now), resolvers.leftNanos(now));
        for (AutonomousAddress address : addresses.values()) {
            left = Math.min(left, address.leftNanos(now));
        }
        if (left != Long.MAX_VALUE) {
            expiry = loop.schedule(left, this::refresh);
        }
    }

    private void cancelExpiry() {
        Timer armed = expiry;
        if (armed != null) {
            armed.cancel();
            expiry = null;
        }
    }

    void close() {
        probes.values().forEach(AddressProbe::stop);
        probes.clear();
        cancelExpiry();
        fail(Guest.UNPLUGGED);
    }
}
