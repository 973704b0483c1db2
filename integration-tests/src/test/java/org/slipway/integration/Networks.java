package org.slipway.integration;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.slipway.cli.guest.GuestOptions;

/** Makes the network that the scenarios run on. */
final class Networks {

    private Networks() {}

    static TestNetwork start(Carrier carrier, Path directory, InetSocketAddress resolver) {
        return Environment.onOracle()
                ? new LibslirpNetwork(directory.resolve("all.pcap"))
                : new SlipwayNetwork(carrier, directory, resolver);
    }

    /** Options of a guest on {@code network} that keeps its logs in {@code directory}. */
    static GuestOptions guest(TestNetwork network, Path directory) {
        return network.plug(GuestOptions.of(Environment.image(), directory));
    }
}
