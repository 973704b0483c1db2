package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.cli.NetdevUserTable.Row;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.gateway.Ipv6Plan;
import org.slipway.gateway.SmbShare;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.GuestForward;
import org.slipway.wire.IpAddress;

/** What docs/netdev-user.md says of Slipway is so. */
class NetdevUserTableTest {

    static List<Row> rows() {
        return NetdevUserTable.rows();
    }

    @BeforeAll
    static void refresh() {
        NetdevUserTable.refresh(row -> new Row(row.text(), row.qemu(), outcome(row), row.remark()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void slipwayDoesWhatTheTableSays(Row row) {
        assertThat(outcome(row)).isEqualTo(row.slipway());
    }

    @Test
    void thereIsATable() {
        assertThat(rows()).hasSizeGreaterThan(150);
    }

    private static String outcome(Row row) {
        String text = row.expanded();
        try {
            Ports ports = PortStrings.parse(List.of(text), HostNames.ofSystem());
            List<String> facts = new ArrayList<>(facts(Objects.requireNonNull(ports.gateway())));
            ports.notes().forEach(note -> facts.add("note: " + note));
            return facts.isEmpty() ? "ok" : String.join("; ", facts);
        } catch (UsageException e) {
            // Without the string, which the user has written, and what is far too long.
            String message = Objects.requireNonNull(e.getMessage()).substring("PORT '': ".length() + text.length());
            return "error: " + message.replaceAll("a{40,}", "a...").replaceAll("takes .*", "takes ...");
        }
    }

    /** What differs from {@code user} alone. */
    private static List<String> facts(GatewayConfig config) {
        List<String> facts = new ArrayList<>();
        AddressPlan plan = config.plan();
        if (!Objects.equals(plan.ipv4(), Ipv4Plan.DEFAULT)) {
            facts.add(ipv4(plan.ipv4()));
        }
        if (!Objects.equals(plan.ipv6(), Ipv6Plan.DEFAULT)) {
            facts.add(ipv6(plan.ipv6()));
        }
        if (!config.access().outside()) {
            facts.add("restricted");
        }
        Stream.of(
                        "hostname " + config.names().host(),
                        "domain " + config.names().domain(),
                        "search " + String.join(" ", config.names().search()),
                        "boot " + config.boot().bootFile(),
                        "TFTP server " + config.boot().serverName(),
                        "TFTP of " + Objects.toString(config.boot().tftp(), ""))
                .filter(fact -> !fact.endsWith(" "))
                .map(fact -> fact.replaceAll("a{40,}", "a..."))
                .forEach(facts::add);
        SmbShare smb = config.services().smb();
        if (smb != null) {
            facts.add("SMB of " + smb.directory() + " at "
                    + smb.servers().stream().map(IpAddress::toString).collect(Collectors.joining(" and ")));
        }
        config.forwards().forEach(forward -> facts.add(forward(forward, plan)));
        config.guestForwards().forEach(forward -> facts.add(guestForward(forward)));
        return facts;
    }

    private static String ipv4(Ipv4Plan plan) {
        return plan == null
                ? "no IPv4"
                : plan.network() + ", gateway " + plan.host() + ", DNS " + plan.dns() + ", guests " + plan.dhcpFirst()
                        + " to " + plan.dhcpLast();
    }

    private static String ipv6(Ipv6Plan plan) {
        return plan == null ? "no IPv6" : plan.prefix() + ", gateway " + plan.host() + ", DNS " + plan.dns();
    }

    private static String forward(ForwardRule rule, AddressPlan plan) {
        IpAddress guest = rule.guestAddress() != null
                ? rule.guestAddress()
                : Objects.requireNonNull(plan.ipv4()).dhcpFirst();
        return rule.protocol().name().toLowerCase(Locale.ROOT) + " " + socket(rule.local()) + " to " + guest + " port "
                + rule.guestPort();
    }

    private static String guestForward(GuestForward forward) {
        String target = forward.target() instanceof GuestForward.Command command
                ? String.join(" ", command.words())
                : forward.target() instanceof GuestForward.Socket socket ? socket(socket.address()) : "?";
        return forward.server() + " port " + forward.port() + " to " + target;
    }

    private static String socket(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? IpAddress.of(inet.getAddress()) + " port " + inet.getPort()
                : address.toString();
    }
}
