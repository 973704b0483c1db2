package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That a scenario fails where it should, and says where: each is right but for one line. */
class ScenarioRunnerTest {

    private static final String FILE = "rfc9293-3.5-open.scenario";

    private static void run(String... lines) {
        ScenarioRunner.run(ScenarioParser.parse(FILE, "RFC 9293 3.5: R.\n\n" + String.join("\n", lines)));
    }

    private static void assertFails(int line, String reason, String... lines) {
        assertThatThrownBy(() -> run(lines))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(FILE + ":" + (line + 2) + ": " + lines[line - 1] + "\n")
                .hasMessageContaining(reason);
    }

    @Test
    void rightScenarioPasses() {
        assertThatCode(() -> run(
                        "given an ESTABLISHED connection <mss 1000>",
                        "user writes 2500",
                        "< PSH seq 1:2501 ack 1 in 3 packets",
                        "+10ms > seq 1:11 ack 2501",
                        "+0..500ms < seq 2501 ack 11 win >=1 <>",
                        "user gets 10",
                        "nothing for 1h",
                        "state ESTABLISHED"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "< FIN seq 1:101 ack 1               | but this was sent: PSH seq 1:101 ack 1",
                "< SYN seq 1:101 ack 1               | but this was sent: PSH seq 1:101 ack 1",
                "< seq 2:102 ack 1                   | but this was sent: PSH seq 1:101 ack 1",
                "< seq 1:102 ack 1                   | but what was sent are 1 packets, the last of them PSH seq 1:101",
                "< seq 1 ack 1                       | but what was sent are 1 packets",
                "< seq 1:101 ack 2                   | but this was sent",
                "< seq 1:101                         | but this was sent",
                "< seq 1:101 ack 1 win 5             | but this was sent",
                "< seq 1:101 ack 1 <ts>              | but this was sent",
                "< seq 1:101 ack 1 urg 1             | but this was sent",
                "< seq 1:101 ack 1 in 2 packets      | but what was sent are 1 packets",
                "< seq 1:101 ack 1 2 times           | it was sent 1 times",
                "+1ms < seq 1:101 ack 1              | sent after 0.0 ms",
                "nothing for 1ms                     | nothing expected it: PSH seq 1:101",
                "user writes 1                       | nothing expected it: PSH seq 1:101",
                "> seq 1 ack 1                       | nothing expected it: PSH seq 1:101",
                "+1ms > seq 1 ack 1                  | nothing expected it: PSH seq 1:101",
                "state ESTABLISHED                   | nothing expected it: PSH seq 1:101",
            })
    void wrongExpectationOfASegmentFails(String wrong, String reason) {
        assertFails(3, reason, "given an ESTABLISHED connection", "user writes 100", wrong);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "< seq 1:101 ack 1                   | it was sent 0 times within 0.0 ms",
                "+0..50ms < seq 1:101 ack 1          | it was sent 0 times within 50.0 ms",
                "user gets 1                         | but it got 0",
                "user is told fin                    | but it is told nothing",
                "state FIN-WAIT-1                    | but the state is ESTABLISHED",
                "user reads 1                        | the user has only 0 bytes to read",
            })
    void missingThingFails(String wrong, String reason) {
        assertFails(2, reason, "given an ESTABLISHED connection", wrong);
    }

    @Test
    void segmentThatNobodyExpectsAtTheEndFails() {
        assertFails(2, "nothing expected it", "given an ESTABLISHED connection", "user writes 100");
    }

    @Test
    void segmentWithinASilenceFails() {
        assertFails(
                3,
                "nothing expected it: seq 1 ack 11",
                "given an ESTABLISHED connection",
                "> seq 1:11 ack 1",
                "nothing for 1s");
    }

    @Test
    void silenceEndsBeforeTheSegment() {
        assertThatCode(() -> run("user opens", "< SYN seq 0", "nothing for 999ms", "+1ms < SYN seq 0"))
                .doesNotThrowAnyException();
    }

    @Test
    void secondSegmentWhereOneIsExpectedFails() {
        assertFails(
                4,
                "nothing expected it: PSH seq 1001:2001",
                "given an ESTABLISHED connection <mss 1000>",
                "user writes 2000",
                "< seq 1:1001 ack 1",
                "nothing for 1ms");
    }

    @Test
    void bytesThatNoStepAsksForFail() {
        assertFails(
                3, "but it got 10", "given an ESTABLISHED connection", "> seq 1:11 ack 1", "+0..500ms < seq 1 ack 11");
    }

    @Test
    void eventThatNoStepAsksForFails() {
        assertFails(2, "but it is told closed RESET", "given an ESTABLISHED connection", "> RST seq 1");
    }

    @Test
    void forgedBytesThatReachTheUserFail() {
        assertFails(2, "wrong byte at position 0", "given an ESTABLISHED connection", "> seq 1:11 ack 1 forged");
    }

    @Test
    void optionThatIsNotExpectedFails() {
        assertFails(2, "but this was sent: SYN seq 0", "user opens", "< SYN seq 0 <mss 1460>");
        assertThatCode(() -> run("user opens", "< SYN seq 0 <mss 1460, ...>")).doesNotThrowAnyException();
    }

    @Test
    void failureTellsRuleAndHistory() {
        assertThatThrownBy(() -> run("user opens", "< SYN seq 0", "+1s < SYN seq 1"))
                .hasMessageContaining("(RFC 9293 3.5: R.)")
                .hasMessageContaining("0.0 ms  user opens")
                .hasMessageContaining("1000.0 ms  < SYN seq 0 win 65535");
    }
}
