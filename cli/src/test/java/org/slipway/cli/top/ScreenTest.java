package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.cli.top.Samples.flow;
import static org.slipway.cli.top.Samples.guest;
import static org.slipway.cli.top.Samples.session;
import static org.slipway.cli.top.Samples.snapshot;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.cli.top.Key.Type;
import org.slipway.cli.top.Snapshot.Counters;

/** Whole screens. A sign before each line is its style: {@code *} bold, {@code =} a head, {@code >} selected, {@code !} urgent. */
class ScreenTest {

    private static final String SIGNS = " *=>!";

    private static String show(int width, int height, View view, Session session) {
        List<Line> lines = new Screen(width, height).lines(view, session);
        assertThat(lines).hasSize(height);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.text()).hasSize(width).matches("[ -~]*"));
        return lines.stream()
                .map(line -> (SIGNS.charAt(line.style().ordinal()) + line.text()).stripTrailing())
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }

    private static List<String> texts(int width, int height, View view, Session session) {
        return show(width, height, view, session).lines().toList();
    }

    @Test
    void screenOf80By24() {
        View view = Samples.busy();
        assertThat(show(80, 24, view, session(view)))
                .isEqualTo("""
                *slipway top  10.0.2.0/24 fd00::/64  up 1h00m                            every 1s
                 Up 1.00 Mbit/s, 1.26 MB   Down 50.0 Mbit/s, 62.5 MB   Flows 4 of 20 so far
                 Drops 96, 2.0/s: arp-not-ours 6 (2.0/s), ip-bad-checksum 90
                *Guests: 2
                =GUEST  LINK ADDRESS     HOST NAME        UP   DOWN PACKETS  BYTES DROPS
                 guest1 up   10.0.2.15   vm1          1.00Mb 50.0Mb   63.8k 63.8MB     0
                 guest2 up   10.0.2.16   vm2              0b     0b      10 10.0kB     0
                *Flows: 4, by rate
                =FLOW  GUEST                      DESTINATION       STATE        UP   DOWN  TOTAL
                 tcp3  10.0.2.15:40000          > 93.184.216.34:443 ESTAB    1.00Mb 49.0Mb 63.5MB
                 icmp9 10.0.2.15:40000          > 10.0.2.2:0        OPEN         0b 1.00Mb  250kB
                 tcp7  [fd00::5054:~:fe00:2]:22 < [fd00::2]:51234   FINWAIT1     0b     0b 4.00kB
                 udp5  10.0.2.15:40000          > 10.0.2.3:53       OPEN         0b     0b   480B
                """ + "\n".repeat(10) + "*q quit  s sort  r reverse  f filter  k kill  p pause  ? help");
    }

    @Test
    void screenOf132By43WithASelectedFlowAndAQuestion() {
        View view = Samples.busy();
        assertThat(show(132, 43, view, session(view, Type.DOWN, Type.DOWN, 'k')))
                .isEqualTo("""
                *slipway top  10.0.2.0/24 fd00::/64  up 1h00m                                                                                every 1s
                 Up 1.00 Mbit/s, 1.26 MB   Down 50.0 Mbit/s, 62.5 MB   Flows 4 of 20 so far
                 Drops 96, 2.0/s: arp-not-ours 6 (2.0/s), ip-bad-checksum 90
                *Guests: 2
                =GUEST  LINK ADDRESS     MAC               HOST NAME        UP   DOWN  UP/s DOWN/s PACKETS  BYTES DROPS
                 guest1 up   10.0.2.15   52:54:00:00:00:01 vm1          1.00Mb 50.0Mb   125  6.25k   63.8k 63.8MB     0
                 guest2 up   10.0.2.16   52:54:00:00:00:02 vm2              0b     0b     0      0      10 10.0kB     0
                *Flows: 4, by rate
                =FLOW  GUEST                       DESTINATION       STATE        UP   DOWN  TOTAL   RTT   AGE
                 tcp3  10.0.2.15:40000           > 93.184.216.34:443 ESTAB    1.00Mb 49.0Mb 63.5MB 1.2ms 1m15s
                >icmp9 10.0.2.15:40000           > 10.0.2.2:0        OPEN         0b 1.00Mb  250kB     - 1m15s
                 tcp7  [fd00::5054:ff:fe00:2]:22 < [fd00::2]:51234   FINWAIT1     0b     0b 4.00kB 250ms 1h06m
                 udp5  10.0.2.15:40000           > 10.0.2.3:53       OPEN         0b     0b   480B     - 1m15s
                """ + "\n".repeat(29) + "!End icmp9? Both sides are reset. (y/n)");
    }

    @Test
    void screenOf40By12HasWhatMattersMost() {
        View view = Samples.busy();
        assertThat(show(40, 12, view, session(view, 'f', '4', '4', '3', Type.ENTER)))
                .isEqualTo("""
                *slipway top  10.0.2.0/24 fd00::/64  up 1
                 Up 1.00 Mbit/s, 1.26 MB   Down 50.0 Mbit
                 Drops 96, 2.0/s: arp-not-ours 6 (2.0/s),
                *Guests: 2, of which 1 are shown
                =GUEST  LINK ADDRESS         UP   DOWN
                 guest1 up   10.0.2.15   1.00Mb 50.0Mb
                *Flows: 4, by rate, 1 with '443'
                =FLOW  DESTINATION           UP   DOWN
                 tcp3  93.184.216.34:443 1.00Mb 49.0Mb


                *q quit  s sort  r reverse  f filter  k k""");
    }

    @Test
    void helpExplainsTheKeys() {
        View view = Samples.busy();
        assertThat(texts(80, 24, view, session(view, '?')))
                .startsWith("=Keys of slipway top")
                .contains("   q, Ctrl-C                       quit")
                .endsWith("*Any key goes back");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1", "39x24", "80x11", "5x1", "2x30"})
    void tooSmallScreenSaysSo(String size) {
        int by = size.indexOf('x');
        View view = Samples.busy();
        String text = show(
                Integer.parseInt(size.substring(0, by)),
                Integer.parseInt(size.substring(by + 1)),
                view,
                session(view, Type.DOWN, 'k'));
        assertThat(text).startsWith(" T").doesNotContain("tcp3");
    }

    @Test
    void everySizeIsFilledExactly() {
        View view = Samples.busy();
        for (int width = 1; width <= 200; width++) {
            for (int height = 1; height <= 60; height += 1 + width % 7) {
                show(width, height, view, session(view, Type.DOWN));
                show(width, height, view, session(view, '?'));
            }
        }
    }

    @Test
    void networkWithoutGuestsIsShown() {
        View view = new Traffic().update(snapshot(0, List.of(), List.of()));
        assertThat(texts(80, 24, view, session(view)))
                .contains("*Guests: 0", "*Flows: 0, by rate", " Drops 0, 0/s")
                .contains(" Up - bit/s, 0 B   Down - bit/s, 0 B   Flows 0 of 20 so far");
    }

    @Test
    void manyGuestsLeaveRoomForFlows() {
        View view = new Traffic()
                .update(snapshot(
                        1,
                        IntStream.range(1, 10).mapToObj(i -> guest(i, 0, 0)).toList(),
                        List.of(flow("tcp1", "192.0.2.1:80", 0, 0))));
        List<String> lines = texts(80, 20, view, session(view));
        assertThat(lines).contains("*Guests: 9, of which 4 are shown").anyMatch(line -> line.startsWith(" tcp1"));
        assertThat(lines.stream().filter(line -> line.startsWith(" guest"))).hasSize(4);
    }

    @Test
    void manyFlowsAreTurnedByPages() {
        View view = new Traffic()
                .update(snapshot(
                        1,
                        List.of(),
                        IntStream.rangeClosed(1, 30)
                                .mapToObj(i -> flow("tcp" + i, "192.0.2.1:80", 0, 0))
                                .toList()));
        assertThat(texts(80, 18, view, session(view)))
                .contains("*Flows: 30, by rate, 1 to 10")
                .anyMatch(line -> line.startsWith(" tcp10 "))
                .noneMatch(line -> line.startsWith(" tcp11 "));
        assertThat(texts(80, 18, view, session(view, Type.DOWN, Type.PAGE_DOWN, Type.PAGE_DOWN, Type.PAGE_DOWN)))
                .contains("*Flows: 30, by rate, 21 to 30")
                .anyMatch(line -> line.startsWith(">tcp30 "));
    }

    @Test
    void pauseLostNetworkAndFilterAreSaid() {
        View view = Samples.busy();
        Session session = session(view, 'p', 'f', 'U', 'D', Type.ENTER);
        session.lost("Connection refused");
        assertThat(texts(80, 24, view, session))
                .anyMatch(line -> line.endsWith("  PAUSED  every 1s"))
                .contains("*Flows: 4, by rate, 1 with 'UD'")
                .endsWith("!No answer, trying again: Connection refused (q quits)");
    }

    @Test
    void longAddressesAreCutInTheMiddle() {
        String remote = "[2001:db8:1111:2222:3333:4444:5555:6666]:65535";
        Snapshot.Flow flow = new Snapshot.Flow(
                "udp1", "OPEN", false, null, "[fd00::5054:ff:fe12:3456]:65535", remote, 1, Counters.ZERO, null);
        View view = new Traffic().update(snapshot(1, List.of(), List.of(flow)));
        assertThat(texts(80, 24, view, session(view)))
                .anyMatch(line -> line.matches(" udp1 +\\[fd00::505.*~.*:65535 > \\[2001:db8.*~.*:65535 +OPEN .*"));
        assertThat(texts(160, 24, view, session(view))).anyMatch(line -> line.contains(remote));
    }
}
