package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slipway.cli.top.Snapshot.Counters;

/** Answers as docs/control.md has them. */
class SnapshotReaderTest {

    private static final String NETWORK = "{'uptime': 12.5, 'networks': ['10.0.2.0/24']}";
    private static final String STATISTICS =
            "{'guests': 1, 'flows': 7, 'frames-from-guests': 1, 'bytes-from-guests': 2,"
                    + " 'frames-to-guests': 3, 'bytes-to-guests': 4, 'drops': {'arp-not-ours': 5}}";
    private static final String PORT = "{'port': 'guest1', 'link': 'stream', 'up': true, 'macs': ['52:54:00:00:00:01'],"
            + " 'frames-from-guest': 1, 'bytes-from-guest': 2, 'drops-from-guest': 3, 'frames-to-guest': 4,"
            + " 'bytes-to-guest': 5, 'drops-to-guest': 6}";
    private static final String FLOW = "{'flow': 'tcp12', 'protocol': 'tcp', 'state': 'ESTABLISHED', 'from-host': true,"
            + " 'port': null, 'guest': {'address': 'fd00::15', 'port': 22}, 'remote': {'address': '10.0.2.2', 'port': 80},"
            + " 'age': 1.5, 'idle': 0.5, 'packets-from-guest': 1, 'bytes-from-guest': 2, 'packets-to-guest': 3,"
            + " 'bytes-to-guest': 4, 'queued-from-guest': 0, 'queued-to-guest': 0, 'rtt': null}";

    private static JsonElement json(String text) {
        return JsonParser.parseString(text.replace('\'', '"'));
    }

    private static Snapshot read(String leases) {
        return SnapshotReader.read(
                json(NETWORK), json(STATISTICS), json("[" + PORT + "]"), json(leases), json("[" + FLOW + "]"));
    }

    private static String lease(String address, String mac, String hostname) {
        return "{'address': '" + address + "', 'mac': '" + mac + "', 'hostname': '" + hostname
                + "', 'seconds-left': 1}";
    }

    @Test
    void everythingIsRead() {
        Snapshot snapshot = read("[]");
        assertThat(snapshot.uptime()).isEqualTo(12.5);
        assertThat(snapshot.networks()).containsExactly("10.0.2.0/24");
        assertThat(snapshot.flowsEver()).isEqualTo(7);
        assertThat(snapshot.traffic()).isEqualTo(new Counters(1, 2, 3, 4));
        assertThat(snapshot.drops()).containsExactly(Map.entry("arp-not-ours", 5L));
        assertThat(snapshot.guests().get(0).traffic()).isEqualTo(new Counters(1, 2, 4, 5));
        assertThat(snapshot.guests().get(0).drops()).isEqualTo(9);
        assertThat(snapshot.guests().get(0).addresses()).isEmpty();
        Snapshot.Flow flow = snapshot.flows().get(0);
        assertThat(flow.guest()).isEqualTo("[fd00::15]:22");
        assertThat(flow.remote()).isEqualTo("10.0.2.2:80");
        assertThat(flow.traffic()).isEqualTo(new Counters(1, 2, 3, 4));
        assertThat(flow.fromHost()).isTrue();
        assertThat(flow.port()).isNull();
        assertThat(flow.rtt()).isNull();
    }

    @Test
    void leasesGoToTheGuestOfTheirMacWithIpv4First() {
        Snapshot snapshot = read("[" + lease("fd00::15", "52:54:00:00:00:01", "") + ","
                + lease("10.0.2.15", "52:54:00:00:00:01", "vm") + ","
                + lease("10.0.2.16", "52:54:00:00:00:02", "other") + "]");
        assertThat(snapshot.guests().get(0).addresses()).containsExactly("10.0.2.15", "fd00::15");
        assertThat(snapshot.guests().get(0).hostname()).isEqualTo("vm");
    }

    @Test
    void hostNameCannotSteerTheTerminal() {
        // Escape, bell, C1's own CSI, a wide character, one from right to left, a combining one, an emoji of two chars.
        Snapshot snapshot = read("["
                + lease(
                        "10.0.2.15",
                        "52:54:00:00:00:01",
                        "a\\u001b[2J\\u0007\\u009b1m\\u4e2d\\u202e\\u0301\\ud83d\\ude00z")
                + "]");
        assertThat(snapshot.guests().get(0).hostname()).isEqualTo("a?[2J??1m????z");
    }

    @Test
    void hostNameIsCut() {
        Snapshot snapshot = read("[" + lease("10.0.2.15", "52:54:00:00:00:01", "x".repeat(10_000)) + "]");
        assertThat(snapshot.guests().get(0).hostname()).hasSize(128);
    }

    @Test
    void otherAnswersAreRefused() {
        assertThatThrownBy(() -> SnapshotReader.read(json("{}"), json("[]"), json("1"), json("null"), json("{}")))
                .isInstanceOf(RuntimeException.class);
    }
}
