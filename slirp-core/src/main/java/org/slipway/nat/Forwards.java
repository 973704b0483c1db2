package org.slipway.nat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.IpAddress;

/** The host's listeners that lead to guests ({@code hostfwd=}). On the network's loop only. */
public final class Forwards {

    /** First of the ports that a client without a port of its own (Unix), or with a taken one, appears with. */
    static final int FIRST_MADE_UP_PORT = 49_152;

    private final Loop loop;
    private final AddressPolicy policy;
    private final HostSockets hostSockets;
    private final TcpNat tcp;
    private final UdpNat udp;
    private final UdpDatagramWriter writer;
    private final IpAddress defaultGuest;
    private final List<OpenForward> open = new ArrayList<>();
    private int madeUpPort = FIRST_MADE_UP_PORT;

    /**
     * @param defaultGuest where a rule leads that names no guest
     */
    public Forwards(
            Loop loop,
            AddressPolicy policy,
            HostSockets hostSockets,
            TcpNat tcp,
            UdpNat udp,
            UdpDatagramWriter writer,
            IpAddress defaultGuest) {
        this.loop = loop;
        this.policy = policy;
        this.hostSockets = hostSockets;
        this.tcp = tcp;
        this.udp = udp;
        this.writer = writer;
        this.defaultGuest = defaultGuest;
    }

    /**
     * Listens as {@code rule} says.
     *
     * @return the forward, with where it listens in fact
     * @throws HostSocketException if the host's address cannot be had, or guests have no addresses of that family
     */
    public OpenForward open(ForwardRule rule) {
        IpAddress named = rule.guestAddress();
        IpAddress guest = named == null ? defaultGuest : named;
        if (!policy.serves(guest)) {
            throw new HostSocketException(
                    "the network has no such guest: " + guest, new IllegalArgumentException(rule.description()));
        }
        OpenForward forward = rule.protocol() == ForwardRule.Protocol.UDP ? openUdp(rule, guest) : openTcp(rule, guest);
        open.add(forward);
        return forward;
    }

    private OpenForward openTcp(ForwardRule rule, IpAddress guest) {
        HostSockets.HostServer server =
                hostSockets.listen(rule.local(), (stream, client) -> accept(stream, client, guest, rule.guestPort()));
        return new OpenForward(rule, guest, server.local(), server::close);
    }

    private @Nullable HostStreamListener accept(
            HostStream stream, @Nullable InetSocketAddress client, IpAddress guest, int guestPort) {
        IpAddress shownAs =
                client == null ? policy.host(guest) : policy.toGuest(IpAddress.of(client.getAddress()), guest);
        TcpFlow flow = client == null ? null : tcp.openToGuest(guest, guestPort, shownAs, client.getPort());
        for (int tries = 0; flow == null && tries < 64; tries++) {
            flow = tcp.openToGuest(guest, guestPort, shownAs, nextMadeUpPort());
        }
        if (flow == null) {
            return null;
        }
        HostRelay relay = new HostRelay(tcp, flow);
        relay.accept(stream);
        return relay;
    }

    private int nextMadeUpPort() {
        int port = madeUpPort;
        madeUpPort = port == 0xffff ? FIRST_MADE_UP_PORT : port + 1;
        return port;
    }

    private OpenForward openUdp(ForwardRule rule, IpAddress guest) {
        UdpForward existing = udp.forward(guest, rule.guestPort());
        UdpForward forward =
                existing != null ? existing : new UdpForward(loop, policy, writer, guest, rule.guestPort());
        HostUdpSocket socket = forward.open(hostSockets, (InetSocketAddress) rule.local());
        udp.forward(guest, rule.guestPort(), forward);
        return new OpenForward(rule, guest, socket.local(), () -> {
            if (!forward.close(socket)) {
                udp.unforward(guest, rule.guestPort());
            }
        });
    }

    /** Those that are open, in the order in which they were opened. */
    public List<OpenForward> open() {
        return List.copyOf(open);
    }

    /** Listens no more for {@code forward}; its connections go on. False if it was closed before. */
    public boolean close(OpenForward forward) {
        boolean wasOpen = open.remove(forward);
        if (wasOpen) {
            forward.closer().run();
        }
        return wasOpen;
    }

    /** Listens no more. */
    public void close() {
        open().forEach(this::close);
    }
}
