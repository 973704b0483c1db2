package org.slipway.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slipway.link.LinkConfig;
import org.slipway.network.Control;
import org.slipway.network.Network;
import org.slipway.network.NetworkSummary;
import org.slipway.network.NetworkSummary.Recording;
import org.slipway.wire.DropReason;

/** A network of nothing: links are bound as asked, port 0 becomes 4000. */
final class FakeNetwork implements Network {

    final CompletableFuture<Void> stopped = new CompletableFuture<>();
    final List<BoundLink> links = new ArrayList<>();

    @Nullable
    Recording recording;

    int closed;

    FakeNetwork listen(String description, SocketAddress local) {
        SocketAddress bound = local instanceof InetSocketAddress inet && inet.getPort() == 0
                ? new InetSocketAddress(inet.getAddress(), 4000 + links.size())
                : local;
        links.add(new BoundLink(new LinkConfig.Listen(description, local), bound));
        return this;
    }

    /** One link on the loopback, as {@code socket,listen=127.0.0.1:0} makes it. */
    static FakeNetwork onLoopback() {
        return new FakeNetwork()
                .listen("socket,listen=127.0.0.1:0", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Override
    public List<BoundLink> listeningLinks() {
        return links;
    }

    @Override
    public Control control() {
        throw new UnsupportedOperationException("there is nothing to control");
    }

    @Override
    public NetworkSummary summary() {
        return new NetworkSummary(
                1,
                20,
                30,
                2000,
                3000,
                4,
                Map.of(DropReason.ARP_NOT_OURS, 2L, DropReason.IP_BAD_CHECKSUM, 5L),
                recording,
                0);
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    @Override
    public void close() {
        closed++;
        stopped.complete(null);
    }
}
