package org.slipway.gateway;

import java.net.InetSocketAddress;
import java.util.List;
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
 */
public record HostAccess(
        HostSockets sockets, EchoSockets echoes, DnsUpstream dns, Supplier<List<InetSocketAddress>> resolvers) {}
