package org.slipway.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.tcp.ScenarioFile.Action;
import org.slipway.tcp.ScenarioFile.Step;

/** Reads scenarios: one line, one step; all that can be wrong with a line is found here, before anything runs. */
final class ScenarioParser {

    private static final Pattern RULE = Pattern.compile("RFC (\\d+) ([\\w.]+)(?:, RFC \\d+ [\\w.]+)*: (.+)");
    private static final Pattern GIVEN = Pattern.compile("(?:an? )?([\\w-]+)( connection)?( opened by us)?");
    private static final Pattern OPTIONS = Pattern.compile("<[^>]*>");

    private final String file;
    private final List<Step> steps = new ArrayList<>();
    private final StringBuilder rule = new StringBuilder();
    private int line;

    private ScenarioParser(String file) {
        this.file = file;
    }

    /** Reads the text of {@code file}, or throws {@link ScenarioSyntaxException}. */
    static ScenarioFile parse(String file, String text) {
        return new ScenarioParser(file).parse(text);
    }

    private ScenarioFile parse(String text) {
        boolean inRule = true;
        for (String raw : text.split("\n", -1)) {
            line++;
            String content = raw.strip();
            if (inRule) {
                if (content.isEmpty()) {
                    checkRule();
                    inRule = false;
                }
                rule.append(rule.length() > 0 && !content.isEmpty() ? " " : "").append(content);
            } else if (!content.isEmpty() && !content.startsWith("#")) {
                addStep(content);
            }
        }
        if (steps.isEmpty()) {
            throw new ScenarioSyntaxException(file, line, "nothing happens in this scenario");
        }
        return new ScenarioFile(file, rule.toString(), List.copyOf(steps));
    }

    private void checkRule() {
        Matcher matcher = RULE.matcher(rule);
        if (!matcher.matches()) {
            throw new ScenarioSyntaxException(
                    file,
                    1,
                    "the first lines should be 'RFC 9293 3.10.7.4: the rule as a sentence', then an empty line");
        }
        String prefix = "rfc" + matcher.group(1) + "-" + matcher.group(2).toLowerCase(Locale.ROOT) + "-";
        if (!file.startsWith(prefix)) {
            throw new ScenarioSyntaxException(file, 1, "a scenario of this rule should be called " + prefix + "…");
        }
    }

    private void addStep(String content) {
        try {
            steps.add(new Step(line, content, action(content)));
        } catch (IllegalArgumentException wrong) {
            throw new ScenarioSyntaxException(file, line, String.valueOf(wrong.getMessage()));
        }
    }

    private static Action action(String content) {
        if (!content.startsWith("+")) {
            return action(content, TimeSpan.NOW);
        }
        String[] parts = content.substring(1).split("\\s+", 2);
        TimeSpan span = TimeSpan.parse(parts[0]);
        if (parts.length > 1 && parts[1].startsWith("<")) {
            return action(parts[1], span);
        }
        if (!span.isExact()) {
            throw new IllegalArgumentException("only a segment of ours ('<') may come between two times");
        }
        Action then = parts.length > 1 ? action(parts[1], TimeSpan.NOW) : runner -> {};
        return runner -> {
            runner.silence(span.least());
            then.on(runner);
        };
    }

    private static Action action(String content, TimeSpan span) {
        String[] parts = content.split("\\s+", 2);
        String rest = parts.length > 1 ? parts[1] : "";
        return switch (parts[0]) {
            case ">" -> {
                SegmentText segment = SegmentText.parse(rest);
                segment.checkSendable();
                yield runner -> runner.peerSends(segment);
            }
            case "<" -> {
                SegmentText segment = SegmentText.parse(rest);
                segment.checkExpectable();
                yield runner -> runner.expect(segment, span);
            }
            case "nothing" -> {
                long nanos = exactTime(rest, "for ");
                yield runner -> runner.silence(nanos);
            }
            case "anything" -> {
                long nanos = rest.isEmpty() ? 0 : exactTime(rest, "for ");
                yield runner -> runner.anything(nanos);
            }
            case "state" -> {
                TcpState state = state(rest);
                yield runner -> runner.checkState(state);
            }
            case "user" -> user(rest);
            case "icmp" -> icmp(rest);
            case "our" -> setting(rest);
            case "given" -> given(rest);
            case "peer" -> {
                int sequence = hex(after(rest, "sequence "));
                yield runner -> runner.settings.peerSequence = sequence;
            }
            default ->
                throw new IllegalArgumentException("'" + parts[0] + "' begins no step; one begins with "
                        + "given, our, peer, user, icmp, state, nothing, anything, '>', '<' or +TIME");
        };
    }

