package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.TcpHeader;

/** The notation of scenarios: what is read, and that what is wrong is told with file and line. */
class ScenarioParserTest {

    private static final String FILE = "rfc9293-3.5-open.scenario";

    @Test
    void ruleMayTakeSeveralLines() {
        ScenarioFile file = ScenarioParser.parse(FILE, "RFC 9293 3.5, RFC 1122 4.2: One\ntwo.\n\nuser opens\n");
        assertThat(file.rule()).isEqualTo("RFC 9293 3.5, RFC 1122 4.2: One two.");
    }

    @Test
    void stepsKnowTheirLines() {
        ScenarioFile file = ScenarioParser.parse(FILE, "RFC 9293 3.5: R.\n\n# why\nuser opens\n\n  < SYN seq 0\n");
        assertThat(file.steps()).extracting(ScenarioFile.Step::line).containsExactly(4, 6);
        assertThat(file.steps()).extracting(ScenarioFile.Step::text).containsExactly("user opens", "< SYN seq 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SYN seq 0 0                  | '0' says nothing of a segment",
                "SYN ack 1                    | a segment needs 'seq NUMBER'",
                "seq 5:1                      | '5:1' ends before it begins",
                "seq 1:2:3                    | '1:2:3' is no range",
                "seq one                      | 'one' is no number",
                "seq 4294967296               | more than 32 bits",
                "seq 9..5                     | 9 is more than 5",
                "seq                          | something is missing behind 'seq'",
                "seq 1 ack                    | something is missing behind 'ack'",
                "seq 1 in 2 pieces            | 'in 2 packets'",
                "seq 1 PHS ack 1              | 'PHS' says nothing of a segment",
                "seq 1 <mss>                  | 'mss' should be a name and a number",
                "seq 1 <wscale 7>             | 'wscale 7' is no TCP option",
                "seq 1 <sack 1>               | sack FROM:TO",
                "seq 1 <ts 1 echo 2>          | ts VALUE ecr ECHO",
                "seq 1 <ts *>                 | wildcards",
                "seq 1 <raw 0>                | not even",
                "seq 1 ack *                  | a segment to be sent has no wildcards",
                "seq 1 ack ?                  | a segment to be sent has no wildcards",
                "seq 1 <...>                  | a segment to be sent has no wildcards",
                "seq 1 0 times                | a segment is sent at least once",
            })
    void segmentToBeSentIsRefused(String segment, String reason) {
        assertRefused("> " + segment, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello                        | 'hello' begins no step",
                "< seq 1:2 forged             | only a segment to be sent is 'forged'",
                "< seq 1 <no ts>              | only a segment to be sent is 'forged' or has 'no ts'",
                "+5 < seq 1                   | '5' is no duration",
                "+5ms..1ms < seq 1            | ends before it begins",
                "+0..5ms > seq 1              | only a segment of ours",
                "+0..5ms                      | only a segment of ours",
                "nothing                      | should begin with 'for'",
                "nothing for long             | 'long' is no duration",
                "anything for 1s..2s          | should be one duration",
                "state LISTEN                 | 'LISTEN' is no state",
                "given a LISTENING connection | 'LISTENING' is no state",
                "given ESTABLISHED or so      | perhaps 'opened by us'",
                "user sleeps                  | should begin with 'reads'",
                "user writes much             | 'much' is no number of bytes",
                "user is told lies            | nobody is told 'lies'",
                "icmp unreachable             | is neither 'seq N unreachable' nor",
                "icmp seq 1 too big           | is neither 'seq N unreachable' nor",
                "our hat 3                    | should begin with 'receive buffer'",
                "our sequence 12              | it should be like 0xfffffff0",
            })
    void stepIsRefused(String step, String reason) {
        assertRefused(step, reason);
    }

    private static void assertRefused(String step, String reason) {
        assertThatThrownBy(() -> ScenarioParser.parse(FILE, "RFC 9293 3.5: R.\n\nuser opens\n" + step + "\n"))
                .isInstanceOf(ScenarioSyntaxException.class)
                .hasMessageStartingWith(FILE + ":4: ")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`R.\n\nuser opens\n`                       | FILE:1: the first lines should be 'RFC",
                "`RFC 9293 3.5: R.\nuser opens\n`           | FILE:3: nothing happens",
                "`RFC 9293 3.5: R.\n\n# nobody comes\n`     | FILE:4: nothing happens",
                "`RFC 9293 3.6: R.\n\nuser opens\n`         | FILE:1: a scenario of this rule should be called rfc9293-3.6-",
                "`RFC 793 3.5: R.\n\nuser opens\n`          | FILE:1: a scenario of this rule should be called rfc793-3.5-",
            })
    void fileIsRefused(String text, String reason) {
        assertThatThrownBy(() -> ScenarioParser.parse(FILE, text))
                .isInstanceOf(ScenarioSyntaxException.class)
                .hasMessageStartingWith(reason.replace("FILE", FILE));
    }

    @Test
    void segmentIsRead() {
        SegmentText segment = SegmentText.parse(
                "FIN PSH seq 1:101 ack 7 win >=500 urg 3 in 2 packets 5 times <mss 1460, sack 1:2 3:4, ...>");
        assertThat(segment.flags).isEqualTo(TcpHeader.FIN | TcpHeader.PSH | TcpHeader.ACK | TcpHeader.URG);
        assertThat(segment.seq.value(0)).isEqualTo(1);
        assertThat(segment.end.value(0)).isEqualTo(101);
        assertThat(segment.length(0)).isEqualTo(101);
        assertThat(segment.ack).isEqualTo(NumberPattern.parse("7"));
        assertThat(segment.window).isEqualTo(NumberPattern.parse(">=500"));
        assertThat(segment.urgent).isEqualTo(NumberPattern.of(3));
        assertThat(segment.packets).isEqualTo(NumberPattern.of(2));
        assertThat(segment.times).isEqualTo(NumberPattern.of(5));
        assertThat(segment.options).extracting(OptionText::toString).containsExactly("mss 1460", "sack 1:2 3:4");
        assertThat(segment.moreOptions).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5, true",
        "5, 6, false",
        "-5, 4294967291, true",
        "4294967291, -5, true",
        "*, -7, true",
        "<=5, 5, true",
        "<=5, 6, false",
        ">=5, 5, true",
        ">=5, 4, false",
        "4..6, 6, true",
        "4..6, 7, false",
        "next, 100, true",
        "next, 101, false",
        "all-1, 99, true",
        "<=next+10, 110, true",
        "<=next+10, 111, false",
    })
    void numberIsCompared(String pattern, long value, boolean matches) {
        assertThat(NumberPattern.parse(pattern).matches((int) value, 100)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "40ms, 40000, 40000",
        "1.5s, 1500000, 1500000",
        "250us, 250, 250",
        "2min, 120000000, 120000000",
        "2h, 7200000000, 7200000000",
        "1d, 86400000000, 86400000000",
        "0..500ms, 0, 500000",
        "1s..3min, 1000000, 180000000",
    })
    void durationIsRead(String text, long least, long most) {
        TimeSpan span = TimeSpan.parse(text);
        assertThat(TimeUnit.NANOSECONDS.toMicros(span.least())).isEqualTo(least);
        assertThat(TimeUnit.NANOSECONDS.toMicros(span.most())).isEqualTo(most);
    }
}
