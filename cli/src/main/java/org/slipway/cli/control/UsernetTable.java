package org.slipway.cli.control;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.FlowSnapshot.Protocol;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OpenForward;
import org.slipway.network.Control.GuestFlow;

/**
 * The answer of QEMU's monitor to {@code info usernet}, for scripts that read it. Where QEMU has the number of a descriptor
 * stands the number of the flow; of a connection that came over a forward, the source is the client as the guest sees it.
 */
final class UsernetTable {

    private static final String HEAD =
            "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ";

    private UsernetTable() {}

    /** The lines of the table. */
    static List<String> lines(List<OpenForward> forwards, List<GuestFlow> flows) {
        List<String> lines = new ArrayList<>();
        lines.add("Hub -1 (slipway):");
        lines.add(HEAD);
        for (Protocol protocol : Protocol.values()) {
            flows.stream()
                    .map(GuestFlow::flow)
                    .filter(flow -> flow.protocol() == protocol)
                    .sorted(Comparator.comparingLong(FlowSnapshot::number).reversed())
                    .forEach(flow -> lines.add(row(flow)));
            for (int i = forwards.size() - 1; i >= 0; i--) {
                if (protocol(forwards.get(i)) == protocol) {
                    lines.add(row(forwards.get(i)));
                }
            }
        }
        return lines;
    }

    private static Protocol protocol(OpenForward forward) {
        return forward.rule().protocol() == ForwardRule.Protocol.UDP ? Protocol.UDP : Protocol.TCP;
    }

    private static String row(FlowSnapshot flow) {
        long idle = TimeUnit.NANOSECONDS.toSeconds(flow.idleNanos());
        String guest = flow.guest().toString();
        String remote = flow.remote().toString();
        return switch (flow.protocol()) {
            case TCP ->
                flow.fromHost()
                        ? row(
                                "TCP",
                                state(flow),
                                flow.number(),
                                remote,
                                flow.remotePort(),
                                guest,
                                flow.guestPort(),
                                flow)
                        : row(
                                "TCP",
                                state(flow),
                                flow.number(),
                                guest,
                                flow.guestPort(),
                                remote,
                                flow.remotePort(),
                                flow);
            case UDP ->
                row("UDP", idle + " sec", flow.number(), guest, flow.guestPort(), remote, flow.remotePort(), flow);
            case ICMP ->
                String.format(
                        Locale.ROOT,
                        "%-19s %3d %15s  -    %15s  -    %5d %5d",
                        "  ICMP[" + idle + " sec]",
                        flow.number(),
                        guest,
                        remote,
                        0,
                        0);
        };
    }

    /** QEMU has SYN_RCVD; while the host connects, it has the guest's side in that state, too. */
    private static String state(FlowSnapshot flow) {
        return switch (flow.state()) {
            case "SYN_RECEIVED", "CONNECTING" -> "SYN_RCVD";
            default -> flow.state();
        };
    }

    private static String row(
            String protocol,
            String state,
            long number,
            String from,
            int fromPort,
            String to,
            int toPort,
            FlowSnapshot flow) {
        return row(protocol, state, number, from, fromPort, to, toPort, flow.queuedFromGuest(), flow.queuedToGuest());
    }

    private static String row(OpenForward forward) {
        String address;
        int port;
        if (forward.local() instanceof InetSocketAddress inet) {
            address = inet.getAddress().isAnyLocalAddress()
                    ? "*"
                    : inet.getAddress().getHostAddress();
            port = inet.getPort();
        } else {
            address = forward.local() instanceof DomainSocketAddress unix
                    ? unix.path()
                    : forward.local().toString();
            port = 0;
        }
        String name = forward.rule().protocol() == ForwardRule.Protocol.UDP ? "UDP" : "TCP";
        int guestPort = forward.rule().guestPort();
        return row(name, "HOST_FORWARD", 0, address, port, forward.guest().toString(), guestPort, 0, 0);
    }

    private static String row(
            String protocol,
            String state,
            long number,
            String from,
            int fromPort,
            String to,
            int toPort,
            long received,
            long sent) {
        return String.format(
                Locale.ROOT,
                "%-19s %3d %15s %5d %15s %5d %5d %5d",
                "  " + protocol + "[" + state + "]",
                number,
                from,
                fromPort,
                to,
                toPort,
                received,
                sent);
    }
}
