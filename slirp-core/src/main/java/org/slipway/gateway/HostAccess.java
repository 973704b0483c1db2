package org.slipway.gateway;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slipway.nat.EchoSockets;
import org.slipway.nat.HostSockets;
import org.slipway.service.DnsUpstream;

/**
 * What of the host a gateway uses on behalf of its guests; in tests, a host that is not there.
 *
 * @param sockets TCP, UDP and Unix sockets
 * @param echoes ping sockets
 * @param dns the way to resolvers
 * @param resolvers whom to ask, in order; asked for each query
 * @param elsewhere runs what may block; bounded, may reject
 * @param onLoop runs on the network's loop what comes back from there
 */
public record HostAccess(
        HostSockets sockets,
        EchoSockets echoes,
        DnsUpstream dns,
        Supplier<List<InetSocketAddress>> resolvers,
        Executor elsewhere,
        Executor onLoop) {

    /** A host whose files are read at once, whoever waits for it: for tests. */
    public HostAccess(
            HostSockets sockets, EchoSockets echoes, DnsUpstream dns, Supplier<List<InetSocketAddress>> resolvers) {
        this(sockets, echoes, dns, resolvers, Runnable::run, Runnable::run);
    }
}
