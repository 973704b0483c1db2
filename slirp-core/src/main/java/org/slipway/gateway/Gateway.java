package org.slipway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.loop.Loop;
import org.slipway.nat.AddressPolicy;
import org.slipway.nat.EchoNat;
import org.slipway.nat.FlowListener;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.Forwards;
import org.slipway.nat.GuestForward;
import org.slipway.nat.HostSocketException;
import org.slipway.nat.OpenForward;
import org.slipway.nat.TcpNat;
import org.slipway.nat.UdpDatagramWriter;
import org.slipway.nat.UdpNat;
import org.slipway.service.DnsRelay;
import org.slipway.service.HostRecords;
import org.slipway.service.Lease;
import org.slipway.service.LeaseListener;
import org.slipway.service.LocalNames;
import org.slipway.service.TftpServer;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.TftpMessage;

/**
 * The virtual router: a station on the Lan that has the gateway's and the resolver's address, leases addresses, answers what
 * it serves itself, and joins everything else to the host's sockets. On the network's loop only.
 */
public final class Gateway implements Port {

    /** The gateway's name as a port. */
    public static final String NAME = "gateway";

    private static final int DNS_PORT = 53;

    private final IpHost ip;
    private final LeaseGuard guard;
    private final TcpNat tcp;
    private final UdpNat udp;
    private final EchoNat echo;
    private final Forwards forwards;
    private final @Nullable Ipv4Services ipv4;
    private final @Nullable Ipv6Services ipv6;
    private final HostRecords hostRecords;
    private final LocalNames names;
    private final DnsRelay dns;
    private final TftpServer tftp;
    private final DropCounters drops;
    private final Consumer<String> news;
    private @Nullable FrameReceiver receiver;
    private LeaseListener leaseListener = LeaseListener.SILENT;
    private boolean faultTold;
    private boolean closed;

    /**
     * @param drops where drops are counted
     * @param host what of the host the guests may use
     * @param stations where guests are on the Lan
     * @param random unpredictable
     * @param news told in a sentence what happens: leases, hints
     */
    public Gateway(
            GatewayConfig config,
            Loop loop,
            DropCounters drops,
            HostAccess host,
            Stations stations,
            RandomGenerator random,
            Consumer<String> news) {
        this.drops = drops;
        this.news = news;
        AddressPlan plan = config.plan();
        ip = new IpHost(loop, drops, plan.gatewayMac(), config.mtu(), this::emit, random);
        ip.forwarding(true);
        Ipv4Plan ipv4Plan = plan.ipv4();
        if (ipv4Plan != null) {
            Ipv4Services.takeAddresses(ipv4Plan, ip);
        }
        Ipv6Plan ipv6Plan = plan.ipv6();
        if (ipv6Plan != null) {
            Ipv6Services.takeAddresses(ipv6Plan, ip);
        }
        guard = new LeaseGuard(stations);
        ip.guard(guard);
        ip.shares(stations::share);
        AddressPolicy policy = plan.policy(config.access());
        UdpDatagramWriter udpWriter = new UdpDatagramWriter(ip);
        tcp = new TcpNat(loop, ip, policy, host.sockets(), stations::writable, random);
        udp = new UdpNat(loop, ip, policy, host.sockets(), udpWriter, drops, config.filtering());
        echo = new EchoNat(loop, ip, policy, host.echoes(), config.outbound(), news);
        forwards = new Forwards(loop, policy, host.sockets(), tcp, udp, udpWriter, defaultGuest(plan));
        ip.handler(IpProtocol.TCP, tcp);
        ip.handler(IpProtocol.UDP, udp);
        ip.echoForwarder(echo);
        ip.undeliverable(tcp::undeliverable);
        ip.icmpListener(tcp.icmpListener());
        DatagramServices services = new DatagramServices(udp, udpWriter, stations::share);
        Leases leases = new Leases(news);
        ipv4 = ipv4Plan == null ? null : new Ipv4Services(ipv4Plan, config, loop, services, leases);
        ipv6 = ipv6Plan == null ? null : new Ipv6Services(ipv6Plan, config, loop, ip, services, leases, random);
        hostRecords = config.ownNames().hostRecords();
        names = new LocalNames(
                plan.names(),
                config.names().domain().toLowerCase(Locale.ROOT),
                config.dhcp().leases(),
                plan::contains,
                hostRecords,
                config.ownNames().blocked());
        dns = new DnsRelay(
                loop, names, config.access().outside(), host.resolvers(), host.dns(), services, drops, random);
        for (IpAddress resolver : config.services().dns() ? plan.resolvers() : List.<IpAddress>of()) {
            services.register(resolver, DNS_PORT, dns);
            tcp.listen(resolver, DNS_PORT, new StreamServices(dns));
        }
        tftp = new TftpServer(
                config.boot().files(), config.mtu(), loop, host.elsewhere(), host.onLoop(), services, services, random);
        plan.hosts().forEach(address -> services.register(address, TftpMessage.PORT, tftp));
        for (GuestForward forward : config.guestForwards()) {
            ip.address(forward.server(), plan.network(forward.server()));
            tcp.forward(forward);
        }
    }

