package org.slipway.gateway;

import java.util.List;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.nat.GuestForward;
import org.slipway.service.DhcpConfig;
import org.slipway.service.DhcpServer;
import org.slipway.service.Lease;
import org.slipway.service.LeaseListener;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.IpAddress;

/** What only IPv4 has at the gateway: its addresses, and DHCP. */
final class Ipv4Services {

    private static final int DHCP_SERVER_PORT = 67;
    private static final IpAddress BROADCAST = IpAddress.parse("255.255.255.255");

    private final DhcpServer dhcp;

    Ipv4Services(Ipv4Plan plan, GatewayConfig config, Loop loop, DatagramServices services, LeaseListener listener) {
        NetBoot boot = config.boot();
        DhcpConfig told = DhcpConfig.of(
                        plan.network(), plan.host(), plan.dns(), plan.dhcpFirst(), plan.dhcpLast(), config.mtu())
                .booting(boot.bootFile(), options(boot, config.names()))
                .reserving(config.guestForwards().stream()
                        .map(GuestForward::server)
                        .toList());
        if (!config.access().outside()) {
            told = told.isolated();
        }
        if (!config.services().dns()) {
            told = told.withoutResolver();
        }
        dhcp = new DhcpServer(told, loop, services, listener);
        if (!config.services().dhcp()) {
            return;
        }
        for (IpAddress address : List.of(BROADCAST, plan.network().ipv4Broadcast(), plan.host())) {
            services.register(address, DHCP_SERVER_PORT, dhcp);
        }
    }

    private static DhcpOptions options(NetBoot boot, ToldNames names) {
        DhcpOptions.Builder options = new DhcpOptions.Builder();
        if (!names.host().isEmpty()) {
            options.putText(DhcpOptions.HOST_NAME, names.host());
        }
        if (!names.domain().isEmpty()) {
            options.putText(DhcpOptions.DOMAIN_NAME, names.domain());
        }
        if (!names.search().isEmpty()) {
            options.putNames(DhcpOptions.DOMAIN_SEARCH, names.search());
        }
        if (!boot.serverName().isEmpty()) {
            options.putText(DhcpOptions.TFTP_SERVER_NAME, boot.serverName());
        }
        if (boot.isHttp()) {
            options.putText(DhcpOptions.VENDOR_CLASS, "HTTPClient");
        }
        return options.build();
    }

    static void takeAddresses(Ipv4Plan plan, IpHost ip) {
        ip.address(plan.host(), plan.network());
        if (plan.network().contains(plan.dns())) {
            ip.address(plan.dns(), plan.network());
        }
    }

    /** What guests hold. */
    List<Lease> leases() {
        return dhcp.leases();
    }

    void close() {
        dhcp.close();
    }
}
