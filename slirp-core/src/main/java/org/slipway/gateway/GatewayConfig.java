package org.slipway.gateway;

import java.net.InetSocketAddress;
import java.util.List;
import org.slipway.nat.ForwardRule;

/**
 * What {@code user,…} says.
 *
 * @param plan who has which address
 * @param mtu largest IP packet towards guests in bytes, {@link #MIN_MTU} to {@link #MAX_MTU}; told by DHCP option 26
 * @param forwards from the host to guests
 * @param resolvers where DNS queries go, in the order of trying; empty: the host's own, from its resolv.conf
 */
public record GatewayConfig(AddressPlan plan, int mtu, List<ForwardRule> forwards, List<InetSocketAddress> resolvers) {

    /** Every IPv4 host takes packets of this size (RFC 791); libslirp's own lower bound is 68. */
    public static final int MIN_MTU = 576;

    /** As libslirp and slirp4netns bound it. */
    public static final int MAX_MTU = 65_521;

    public static final int DEFAULT_MTU = 1500;

    /** {@code user} without any option. */
    public static final GatewayConfig DEFAULT =
            new GatewayConfig(AddressPlan.DEFAULT, DEFAULT_MTU, List.of(), List.of());
}
