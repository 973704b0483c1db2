package org.slipway.network;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slipway.capture.LiveView;
import org.slipway.capture.PcapngRecorder;
import org.slipway.capture.RecordingException;
import org.slipway.capture.RecordingPort;
import org.slipway.gateway.Gateway;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.HostAccess;
import org.slipway.gateway.SmbShare;
import org.slipway.guest.Guest;
import org.slipway.lan.Lan;
import org.slipway.lan.Port;
import org.slipway.link.Endpoint;
import org.slipway.link.GuestNames;
import org.slipway.link.LinkConfig;
import org.slipway.link.LinkContext;
import org.slipway.link.LinkException;
import org.slipway.link.QemuConnector;
import org.slipway.link.QemuListener;
import org.slipway.link.SocketFile;
import org.slipway.loop.NettyLoop;
import org.slipway.loop.Transport;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.GuestForward;
import org.slipway.nat.HostSocketException;
import org.slipway.nat.HostSockets;
import org.slipway.nat.NettyHostSockets;
import org.slipway.nat.SocketProcesses;
import org.slipway.network.NetworkListener.Kind;
import org.slipway.service.NettyDnsUpstream;
import org.slipway.service.ResolvConf;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** A network on its own event loop: one thread, on which all of it lives but the writing of recordings. */
final class NetworkRuntime implements Network {

    private static final long SHUTDOWN_SECONDS = 2;

    private final Transport transport = Transport.best();
    private final IoEventLoopGroup group = transport.newGroup(new DefaultThreadFactory("slipway-network", true));
    private final IoEventLoop eventLoop = group.next();
    private final NettyLoop loop = new NettyLoop(eventLoop, Clock.systemUTC());
    private final ThreadPoolExecutor blocking = blockingExecutor();
    private final DropCounters drops = new DropCounters();
    private final Lan lan = new Lan(loop, drops);
    private final NetworkListener listener;
    private final @Nullable LiveView live;
    private final Recordings recordings;
    private final @Nullable EventSource events;
    private final GuestNames guestNames = new GuestNames(GuestNames.DEFAULT_LIMIT);
    private final GuestPorts guests;
    private final List<String> openedForwards = new ArrayList<>();
    private final List<BoundLink> listening = new ArrayList<>();
    private final List<Runnable> linkClosers = new ArrayList<>();
    private final Map<String, InMemoryGuest> inMemory = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final List<IpPrefix> networks;
    private final long startedNanos = loop.nanoTime();
    private @Nullable Gateway gateway;
    private @Nullable Port gatewayPort;
    private @Nullable FileSharing sharing;

    /** Counted down on the loop. */
    private int linksAlive;

    private boolean closed;
    private @Nullable Control control;
    private @Nullable NetworkSummary last;

    private NetworkRuntime(NetworkBuilder builder) {
        listener = builder.listener;
        linksAlive = builder.links.size();
        networks = builder.gateway == null ? List.of() : builder.gateway.plan().networks();
        PcapngRecorder recorder;
        try {
            recorder = builder.recording == null ? null : openRecorder(builder.recording);
        } catch (RuntimeException e) {
            group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
            throw e;
        }
        live = builder.live == null ? null : new LiveView(builder.live, loop);
        recordings = new Recordings(live, recorder);
        NetworkEvents heard = builder.events;
        events = heard == null ? null : new EventSource(heard, loop, lan, drops);
        guests = new GuestPorts(lan, loop, drops, listener, recordings, heard == null ? new NetworkEvents() {} : heard);
    }

    /** Opens a recording; throws RecordingException. */
    PcapngRecorder openRecorder(Path file) {
        return PcapngRecorder.open(file, loop, this::warn);
    }

    /** Tells the listener on the loop, as long as there is one. */
    private void warn(String text) {
        if (loop.inLoop() || eventLoop.isShuttingDown()) {
            listener.event(Kind.WARNING, text);
        } else {
            eventLoop.execute(() -> listener.event(Kind.WARNING, text));
        }
    }

