package org.slipway.cli.top;

import java.util.List;
import org.slipway.cli.top.Table.Column;
import org.slipway.cli.top.View.FlowRow;
import org.slipway.cli.top.View.GuestRow;

/** What is shown of guests and flows. */
public final class Tables {

    private static final List<Column> GUEST_COLUMNS = List.of(
            Column.text("GUEST", 6, 0),
            Column.text("LINK", 4, 2),
            Column.address("ADDRESS", 11, 3),
            Column.text("MAC", 17, 8),
            Column.address("HOST NAME", 12, 6),
            Column.number("UP", 6, 0),
            Column.number("DOWN", 6, 0),
            Column.number("UP/s", 5, 9),
            Column.number("DOWN/s", 6, 9),
            Column.number("PACKETS", 7, 5),
            Column.number("BYTES", 6, 7),
            Column.number("DROPS", 5, 4));

    private static final List<Column> FLOW_COLUMNS = List.of(
            Column.text("FLOW", 5, 3),
            Column.address("GUEST", 15, 4),
            Column.text("", 1, 5),
            Column.address("DESTINATION", 15, 0),
            Column.text("STATE", 8, 6),
            Column.number("UP", 6, 1),
            Column.number("DOWN", 6, 1),
            Column.number("TOTAL", 6, 7),
            Column.number("RTT", 5, 8),
            Column.number("AGE", 5, 9));

    private Tables() {}

    /** Guests as they are given. */
    public static Table guests(List<GuestRow> guests) {
        return new Table(GUEST_COLUMNS, guests.stream().map(Tables::cells).toList());
    }

    private static List<String> cells(GuestRow row) {
        Snapshot.Guest guest = row.guest();
        return List.of(
                guest.name(),
                guest.up() ? "up" : "down",
                guest.addresses().isEmpty() ? "-" : guest.addresses().get(0),
                guest.macs().isEmpty() ? "-" : guest.macs().get(0),
                guest.hostname(),
                Amounts.bits(row.rates().bitsUp()),
                Amounts.bits(row.rates().bitsDown()),
                Amounts.count(row.rates().framesUp()),
                Amounts.count(row.rates().framesDown()),
                Amounts.count(guest.traffic().framesUp() + guest.traffic().framesDown()),
                Amounts.bytes(guest.traffic().bytesUp() + guest.traffic().bytesDown()),
                Amounts.count(guest.drops()));
    }

    /** Flows as they are given. */
    public static Table flows(List<FlowRow> flows) {
        return new Table(FLOW_COLUMNS, flows.stream().map(Tables::cells).toList());
    }

    private static List<String> cells(FlowRow row) {
        Snapshot.Flow flow = row.flow();
        Double rtt = flow.rtt();
        return List.of(
                flow.name(),
                flow.guest(),
                flow.fromHost() ? "<" : ">",
                flow.remote(),
                state(flow.state()),
                Amounts.bits(row.rates().bitsUp()),
                Amounts.bits(row.rates().bitsDown()),
                Amounts.bytes(row.bytes()),
                rtt == null ? "-" : Amounts.roundTrip(rtt),
                Amounts.age(flow.age()));
    }

    /** As short as ss and netstat have the states of RFC 9293. */
    private static String state(String state) {
        return switch (state) {
            case "ESTABLISHED" -> "ESTAB";
            case "SYN_RECEIVED" -> "SYN-RECV";
            case "FIN_WAIT_1" -> "FINWAIT1";
            case "FIN_WAIT_2" -> "FINWAIT2";
            case "CLOSE_WAIT" -> "CLOSEWT";
            case "TIME_WAIT" -> "TIMEWAIT";
            case "CONNECTING" -> "CONNECT";
            default -> state.replace('_', '-');
        };
    }
}
