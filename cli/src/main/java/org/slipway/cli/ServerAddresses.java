package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.wire.IpAddress;

/** Addresses of the guests' network at which they find what this host serves. */
final class ServerAddresses {

    /** As QEMU has it: in networks larger than /24 the third byte is 2, and x.x.x.4 always. */
    private static final int FOURTH_IPV4 = 0x0204;

    private static final int FOURTH_IPV6 = 4;

    private ServerAddresses() {}

    /** Where guests find what is served without an address of its own: of each family that they have, IPv4 first. */
    static List<IpAddress> fourths(AddressPlan plan) {
        List<IpAddress> fourths = new ArrayList<>();
        Ipv4Plan ipv4 = plan.ipv4();
        if (ipv4 != null) {
            int network = ipv4.network().address().ipv4Bits();
            fourths.add(IpAddress.ipv4(network | FOURTH_IPV4 & ~ipv4.network().ipv4Mask()));
        }
        Ipv6Plan ipv6 = plan.ipv6();
        if (ipv6 != null) {
            IpAddress network = ipv6.prefix().address();
            fourths.add(new IpAddress(network.high(), network.low() + FOURTH_IPV6));
        }
        return fourths;
    }

    /** Whether {@code server} is an address for a guest, and not taken by the gateway. */
    static boolean isFree(IpAddress server, AddressPlan plan) {
        Ipv4Plan ipv4 = plan.ipv4();
        Ipv6Plan ipv6 = plan.ipv6();
        if (server.isIpv4()) {
            return ipv4 != null
                    && ipv4.network().contains(server)
                    && !List.of(
                                    ipv4.host(),
                                    ipv4.dns(),
                                    ipv4.network().address(),
                                    ipv4.network().ipv4Broadcast())
                            .contains(server);
        }
        return ipv6 != null
                && ipv6.prefix().contains(server)
                && !List.of(ipv6.host(), ipv6.dns(), ipv6.prefix().address()).contains(server);
    }
}