    /** Work that may block leaves the loop: one thread, which ends when idle, and a bounded queue. */
    private static ThreadPoolExecutor blockingExecutor() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(64),
                new DefaultThreadFactory("slipway-blocking", true));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    static Network start(NetworkBuilder builder) {
        NetworkRuntime network;
        try {
            network = new NetworkRuntime(builder);
        } catch (RecordingException e) {
            throw new NetworkException(Objects.toString(e.getMessage()), e);
        }
        try {
            GatewayConfig config = builder.gateway;
            if (config != null) {
                config.forwards().forEach(NetworkRuntime::makeWay);
                network.share(config, builder);
                network.onLoop(() -> network.addGateway(config, builder));
            }
            network.onLoop(network::tellEvents);
            builder.guests.forEach((name, mac) -> network.onLoop(() -> network.addGuest(name, mac, builder)));
            for (LinkConfig link : builder.links) {
                network.open(link);
            }
            // Only now is it sure that they stay.
            network.onLoop(network::announceForwards);
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
        return network;
    }

    private @Nullable Void tellEvents() {
        EventSource told = events;
        Gateway present = gateway;
        if (told != null) {
            told.start();
        }
        if (told != null && present != null) {
            present.flowListener(told);
            present.leaseListener(told);
        }
        return null;
    }

    private @Nullable Void announceForwards() {
        openedForwards.forEach(text -> listener.event(Kind.INFO, text));
        FileSharing shared = sharing;
        if (shared != null) {
            listener.event(Kind.INFO, shared.description());
        }
        return null;
    }

    // ---- putting together

    private void share(GatewayConfig config, NetworkBuilder builder) {
        SmbShare smb = config.services().smb();
        if (smb != null) {
            sharing = FileSharing.start(smb, builder.hostExtras.processes(eventLoop), blocking, listener);
        }
    }

    private @Nullable Void addGateway(GatewayConfig asked, NetworkBuilder builder) {
        FileSharing shared = sharing;
        GatewayConfig config = shared == null ? asked : leadingTo(shared, asked);
        List<InetSocketAddress> fixed = config.resolvers();
        Supplier<List<InetSocketAddress>> resolvers =
                fixed.isEmpty() ? new ResolvConf(ResolvConf.DEFAULT, loop, blocking) : () -> fixed;
        NettyHostSockets sockets = new NettyHostSockets(
                eventLoop,
                transport,
                builder.hostExtras.udpErrors(eventLoop),
                config.outbound(),
                shared == null ? SocketProcesses.NONE : shared.processes());
        requireOwn(sockets, config.outbound().ipv4(), "outbound-addr");
        requireOwn(sockets, config.outbound().ipv6(), "outbound-addr6");
        HostAccess host = new HostAccess(
                sockets,
                builder.hostExtras.echoSockets(eventLoop),
                new NettyDnsUpstream(
                        eventLoop,
                        new ReflectiveChannelFactory<>(transport.udp()),
                        new ReflectiveChannelFactory<>(transport.tcpClient()),
                        config.outbound()::toward),
                resolvers,
                blocking,
                eventLoop);
        Gateway added = new Gateway(
                config,
                loop,
                drops,
                host,
                new LanStations(lan),
                builder.random,
                text -> listener.event(Kind.INFO, text));
        gateway = added;
        Port port = live == null ? added : new RecordingPort(added, loop, List.of(live));
        gatewayPort = port;
        lan.attach(port);
        lan.pin(config.plan().gatewayMac(), port);
        lan.onWritable(added::portsWritable);
        for (ForwardRule rule : config.forwards()) {
            openForward(added, rule);
        }
        return null;
    }

    /** Guests can speak from no address that the host has not. */
    private static void requireOwn(HostSockets sockets, @Nullable IpAddress address, String option) {
        if (address == null) {
            return;
        }
        try {
            sockets.openUdp(new InetSocketAddress(address.toInetAddress(), 0), address.isIpv4(), (payload, from) -> {})
                    .close();
        } catch (HostSocketException e) {
            throw new NetworkException(
                    option + "=" + address + " is not an address of this host: " + e.getMessage(), e);
        }
    }

    private static GatewayConfig leadingTo(FileSharing sharing, GatewayConfig config) {
        List<GuestForward> forwards = new ArrayList<>(config.guestForwards());
        forwards.addAll(sharing.forwards());
        return config.leading(forwards);
    }

    /** Removes the Unix socket that an earlier process left behind. Not on the loop, as it touches the file system. */
    static void makeWay(ForwardRule rule) {
        SocketFile file = SocketFile.of(rule.local());
        if (file != null) {
            try {
                file.makeWay();
            } catch (IOException e) {
                throw cannotForward(rule, e);
            }
        }
    }

    static NetworkException cannotForward(ForwardRule rule, Exception why) {
        return new NetworkException(
                "Could not set up host forwarding rule '" + rule.description() + "': " + why.getMessage(), why);
    }

    private void openForward(Gateway to, ForwardRule rule) {
        try {
            SocketAddress local = to.forward(rule).local();
            openedForwards.add("forward " + rule.description() + " listens on " + Endpoint.text(local));
        } catch (HostSocketException e) {
            throw cannotForward(rule, e);
        }
    }

    private @Nullable Void addGuest(String name, MacAddress mac, NetworkBuilder builder) {
        Guest guest = new Guest(name, mac, loop, drops, builder.random);
        guests.plugged(guest);
        linkClosers.add(() -> guests.unplugged(guest));
        inMemory.put(name, new InMemoryGuest(guest, eventLoop));
        return null;
    }

    private void open(LinkConfig config) {
        LinkContext context = new LinkContext(transport, eventLoop, loop, drops, guestNames, guests);
        try {
            if (config instanceof LinkConfig.Listen listen) {
                QemuListener server = new QemuListener(context, listen);
                linkClosers.add(server::close);
                listening.add(new BoundLink(listen, server.start().join()));
            } else if (config instanceof LinkConfig.Connect connect) {
                QemuConnector connector = new QemuConnector(context, connect);
                linkClosers.add(connector::close);
                connector.start().join();
                connector.ended().thenRunAsync(this::linkEnded, eventLoop);
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof LinkException cause) {
                throw new NetworkException(config.description() + ": " + cause.getMessage(), cause);
            }
            throw e;
        }
    }

    private void linkEnded() {
        if (--linksAlive == 0) {
            stopped.complete(null);
        }
    }

    // ---- running

    /** Runs {@code task} on the loop and waits for it; exceptions of ours pass. */
    <T extends @Nullable Object> T onLoop(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            eventLoop.execute(() -> {
                try {
                    result.complete(task.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new NetworkException("the network is closed", e);
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public synchronized Control control() {
        Control made = control;
        if (made == null) {
            made = new RunningControl(this, loop, lan, guests, recordings, gateway, networks, startedNanos);
            control = made;
        }
        return made;
    }

    @Override
    public List<BoundLink> listeningLinks() {
        return List.copyOf(listening);
    }

    @Override
    public InMemoryGuest guest(String name) {
        InMemoryGuest guest = inMemory.get(name);
        return guest != null ? guest : Network.super.guest(name);
    }

    @Override
    public synchronized NetworkSummary summary() {
        NetworkSummary whenClosed = last;
        return whenClosed != null ? whenClosed : onLoop(this::summarize);
    }

    private NetworkSummary summarize() {
        GuestPorts.Totals totals = guests.totals();
        Gateway present = gateway;
        return new NetworkSummary(
                guests.guests(),
                totals.framesIn,
                totals.framesOut,
                totals.bytesIn,
                totals.bytesOut,
                present == null ? 0 : present.flowsOpened(),
                drops.snapshot(),
                recordings.summary(),
                live == null ? 0 : live.captured());
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // In turns of their own, so that guests still hear of the end of their connections: a port's queue goes to the
        // back of the turn twice before it is flushed.
        onLoop(this::closeGateway);
        onLoop(() -> null);
        NetworkSummary summary = onLoop(() -> {
            NetworkSummary beforeLinks = summarize();
            linkClosers.forEach(Runnable::run);
            if (events != null) {
                events.tellDrops();
            }
            return beforeLinks;
        });
        group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
        blocking.shutdownNow();
        if (sharing != null) {
            sharing.close();
        }
        if (live != null) {
            live.close();
        }
        PcapngRecorder recorder = recordings.current();
        if (recorder != null) {
            recorder.close();
        }
        last = new NetworkSummary(
                summary.guests(),
                summary.framesFromGuests(),
                summary.framesToGuests(),
                summary.bytesFromGuests(),
                summary.bytesToGuests(),
                summary.flows(),
                summary.drops(),
                recordings.summary(),
                summary.packetsShown());
        stopped.complete(null);
    }

    private @Nullable Void closeGateway() {
        Gateway present = gateway;
        Port port = gatewayPort;
        if (present != null && port != null) {
            present.close();
            lan.detach(port);
        }
        return null;
    }
}
