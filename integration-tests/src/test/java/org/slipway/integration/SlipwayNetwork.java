package org.slipway.integration;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.link.LinkConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.network.NetworkSummary;

/** The network under test, in this process. */
final class SlipwayNetwork implements TestNetwork {

    private final Forwards forwards = new Forwards();
    private final Carrier carrier;
    private final Path recording;
    private final Network network;
    private final SocketAddress address;

    /** Starts a network with one link, whose socket and recording are in {@code directory}. */
    SlipwayNetwork(Carrier carrier, Path directory, InetSocketAddress resolver) {
        this.carrier = carrier;
        recording = directory.resolve("all.pcapng");
        LinkConfig link = carrier.link(directory);
        network = new NetworkBuilder()
                .gateway(new GatewayConfig(
                        AddressPlan.DEFAULT,
                        GatewayConfig.DEFAULT_MTU,
                        FORWARDED.stream().map(this::rule).toList(),
                        List.of(resolver)))
                .link(link)
                .record(recording)
                .listener((kind, text) -> System.out.println(carrier + " " + kind + ": " + text))
                .start();
        address = link instanceof LinkConfig.Connect connect
                ? connect.remote()
                : network.listeningLinks().get(0).local();
    }

    private ForwardRule rule(int guestPort) {
        return new ForwardRule(
                forwards.option(guestPort), ForwardRule.Protocol.TCP, forwards.local(guestPort), null, guestPort);
    }

    @Override
    public GuestOptions plug(GuestOptions guest) {
        return guest.withNetdev(carrier.netdev(address));
    }

    @Override
    public int forwardTo(int guestPort) {
        return forwards.to(guestPort);
    }

    /** What the network did so far. */
    NetworkSummary summary() {
        return network.summary();
    }

    @Override
    public void close() {
        network.close();
    }

    @Override
    public Path recording() {
        return recording;
    }
}
