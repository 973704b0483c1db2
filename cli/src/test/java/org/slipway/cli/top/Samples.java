package org.slipway.cli.top;

import java.util.List;
import java.util.Map;
import org.slipway.cli.top.Snapshot.Counters;
import org.slipway.cli.top.Snapshot.Flow;
import org.slipway.cli.top.Snapshot.Guest;

/** Networks as they could be. */
final class Samples {

    private Samples() {}

    static Snapshot snapshot(double uptime, List<Guest> guests, List<Flow> flows) {
        long up = guests.stream().mapToLong(guest -> guest.traffic().bytesUp()).sum();
        long down =
                guests.stream().mapToLong(guest -> guest.traffic().bytesDown()).sum();
        return new Snapshot(
                uptime,
                List.of("10.0.2.0/24", "fd00::/64"),
                20,
                new Counters(up / 1000, up, down / 1000, down),
                Map.of(),
                guests,
                flows);
    }

    static Snapshot withDrops(Snapshot snapshot, Map<String, Long> drops) {
        return new Snapshot(
                snapshot.uptime(),
                snapshot.networks(),
                snapshot.flowsEver(),
                snapshot.traffic(),
                drops,
                snapshot.guests(),
                snapshot.flows());
    }

    static Guest guest(int number, long bytesUp, long bytesDown) {
        return new Guest(
                "guest" + number,
                true,
                List.of("52:54:00:00:00:0" + number),
                List.of("10.0.2." + (14 + number)),
                "vm" + number,
                new Counters(bytesUp / 1000, bytesUp, bytesDown / 1000, bytesDown),
                0);
    }

    static Flow flow(String name, String remote, long bytesUp, long bytesDown) {
        return new Flow(
                name,
                name.startsWith("tcp") ? "ESTABLISHED" : "OPEN",
                false,
                "guest1",
                "10.0.2.15:40000",
                remote,
                75,
                new Counters(bytesUp / 1000, bytesUp, bytesDown / 1000, bytesDown),
                name.startsWith("tcp") ? 0.0012 : null);
    }

    static View view(Snapshot before, Snapshot now) {
        Traffic traffic = new Traffic();
        traffic.update(before);
        return traffic.update(now);
    }

    /** Two guests and four flows, one of which came over a forward, after an hour. */
    static View busy() {
        Flow forwarded = new Flow(
                "tcp7",
                "FIN_WAIT_1",
                true,
                "guest2",
                "[fd00::5054:ff:fe00:2]:22",
                "[fd00::2]:51234",
                4000,
                new Counters(3, 3_000, 1, 1_000),
                0.25);
        Snapshot before = snapshot(
                3600,
                List.of(guest(1, 1_000_000, 50_000_000), guest(2, 5_000, 5_000)),
                List.of(
                        flow("tcp3", "93.184.216.34:443", 1_000_000, 50_000_000),
                        flow("udp5", "10.0.2.3:53", 120, 360),
                        forwarded));
        Snapshot now = snapshot(
                3602,
                List.of(guest(1, 1_250_000, 62_500_000), guest(2, 5_000, 5_000)),
                List.of(
                        flow("tcp3", "93.184.216.34:443", 1_250_000, 62_250_000),
                        flow("udp5", "10.0.2.3:53", 120, 360),
                        forwarded,
                        flow("icmp9", "10.0.2.2:0", 0, 250_000)));
        return view(
                withDrops(before, Map.of("arp-not-ours", 2L, "ip-bad-checksum", 90L)),
                withDrops(now, Map.of("arp-not-ours", 6L, "ip-bad-checksum", 90L)));
    }

    /** What a user sees after {@code keys}, pressed while the screen has room for ten flows. */
    static Session session(View view, Object... keys) {
        Session session = new Session(SortKey.RATE, new Interval(1));
        for (Object key : keys) {
            Key pressed = key instanceof Key.Type type ? Key.of(type) : Key.of((char) key);
            session.press(pressed, view.flows(), 10);
        }
        return session;
    }
}
