package org.slipway.gateway;

import java.util.List;
import org.slipway.wire.RouterAdvertisement;
import org.slipway.wire.RouterAdvertisement.Prefix;

/** What the gateway says of itself and of the link in router advertisements; times as libslirp has them. */
final class Advertisements {

    private static final int HOP_LIMIT = 64;
    private static final int ROUTER_LIFETIME_SECONDS = 1800;
    private static final long VALID_SECONDS = 86_400;
    private static final long PREFERRED_SECONDS = 14_400;

    /** RFC 8106 5.1: three times the longest interval between advertisements. */
    private static final long DNS_LIFETIME_SECONDS = 1800;

    private Advertisements() {}

    /**
     * Guests make addresses of their own where the prefix lets them, else they get them by DHCPv6; other things are there in
     * any case.
     * If there is nothing beyond the link that they may reach, this is neither a router (RFC 4861 6.2.3: a lifetime of 0) nor
     * has it a resolver.
     */
    static RouterAdvertisement of(Ipv6Plan plan, GatewayConfig config) {
        boolean outside = config.access().outside();
        int flags = plan.isAutonomous() ? Prefix.ON_LINK | Prefix.AUTONOMOUS : Prefix.ON_LINK;
        return new RouterAdvertisement(
                HOP_LIMIT,
                config.services().dhcp() ? managed(plan) : 0,
                outside ? ROUTER_LIFETIME_SECONDS : 0,
                config.plan().gatewayMac().value(),
                config.mtu(),
                List.of(new Prefix(plan.prefix(), flags, VALID_SECONDS, PREFERRED_SECONDS)),
                config.hasResolver() ? List.of(plan.dns()) : List.of(),
                config.names().search(),
                DNS_LIFETIME_SECONDS);
    }

    private static int managed(Ipv6Plan plan) {
        return plan.isAutonomous()
                ? RouterAdvertisement.OTHER
                : RouterAdvertisement.MANAGED | RouterAdvertisement.OTHER;
    }
}
