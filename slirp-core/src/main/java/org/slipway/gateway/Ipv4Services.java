package org.slipway.gateway;

import java.util.ArrayList;
import java.util.List;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.nat.GuestForward;
import org.slipway.service.DhcpConfig;
import org.slipway.service.DhcpServer;
import org.slipway.service.Lease;
import org.slipway.service.LeaseListener;
import org.slipway.wire.ClasslessRoute;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** What only IPv4 has at the gateway: its addresses, and DHCP. */
final class Ipv4Services {

    private static final int DHCP_SERVER_PORT = 67;
    private static final IpAddress BROADCAST = IpAddress.parse("255.255.255.255");

    private static final IpPrefix EVERYWHERE = IpPrefix.of(IpAddress.ipv4(0), 0);

    private final DhcpServer dhcp;

    Ipv4Services(Ipv4Plan plan, GatewayConfig config, Loop loop, DatagramServices services, LeaseListener listener) {
        DhcpConfig told = DhcpConfig.of(
                        plan.network(), plan.host(), plan.dns(), plan.dhcpFirst(), plan.dhcpLast(), config.mtu())
                .booting(config.boot().bootFile(), options(plan, config))
                .reserving(config.guestForwards().stream()
                        .map(GuestForward::server)
                        .toList())
                .leasing(config.dhcp().leaseSeconds(), config.dhcp().leases(true));
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

    private static DhcpOptions options(Ipv4Plan plan, GatewayConfig config) {
        NetBoot boot = config.boot();
        ToldNames names = config.names();
        DhcpPlan dhcp = config.dhcp();
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
        if (!dhcp.timeServers(true).isEmpty()) {
            options.putAddresses(DhcpOptions.NTP_SERVERS, dhcp.timeServers(true));
        }
        if (!dhcp.routes().isEmpty()) {
            options.putRoutes(DhcpOptions.CLASSLESS_STATIC_ROUTE, routes(plan, config));
        }
        return options.putAll(dhcp.options()).build();
    }

    /** RFC 3442: who takes these routes takes no router of option 3, so the default route is among them. */
    private static List<ClasslessRoute> routes(Ipv4Plan plan, GatewayConfig config) {
        List<ClasslessRoute> routes = new ArrayList<>(config.dhcp().routes());
        boolean hasDefault =
                routes.stream().anyMatch(route -> route.destination().length() == 0);
        if (config.access().outside() && !hasDefault) {
            routes.add(new ClasslessRoute(EVERYWHERE, plan.host()));
        }
        return routes;
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
