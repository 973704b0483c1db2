package org.slipway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.service.Dhcpv6Config;
import org.slipway.service.Dhcpv6Server;
import org.slipway.service.Lease;
import org.slipway.service.LeaseListener;
import org.slipway.service.RouterAdvertiser;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** What only IPv6 has at the gateway: its addresses, router advertisements, and DHCPv6. */
final class Ipv6Services {

    private static final int DHCP_SERVER_PORT = 547;

    /** RFC 8415 7.1: All_DHCP_Relay_Agents_and_Servers. */
    private static final IpAddress ALL_DHCP_SERVERS = IpAddress.parse("ff02::1:2");

    /** RFC 5908 4.1: NTP_SUBOPTION_SRV_ADDR. */
    private static final int NTP_SERVER_ADDRESS = 1;

    private final RouterAdvertiser advertiser;
    private final Dhcpv6Server dhcp;

    Ipv6Services(
            Ipv6Plan plan,
            GatewayConfig config,
            Loop loop,
            IpHost ip,
            DatagramServices services,
            LeaseListener listener,
            RandomGenerator random) {
        MacAddress mac = config.plan().gatewayMac();
        advertiser = new RouterAdvertiser(loop, ip, Ipv6Plan.LINK_LOCAL_HOST, Advertisements.of(plan, config), random);
        ip.ndpListener(advertiser);
        Dhcpv6Config told = Dhcpv6Config.of(
                        plan.prefix(),
                        Ipv6Plan.LINK_LOCAL_HOST,
                        mac,
                        config.hasResolver() ? List.of(plan.dns()) : List.of(),
                        config.names().search(),
                        config.boot().url(plan.host()),
                        reserved(plan, config))
                .leasing(config.dhcp().leaseSeconds(), config.dhcp().leases(false), options(config.dhcp()));
        dhcp = new Dhcpv6Server(told, loop, services, listener);
        if (!config.services().dhcp()) {
            return;
        }
        for (IpAddress address : List.of(ALL_DHCP_SERVERS, Ipv6Plan.LINK_LOCAL_HOST, plan.host())) {
            services.register(address, DHCP_SERVER_PORT, dhcp);
        }
    }

    private static List<IpAddress> reserved(Ipv6Plan plan, GatewayConfig config) {
        List<IpAddress> reserved = new ArrayList<>(List.of(plan.host(), plan.dns()));
        config.guestForwards().forEach(forward -> reserved.add(forward.server()));
        return reserved;
    }

    /** What the user gives, and time servers as old and new clients ask for them (RFC 4075, RFC 5908). */
    private static Dhcpv6Options options(DhcpPlan dhcp) {
        Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();
        List<IpAddress> servers = dhcp.timeServers(false);
        if (!servers.isEmpty() && !dhcp.optionsv6().contains(Dhcpv6Options.SNTP_SERVERS)) {
            options.addAddresses(Dhcpv6Options.SNTP_SERVERS, servers);
        }
        if (!servers.isEmpty() && !dhcp.optionsv6().contains(Dhcpv6Options.NTP_SERVER)) {
            Dhcpv6Options.Builder each = new Dhcpv6Options.Builder();
            servers.forEach(server -> each.addAddresses(NTP_SERVER_ADDRESS, List.of(server)));
            options.addOptions(Dhcpv6Options.NTP_SERVER, each.build());
        }
        return options.addAll(dhcp.optionsv6()).build();
    }

    static void takeAddresses(Ipv6Plan plan, IpHost ip) {
        ip.address(plan.host(), plan.prefix());
        if (plan.prefix().contains(plan.dns())) {
            ip.address(plan.dns(), plan.prefix());
        }
        ip.address(Ipv6Plan.LINK_LOCAL_HOST, Ipv6Plan.LINK_LOCAL);
    }

    /** Frames can be sent: tells guests of the router. */
    void start() {
        advertiser.start();
    }

    /** What guests hold. */
    List<Lease> leases() {
        return dhcp.leases();
    }

    void close() {
        dhcp.close();
        advertiser.close();
    }
}