    private static Action user(String text) {
        if (text.startsWith("writes ")) {
            int bytes = bytes(after(text, "writes "));
            return runner -> runner.userWrites(bytes);
        } else if (text.startsWith("gets ")) {
            int bytes = text.equals("gets nothing") ? 0 : bytes(after(text, "gets "));
            return runner -> runner.checkReceived(bytes);
        } else if (text.startsWith("is told ")) {
            String event = after(text, "is told ");
            if (!event.matches("nothing|established|fin|closed (FINISHED|RESET|ABORTED|UNREACHABLE|TIMED_OUT|\\*)")) {
                throw new IllegalArgumentException(
                        "nobody is told '" + event
                                + "'; it should be nothing, established, fin, or closed and FINISHED, RESET, ABORTED, UNREACHABLE, TIMED_OUT or *");
            }
            return runner -> runner.checkEvent(event);
        }
        return switch (text) {
            case "opens" -> ScenarioRunner::userOpens;
            case "closes" -> ScenarioRunner::userCloses;
            case "aborts" -> ScenarioRunner::userAborts;
            case "stops reading" -> ScenarioRunner::userStopsReading;
            case "reads all" -> ScenarioRunner::userReadsAll;
            default -> {
                int bytes = bytes(after(text, "reads "));
                yield runner -> runner.userReads(bytes);
            }
        };
    }

    private static final Pattern ICMP =
            Pattern.compile("seq (-?\\d+) (unreachable|too big, mss (\\d+))(, not believed)?");

    private static Action icmp(String text) {
        Matcher matcher = ICMP.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither 'seq N unreachable' nor 'seq N too big, mss BYTES', "
                            + "perhaps with ', not believed'");
        }
        int sequence = Integer.parseInt(matcher.group(1));
        int mss = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        boolean believed = matcher.group(4) == null;
        return runner -> runner.icmp(sequence, mss, believed);
    }

    private static Action setting(String text) {
        Consumer<ScenarioSettings> change;
        if (text.startsWith("sequence ")) {
            int sequence = hex(after(text, "sequence "));
            change = settings -> settings.ourSequence = sequence;
        } else if (text.startsWith("mss ")) {
            int mss = bytes(after(text, "mss "));
            change = settings -> settings.mss = mss;
        } else {
            int buffer = bytes(after(text, "receive buffer "));
            change = settings -> settings.receiveBuffer = buffer;
        }
        return runner -> change.accept(runner.settings);
    }

    private static Action given(String text) {
        Matcher options = OPTIONS.matcher(text);
        String syn = options.find() ? options.group() : "<mss 1460>";
        String rest = OPTIONS.matcher(text).replaceFirst("").strip();
        int win = rest.indexOf(" win ");
        String window = win < 0 ? "" : rest.substring(win);
        Matcher matcher = GIVEN.matcher(win < 0 ? rest : rest.substring(0, win));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' should be 'STATE', perhaps 'opened by us', 'win NUMBER' and '<options of the peer>'");
        }
        TcpState state = state(matcher.group(1).toUpperCase(Locale.ROOT));
        boolean byUs = matcher.group(3) != null || state == TcpState.SYN_SENT;
        SegmentText peerSyn = SegmentText.parse("SYN seq 0" + (byUs ? " ack 1" : "") + window + " " + syn);
        peerSyn.checkSendable();
        return runner -> ScenarioOpening.bring(runner, state, byUs, peerSyn);
    }

    private static TcpState state(String text) {
        for (TcpState state : TcpState.values()) {
            if (state.toString().equals(text)) {
                return state;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no state; it should be like FIN-WAIT-1");
    }

    private static String after(String text, String prefix) {
        if (!text.startsWith(prefix)) {
            throw new IllegalArgumentException("'" + text + "' should begin with '" + prefix.strip() + "'");
        }
        return text.substring(prefix.length()).strip();
    }

    private static long exactTime(String text, String prefix) {
        TimeSpan span = TimeSpan.parse(after(text, prefix));
        if (!span.isExact()) {
            throw new IllegalArgumentException("'" + text + "' should be one duration");
        }
        return span.least();
    }

    private static int bytes(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is no number of bytes");
        }
        return Integer.parseInt(text);
    }

    private static int hex(String text) {
        if (!text.matches("0x[0-9a-fA-F]{1,8}")) {
            throw new IllegalArgumentException("'" + text + "' is no sequence number; it should be like 0xfffffff0");
        }
        return Integer.parseUnsignedInt(text.substring(2), 16);
    }
}