    /** Whom forwards lead to that name no guest. */
    private static IpAddress defaultGuest(AddressPlan plan) {
        Ipv4Plan ipv4 = plan.ipv4();
        return ipv4 == null ? new IpAddress(0, 0) : ipv4.dhcpFirst();
    }

    private void emit(Frame frame) {
        FrameReceiver lan = receiver;
        if (lan != null) {
            lan.receive(frame);
        }
    }

    /**
     * Opens a forward.
     *
     * @throws HostSocketException if the host's address cannot be had
     */
    public OpenForward forward(ForwardRule rule) {
        return forwards.open(rule);
    }

    /** The user's names for addresses, which may be changed. */
    public HostRecords hostRecords() {
        return hostRecords;
    }

    /** The forwards that are open. */
    public List<OpenForward> forwards() {
        return forwards.open();
    }

    /** Closes a forward; its connections go on. False if it was closed before. */
    public boolean close(OpenForward forward) {
        return forwards.close(forward);
    }

    /** What guests hold, of both families. */
    public List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        if (ipv4 != null) {
            leases.addAll(ipv4.leases());
        }
        if (ipv6 != null) {
            leases.addAll(ipv6.leases());
        }
        return leases;
    }

    /** The flows that there are now. */
    public List<FlowSnapshot> flows() {
        List<FlowSnapshot> flows = new ArrayList<>();
        tcp.flows().forEach(flow -> flows.add(flow.snapshot()));
        flows.addAll(udp.flows());
        flows.addAll(echo.flows());
        return flows;
    }

    /** Tells {@code listener} of leases from now on. */
    public void leaseListener(LeaseListener listener) {
        leaseListener = listener;
    }

    /** Tells {@code listener} of flows from now on. */
    public void flowListener(FlowListener listener) {
        tcp.flowListener(listener);
        udp.flowListener(listener);
        echo.flowListener(listener);
    }

    /** Ends a flow, both sides hearing of it if they can; false if there is none of that {@link FlowSnapshot#number}. */
    public boolean kill(FlowSnapshot.Protocol protocol, long number) {
        return switch (protocol) {
            case TCP -> tcp.kill(number);
            case UDP -> udp.kill(number);
            case ICMP -> echo.kill(number);
        };
    }

    /** Some port of the Lan takes frames again. */
    public void portsWritable() {
        tcp.portsWritable();
    }

    /** How many flows were ever opened. */
    public long flowsOpened() {
        return tcp.opened() + udp.opened();
    }

    // ---- the port

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        this.receiver = receiver;
        if (ipv6 != null) {
            ipv6.start();
        }
    }

    /** A frame from a guest. */
    @Override
    public void send(Frame frame) {
        try {
            ip.receive(frame);
        } catch (RuntimeException | OutOfMemoryError e) {
            // Whatever a guest sends, it costs that frame: neither the guest its link nor others anything.
            drops.count(DropReason.INTERNAL_ERROR);
            frame.drop(DropReason.INTERNAL_ERROR);
            if (!faultTold) {
                faultTold = true;
                news.accept("a frame was dropped by a fault in the gateway, please report it: " + e);
            }
        }
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public Offload offload() {
        return Offload.ALL;
    }

    /** Resets all connections and closes all host sockets. Harmless when repeated. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        forwards.close();
        tcp.close();
        udp.close();
        echo.close();
        if (ipv4 != null) {
            ipv4.close();
        }
        if (ipv6 != null) {
            ipv6.close();
        }
        dns.close();
        tftp.close();
        ip.close();
    }

    private final class Leases implements LeaseListener {

        private final Consumer<String> news;

        Leases(Consumer<String> news) {
            this.news = news;
        }

        @Override
        public void bound(Lease lease) {
            guard.bound(lease);
            names.bound(lease);
            ip.learn(lease.address(), lease.mac().value());
            String name = lease.hostname().isEmpty() ? "" : " (" + lease.hostname() + ")";
            news.accept("guest " + lease.mac() + name + " has address " + lease.address());
            leaseListener.bound(lease);
        }

        @Override
        public void released(Lease lease) {
            guard.released(lease);
            names.released(lease);
            news.accept("guest " + lease.mac() + " has given up address " + lease.address());
            leaseListener.released(lease);
        }
    }
}
