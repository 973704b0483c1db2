package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.cli.top.Samples.session;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.cli.top.Key.Type;
import org.slipway.cli.top.Session.Action;
import org.slipway.cli.top.View.FlowRow;

class SessionTest {

    private final View view = Samples.busy();

    private Action press(Session session, Type key) {
        return session.press(Key.of(key), view.flows(), 2);
    }

    private Action press(Session session, char key) {
        return session.press(Key.of(key), view.flows(), 2);
    }

    private String selected(Session session, List<FlowRow> flows) {
        List<FlowRow> shown = session.shown(flows);
        int at = session.selected(shown);
        return at < 0 ? "none" : shown.get(at).flow().name();
    }

    @Test
    void qAndControlCQuit() {
        assertThat(press(session(view), 'q')).isEqualTo(Action.QUIT);
        assertThat(press(session(view), Type.INTERRUPT)).isEqualTo(Action.QUIT);
        assertThat(press(session(view, 'f'), Type.INTERRUPT)).isEqualTo(Action.QUIT);
        assertThat(press(session(view, 'f'), 'q')).as("text while filtering").isEqualTo(Action.SHOW);
    }

    @Test
    void nothingIsSelectedAtFirstAndNothingCanBeEndedThen() {
        Session session = session(view);
        assertThat(selected(session, view.flows())).isEqualTo("none");
        assertThat(press(session, 'k')).isEqualTo(Action.SHOW);
        assertThat(session.bottom()).isEqualTo("Select a flow first, by the arrow keys");
        assertThat(press(session, 'y')).isEqualTo(Action.SHOW);
    }

    @Test
    void arrowsAndPagesMoveWithinTheFlows() {
        Session session = session(view);
        press(session, Type.DOWN);
        assertThat(selected(session, view.flows())).isEqualTo("tcp3");
        press(session, Type.UP);
        assertThat(selected(session, view.flows())).isEqualTo("tcp3");
        press(session, Type.PAGE_DOWN);
        assertThat(selected(session, view.flows())).isEqualTo("tcp7");
        press(session, Type.PAGE_DOWN);
        assertThat(selected(session, view.flows())).isEqualTo("udp5");
        press(session, Type.PAGE_UP);
        assertThat(selected(session, view.flows())).isEqualTo("icmp9");
        press(session, Type.END);
        assertThat(selected(session, view.flows())).isEqualTo("udp5");
        press(session, Type.HOME);
        assertThat(selected(session, view.flows())).isEqualTo("tcp3");
        press(session, Type.ESCAPE);
        assertThat(selected(session, view.flows())).isEqualTo("none");
    }

    @Test
    void selectionStaysWithItsFlowAndThenWithItsPlace() {
        Session session = session(view, Type.DOWN, Type.DOWN);
        assertThat(selected(session, view.flows())).isEqualTo("icmp9");
        press(session, 'r');
        assertThat(selected(session, view.flows())).isEqualTo("icmp9");
        press(session, 'r');
        List<FlowRow> without = view.flows().stream()
                .filter(row -> !row.flow().name().equals("icmp9"))
                .toList();
        assertThat(selected(session, without)).isEqualTo("tcp7");
        assertThat(selected(session, List.of())).isEqualTo("none");
    }

    @Test
    void flowIsEndedWhenConfirmed() {
        Session session = session(view, Type.DOWN, 'k');
        assertThat(session.bottom()).isEqualTo("End tcp3? Both sides are reset. (y/n)");
        assertThat(press(session, 'y')).isEqualTo(Action.KILL);
        assertThat(session.victim()).isEqualTo("tcp3");
        session.say("tcp3 has been ended");
        assertThat(session.bottom()).isEqualTo("tcp3 has been ended");
    }

    @Test
    void anyOtherKeyLetsTheFlowGoOn() {
        for (Object key : List.of('n', 'k', Type.ENTER, Type.ESCAPE)) {
            Session session = session(view, Type.DOWN, 'k', key);
            assertThat(session.bottom()).isEqualTo("tcp3 goes on");
            assertThat(press(session, 'y')).isEqualTo(Action.SHOW);
        }
    }

