package org.slipway.tcp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;

/**
 * A segment as a scenario writes it, to be sent or expected:
 * <pre>
 * SYN seq 0 win 65535 &lt;mss 1460, sackOK, ts 1000 ecr 0, ws 7&gt;
 * seq 1:101 ack 1
 * PSH seq 1:2921 ack * win &gt;=1460 in 2 packets
 * RST seq 101 1000 times
 * </pre>
 * The second number of {@code seq} is behind the last byte of payload; with SYN the payload stands one further. {@code ack}
 * sets the flag of this name; {@code ack ?} expects either. What an expectation does not mention is not compared: PSH, window,
 * options. {@code <…>} expects these options and no others, unless {@code ...} stands among them.
 */
final class SegmentText {

    private static final Pattern OPTIONS = Pattern.compile("<(?!=)((?:[^>]|>=)*)>");
    private static final List<String> FLAGS = List.of("FIN", "SYN", "RST", "PSH", "", "URG", "ECE", "CWR");

    /** As it is written. */
    String text = "";

    int flags;
    NumberPattern seq = NumberPattern.of(0);
    NumberPattern end = NumberPattern.of(0);

    /** Whether there is payload. */
    boolean payload;

    /** Null if there is none; of an expectation. */
    @Nullable
    NumberPattern ack;

    /** Whether an expected segment may have an acknowledgment or none. */
    boolean ackOptional;

    @Nullable
    NumberPattern window;

    @Nullable
    NumberPattern urgent;

    /** Into how many packets the payload is cut. */
    NumberPattern packets = NumberPattern.of(1);

    /** How often the same segment comes. */
    NumberPattern times = NumberPattern.of(1);

    /** Whether the payload to be sent is not that of the stream. */
    boolean forged;

    /** Null if nothing is written of options. */
    @Nullable
    List<OptionText> options;

    /** Whether other options than {@link #options} may be there. */
    boolean moreOptions;

    /** Whether a segment to be sent goes without the time stamps that were negotiated. */
    boolean noTimestamps;

    private SegmentText() {}

    /** Reads {@code line}, or throws {@link IllegalArgumentException}. */
    static SegmentText parse(String line) {
        SegmentText segment = new SegmentText();
        segment.text = line;
        Matcher matcher = OPTIONS.matcher(line);
        String words = line;
        if (matcher.find()) {
            segment.options(matcher.group(1).strip());
            words = line.substring(0, matcher.start()) + " " + line.substring(matcher.end());
        }
        Iterator<String> iterator =
                Arrays.asList(words.strip().split("\\s+", -1)).iterator();
        boolean knowsSeq = false;
        while (iterator.hasNext()) {
            String word = iterator.next();
            knowsSeq |= word.equals("seq");
            segment.word(word, iterator);
        }
        if (!knowsSeq) {
            throw new IllegalArgumentException("a segment needs 'seq NUMBER'");
        }
        return segment;
    }

    private void word(String word, Iterator<String> following) {
        int flag = word.isEmpty() ? -1 : FLAGS.indexOf(word);
        if (flag >= 0) {
            flags |= 1 << flag;
            return;
        }
        switch (word) {
            case "seq" -> seq(after(word, following));
            case "ack" -> ack(after(word, following));
            case "win" -> window = NumberPattern.parse(after(word, following));
            case "urg" -> {
                flags |= TcpHeader.URG;
                urgent = NumberPattern.parse(after(word, following));
            }
            case "in" -> packets(after(word, following), following);
            case "forged" -> forged = true;
            default -> {
                if (!following.hasNext() || !following.next().equals("times")) {
                    throw new IllegalArgumentException("'" + word + "' says nothing of a segment");
                }
                times = NumberPattern.parse(word);
            }
        }
    }

    private static String after(String word, Iterator<String> following) {
        if (!following.hasNext()) {
            throw new IllegalArgumentException("something is missing behind '" + word + "'");
        }
        return following.next();
    }

    private void seq(String text) {
        String[] edges = text.split(":", -1);
        seq = NumberPattern.parse(edges[0]);
        payload = edges.length > 1;
        end = payload ? NumberPattern.parse(edges[1]) : seq;
        if (edges.length > 2) {
            throw new IllegalArgumentException("'" + text + "' is no range of sequence numbers");
        }
        if (seq.isExact() && end.isExact() && seq.fromEnd() == end.fromEnd() && end.least() - seq.least() < 0) {
            throw new IllegalArgumentException("'" + text + "' ends before it begins");
        }
    }

    private void ack(String text) {
        ackOptional = text.equals("?");
        if (!ackOptional) {
            flags |= TcpHeader.ACK;
            ack = NumberPattern.parse(text);
        }
    }

    private void packets(String word, Iterator<String> following) {
        boolean any = word.equals("packets");
        packets = any ? NumberPattern.parse(">=1") : NumberPattern.parse(word);
        if (!any && !after(word, following).equals("packets")) {
            throw new IllegalArgumentException("'in " + word + "' what? It should be 'in " + word + " packets'");
        }
    }

    private void options(String text) {
        List<OptionText> list = new ArrayList<>();
        for (String option : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            switch (option.strip()) {
                case "..." -> moreOptions = true;
                case "no ts" -> noTimestamps = true;
                default -> list.add(OptionText.parse(option));
            }
        }
        options = list;
    }

    boolean has(int mask) {
        return (flags & mask) == mask;
    }

    /** Of a segment to be sent: sequence numbers that it takes. */
    int length(int sent) {
        return end.value(sent) - seq.value(sent) + (has(TcpHeader.SYN) ? 1 : 0) + (has(TcpHeader.FIN) ? 1 : 0);
    }

    /** Throws unless everything is said that a segment to be sent needs, and nothing that only an expectation may say. */
    void checkSendable() {
        boolean vague = !seq.isExact() || !end.isExact() || !packets.isExact() || !times.isExact();
        vague |= ack != null && !ack.isExact() || window != null && !window.isExact() || ackOptional || moreOptions;
        vague |= options != null && options.stream().anyMatch(option -> !option.isExact());
        if (vague) {
            throw new IllegalArgumentException("a segment to be sent has no wildcards");
        }
        if (packets.least() < 1 || times.least() < 1) {
            throw new IllegalArgumentException("a segment is sent at least once");
        }
    }

    /** Throws if it says what only a segment to be sent may say. */
    void checkExpectable() {
        if (forged || noTimestamps) {
            throw new IllegalArgumentException("only a segment to be sent is 'forged' or has 'no ts'");
        }
    }

    static String flagsText(int flags) {
        StringBuilder text = new StringBuilder();
        for (int bit : new int[] {1, 0, 2, 3, 5, 6, 7}) {
            text.append((flags >> bit & 1) == 1 ? FLAGS.get(bit) + " " : "");
        }
        return text.toString();
    }
}
