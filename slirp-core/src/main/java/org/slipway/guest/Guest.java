package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;
import org.slipway.wire.Ipv6Packet;
import org.slipway.wire.MacAddress;

/**
 * A small guest in memory. It plugs into a {@link org.slipway.lan.Lan} like the network card of a virtual machine:
 * <pre>
 * Guest guest = new Guest("vm1", mac, loop, drops, random);
 * lan.attach(new SegmentingPort(guest, drops));
 * guest.lease()
 *         .thenCompose(address -> guest.connect(address.router(), 80))
 *         .thenCompose(stream -> {
 *             stream.send(request);
 *             return stream.readAll(1 << 20);
 *         })
 *         .thenAccept(…);
 * </pre>
 * Everything is called on the network's loop, where futures complete, too; what fails, fails with a {@link GuestException}
 * of one line. Who waits for a future there waits for ever. From other threads a guest is used by
 * {@code org.slipway.network.InMemoryGuest}.
 *
 * <p>Its frames are complete: with all checksums, and no longer than the MTU. What it gets it verifies, so it is attached
 * with a {@link org.slipway.lan.SegmentingPort} around it.
 */
public final class Guest implements Port {

    /** Why everything under way fails when the guest is closed. */
    static final String UNPLUGGED = "the guest was unplugged";

    private final MacAddress mac;
    private final Loop loop;
    private final Nic nic;
    private final IpHost ip;
    private final UdpPorts udp;
    private final TcpEndpoints tcp;
    private final Pinger pinger;
    private final DhcpClient dhcp;
    private final DnsClient dns;
    private final Autoconfiguration ipv6;
    private @Nullable GuestAddress address;

    /**
     * A guest without an address.
     *
     * @param name the port's name, and the host name that it tells DHCP servers
     * @param mac the card's address
     * @param drops where drops are counted
     * @param random for ports and sequence numbers; unpredictable where peers may be hostile
     */
    public Guest(String name, MacAddress mac, Loop loop, DropCounters drops, RandomGenerator random) {
        this.mac = mac;
        this.loop = loop;
        ip = new IpHost(loop, drops, mac, GuestAddress.DEFAULT_MTU, this::transmit, random);
        nic = new Nic(name, loop, drops, ip::receive);
        udp = new UdpPorts(ip, random);
        tcp = new TcpEndpoints(loop, ip, random);
        pinger = new Pinger(loop, ip, random);
        dhcp = new DhcpClient(loop, drops, udp, mac, name, random, this::address);
        dns = new DnsClient(loop, drops, ip, udp, this::resolvers, random);
        ipv6 = new Autoconfiguration(loop, ip, mac);
        Unreachables unreachables = new Unreachables(pinger, tcp);
        ip.handler(IpProtocol.UDP, udp);
        ip.handler(IpProtocol.TCP, tcp);
        ip.ndpListener(ipv6);
        ip.icmpListener(unreachables::receive);
        ip.undeliverable(unreachables::undeliverable);
    }

    private void transmit(Frame frame) {
        nic.transmit(frame);
    }

    /** Whom it asks for names, in order. */
    List<IpAddress> resolvers() {
        GuestAddress current = address;
        List<IpAddress> all = new ArrayList<>(current == null ? List.of() : current.dns());
        all.addAll(ipv6.resolvers());
        return all;
    }

    // ---- addresses

    /** Leases an IPv4 address by DHCP and takes it, with router, resolvers and MTU; gives up after 15 seconds. */
    public CompletableFuture<GuestAddress> lease() {
        requireLoop();
        return dhcp.lease();
    }

    /** Takes an IPv4 address, in place of the one it may have, and announces it. */
    public void address(GuestAddress address) {
        requireLoop();
        GuestAddress before = this.address;
        if (before != null) {
            ip.removeAddress(before.address());
        }
        this.address = address;
        ip.address(address.address(), address.prefix());
        ip.defaultRouter(address.router());
        ip.mtu(address.mtu());
        ip.ipv6Mtu(ipv6.mtu() == 0 ? Math.max(Ipv6Packet.MIN_MTU, address.mtu()) : ipv6.mtu());
        ip.announce(address.address());
    }

    /** The IPv4 address that it has, or null. */
    public @Nullable GuestAddress address() {
        requireLoop();
        return address;
    }

