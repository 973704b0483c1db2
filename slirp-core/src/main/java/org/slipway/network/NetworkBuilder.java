package org.slipway.network;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.GatewayConfig;
import org.slipway.link.LinkConfig;
import org.slipway.wire.MacAddress;

/** Puts a network together. Not thread-safe; one builder makes one network. */
public final class NetworkBuilder {

    @Nullable
    GatewayConfig gateway;

    final List<LinkConfig> links = new ArrayList<>();

    final Map<String, MacAddress> guests = new LinkedHashMap<>();

    @Nullable
    Path recording;

    @Nullable
    PrintStream live;

    NetworkListener listener = NetworkListener.SILENT;

    @Nullable
    NetworkEvents events;

    HostExtras hostExtras = HostExtras.NONE;
    RandomGenerator random = new SecureRandom();

    /** Adds the gateway: {@code user,…}. At most one. */
    public NetworkBuilder gateway(GatewayConfig config) {
        gateway = config;
        return this;
    }

    /** Adds a socket over which guests plug in. */
    public NetworkBuilder link(LinkConfig config) {
        links.add(config);
        return this;
    }

    /** Adds a guest in memory, which {@link Network#guest} gives; {@code name} and {@code mac} are its own alone. */
    public NetworkBuilder guest(String name, MacAddress mac) {
        if (guests.containsValue(mac) || guests.putIfAbsent(name, mac) != null) {
            throw new IllegalArgumentException("another guest has the name " + name + " or the address " + mac);
        }
        return this;
    }

    /** Records all that passes to a pcapng file. */
    public NetworkBuilder record(Path file) {
        recording = file;
        return this;
    }

    /** Prints one line a packet to {@code out}, from a thread of its own. */
    public NetworkBuilder live(PrintStream out) {
        live = out;
        return this;
    }

    /** Tells {@code listener} what happens. */
    public NetworkBuilder listener(NetworkListener listener) {
        this.listener = listener;
        return this;
    }

    /** Tells {@code events} what happens, for programs. */
    public NetworkBuilder events(NetworkEvents events) {
        this.events = events;
        return this;
    }

    /** What the host can do beyond Java; without this, pings to the outside are not answered. */
    public NetworkBuilder hostExtras(HostExtras extras) {
        hostExtras = extras;
        return this;
    }

    /** Where unpredictable numbers come from: SecureRandom, unless a test wants the same ones each time. */
    public NetworkBuilder random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /**
     * Starts the network: when this returns, all listening sockets are bound.
     *
     * @throws NetworkException if something cannot be had; nothing is left behind then
     */
    public Network start() {
        return NetworkRuntime.start(this);
    }
}