    @Test
    void flowThatWasAskedAboutIsTheOneThatIsEndedWhateverMovesMeanwhile() {
        Session session = session(view, Type.DOWN, 'k');
        assertThat(session.press(Key.of('y'), view.flows().subList(1, 3), 2)).isEqualTo(Action.KILL);
        assertThat(session.victim()).isEqualTo("tcp3");
    }

    @Test
    void filterLooksAtNameAddressesStateAndGuest() {
        assertThat(filtered("443")).containsExactly("tcp3");
        assertThat(filtered("UDP")).containsExactly("udp5");
        assertThat(filtered("fin_")).containsExactly("tcp7");
        assertThat(filtered("guest2")).containsExactly("tcp7");
        assertThat(filtered("nowhere")).isEmpty();
    }

    private List<String> filtered(String text) {
        Session session = session(view, 'f');
        text.chars().forEach(c -> press(session, (char) c));
        press(session, Type.ENTER);
        return session.shown(view.flows()).stream()
                .map(row -> row.flow().name())
                .toList();
    }

    @Test
    void filterIsEditedAndTakenBack() {
        Session session = session(view, '/', 'a', 'b', Type.BACKSPACE);
        assertThat(session.bottom()).isEqualTo("Show flows with: a_   (Enter: done, Escape: all)");
        assertThat(session(view, 'f', Type.BACKSPACE).filter()).isEmpty();
        press(session, Type.ESCAPE);
        assertThat(session.filter()).isEmpty();
        Session long100 = session(view, 'f');
        for (int i = 0; i < 100; i++) {
            press(long100, 'x');
        }
        assertThat(long100.filter()).hasSize(40);
    }

    @Test
    void sortKeysGoRoundInBothDirections() {
        assertThat(session(view, 's').order()).isEqualTo("up");
        assertThat(session(view, Type.RIGHT, Type.RIGHT).order()).isEqualTo("down");
        assertThat(session(view, 'S').order()).isEqualTo("state");
        assertThat(session(view, Type.LEFT, 's').order()).isEqualTo("rate");
        assertThat(session(view, 'r').order()).isEqualTo("rate (reversed)");
        assertThat(session(view, 'r').shown(view.flows()))
                .extracting(row -> row.flow().name())
                .containsExactly("udp5", "tcp7", "icmp9", "tcp3");
    }

    @Test
    void pauseAndIntervalAreForWhoAsksTheNetwork() {
        Session session = session(view);
        assertThat(press(session, 'p')).isEqualTo(Action.POLL);
        assertThat(session.paused()).isTrue();
        assertThat(press(session, ' ')).isEqualTo(Action.POLL);
        assertThat(session.paused()).isFalse();
        assertThat(press(session, '+')).isEqualTo(Action.POLL);
        assertThat(session.interval().seconds()).isEqualTo(2);
        for (int i = 0; i < 20; i++) {
            press(session, '-');
        }
        assertThat(session.interval().seconds()).isEqualTo(Interval.MIN_SECONDS);
        for (int i = 0; i < 20; i++) {
            press(session, '+');
        }
        assertThat(session.interval().seconds()).isEqualTo(Interval.MAX_SECONDS);
        assertThat(new Interval(1.5).shorter().seconds()).isEqualTo(1);
    }

    @Test
    void lostNetworkIsSaidUntilItAnswers() {
        Session session = session(view);
        session.lost("Connection \033[31mrefused");
        assertThat(session.urgent()).isTrue();
        assertThat(session.bottom()).isEqualTo("No answer, trying again: Connection ?[31mrefused (q quits)");
        session.lost("");
        assertThat(session.urgent()).isFalse();
        assertThat(session.bottom()).startsWith("q quit");
    }

    @Test
    void helpGoesWithTheNextKeyWhichDoesNothingElse() {
        Session session = session(view, '?');
        assertThat(session.helping()).isTrue();
        assertThat(press(session, 'q')).isEqualTo(Action.SHOW);
        assertThat(session.helping()).isFalse();
        assertThat(press(session, Type.REDRAW)).isEqualTo(Action.REDRAW);
    }
}