    /**
     * Takes an IPv6 address in each network of which a router tells (RFC 4862), with the router, its resolvers and its MTU,
     * and follows what routers tell from then on. Completes with the first of these addresses; gives up after 11 seconds.
     * Where another station has the address, it fails.
     */
    public CompletableFuture<IpAddress> autoconfigure() {
        requireLoop();
        return ipv6.configure();
    }

    /** Takes the IPv6 address of the link, which takes a second, and needs no router; see {@link #autoconfigure}. */
    public CompletableFuture<IpAddress> linkLocal() {
        requireLoop();
        return ipv6.linkLocal();
    }

    /** All addresses that it has: that of IPv4, that of the link, and others of IPv6. */
    public List<IpAddress> addresses() {
        requireLoop();
        List<IpAddress> all = new ArrayList<>();
        GuestAddress current = address;
        if (current != null) {
            all.add(current.address());
        }
        all.addAll(ipv6.addresses());
        return all;
    }

    /** The largest IP packet that it sends in a family, in bytes. */
    int mtu(boolean ipv4) {
        return ip.mtuTowards(ipv4 ? IpAddress.ipv4(0) : new IpAddress(0, 0));
    }

    /** The card's address. */
    public MacAddress mac() {
        return mac;
    }

    // ---- what it can do

    /** Sends one echo request; completes with the round-trip time, or fails after 5 seconds. */
    public CompletableFuture<Duration> ping(IpAddress destination) {
        requireLoop();
        return pinger.ping(destination);
    }

    /** The addresses of a name in both families, at least one, the best first (RFC 6724); gives up after 15 seconds. */
    public CompletableFuture<List<IpAddress>> resolve(String name) {
        requireLoop();
        return dns.resolve(name);
    }

    /** Opens a TCP connection to {@code port}, 1 to 65535; gives up after 15 seconds. */
    public CompletableFuture<GuestStream> connect(IpAddress remote, int port) {
        requireLoop();
        requirePort(port);
        return tcp.connect(remote, port);
    }

    /**
     * Takes TCP connections to {@code port}, 1 to 65535, from now on.
     *
     * @param acceptor is given each connection that is open; one for which it throws is reset
     */
    public void listen(int port, Consumer<GuestStream> acceptor) {
        requireLoop();
        requirePort(port);
        tcp.listen(port, acceptor);
    }

    /** Sends a datagram: the readable bytes of {@code payload}, borrowed, 65,507 at most (IPv6: 65,527). Ports are 1 to 65535. */
    public void sendUdp(int sourcePort, IpAddress destination, int destinationPort, ByteBuf payload) {
        requireLoop();
        requirePort(sourcePort);
        requirePort(destinationPort);
        udp.send(ip.sourceFor(destination), sourcePort, destination, destinationPort, payload);
    }

    /** As the other method, from {@code source}, an address that it has: an answer comes from where the question went. */
    public void sendUdp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, ByteBuf payload) {
        requireLoop();
        requirePort(sourcePort);
        requirePort(destinationPort);
        if (!ip.isLocal(source) || source.isIpv4() != destination.isIpv4()) {
            throw new IllegalArgumentException(
                    "guest " + name() + " cannot send from " + source + " to " + destination);
        }
        udp.send(source, sourcePort, destination, destinationPort, payload);
    }

    /** Gives the datagrams that come to {@code port}, 1 to 65535, to {@code listener} from now on. */
    public void onUdp(int port, GuestUdpListener listener) {
        requireLoop();
        requirePort(port);
        udp.bind(port, listener);
    }

    private void requireLoop() {
        if (!loop.inLoop()) {
            throw new IllegalStateException("guest " + name() + " is used outside its network's loop");
        }
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
        }
    }

    // ---- the port

    @Override
    public String name() {
        return nic.name();
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        nic.receiver(receiver);
    }

    /** A frame for the guest, which looks at it at the end of the turn. */
    @Override
    public void send(Frame frame) {
        nic.send(frame);
    }

    @Override
    public boolean writable() {
        return nic.writable();
    }

    @Override
    public Offload offload() {
        return nic.offload();
    }

    /** Pulls the plug: all that is under way fails, and peers hear nothing. */
    @Override
    public void close() {
        nic.close();
        dhcp.close();
        dns.close();
        ipv6.close();
        pinger.close();
        tcp.close();
        ip.close();
    }

    @Override
    public String toString() {
        return name() + " (" + mac + ")";
    }
}
