package org.slipway.tcp;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.TcpHeader;

/**
 * One line of a packet log, in the manner of tcpdump and with relative sequence numbers:
 * <pre>
 * S 0:0(0) win 65535 &lt;mss 1460,sackOK,TS val 1 ecr 0,wscale 7&gt;
 * P. 1:101(100) ack 1 win 500
 * . 101:101(0) ack 1 &lt;TS,sack 1461:2921 4381:5841&gt;
 * </pre>
 * What an expected line does not mention (window, all options, PSH, the values of TS) is not compared.
 */
final class Packet {

    private static final Pattern LINE =
            Pattern.compile("([SFRPUEW.]+) (\\d+):(\\d+)\\((\\d+)\\)(?: ack (\\d+))?(?: win (\\d+))?(?: <(.*)>)?");
    private static final Pattern TIMESTAMPS = Pattern.compile("TS(?: val (\\d+))?(?: ecr (\\d+))?");
    private static final String LETTERS = "FSRP.UEW";

    int flags;
    int seq;
    int length;

    @Nullable
    Long ack;

    @Nullable
    Integer window;
    /** Null if the line says nothing of options. */
    @Nullable
    List<String> options;

    int mss = -1;
    int windowScale = -1;
    boolean sackPermitted;
    boolean timestamps;

    @Nullable
    Long timestampValue;

    @Nullable
    Long timestampEcho;

    final List<int[]> sacks = new ArrayList<>();

    static Packet parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a packet: " + line);
        }
        Packet packet = new Packet();
        for (char letter : matcher.group(1).toCharArray()) {
            packet.flags |= 1 << LETTERS.indexOf(letter);
        }
        packet.seq = number(matcher.group(2));
        packet.length = number(matcher.group(4));
        if (number(matcher.group(3)) != packet.seq + packet.length) {
            throw new IllegalArgumentException("does not add up: " + line);
        }
        packet.ack = matcher.group(5) == null ? null : Long.parseLong(matcher.group(5));
        packet.window = matcher.group(6) == null ? null : Integer.valueOf(matcher.group(6));
        packet.parseOptions(matcher.group(7));
        return packet;
    }

    private void parseOptions(@Nullable String text) {
        if (text == null) {
            return;
        }
        List<String> list = new ArrayList<>();
        for (String option : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            list.add(option);
            Matcher matcher = TIMESTAMPS.matcher(option);
            if (option.startsWith("mss ")) {
                mss = number(option.substring(4));
            } else if (option.startsWith("wscale ")) {
                windowScale = number(option.substring(7));
            } else if (option.equals("sackOK")) {
                sackPermitted = true;
            } else if (matcher.matches()) {
                timestamps = true;
                timestampValue = matcher.group(1) == null ? null : Long.valueOf(matcher.group(1));
                timestampEcho = matcher.group(2) == null ? null : Long.valueOf(matcher.group(2));
            } else if (option.startsWith("sack ")) {
                for (String block : option.substring(5).split(" ", -1)) {
                    String[] edges = block.split(":", -1);
                    sacks.add(new int[] {number(edges[0]), number(edges[1])});
                }
            } else {
                throw new IllegalArgumentException("unknown option: " + option);
            }
        }
        options = list;
    }

    private static int number(String text) {
        return Integer.parseUnsignedInt(text);
    }

    boolean has(int mask) {
        return (flags & mask) == mask;
    }

    int end() {
        return seq + length;
    }

    /** This packet as a line that mentions only what {@code like} does. */
    String toString(Packet like) {
        StringBuilder text = new StringBuilder();
        for (char letter : "SFRPUEW.".toCharArray()) {
            int mask = 1 << LETTERS.indexOf(letter);
            if (has(mask) && (mask != TcpHeader.PSH || like.has(mask))) {
                text.append(letter);
            }
        }
        text.append(' ').append(Integer.toUnsignedString(seq)).append(':');
        text.append(Integer.toUnsignedString(end())).append('(').append(length).append(')');
        if (ack != null) {
            text.append(" ack ").append(ack);
        }
        if (like.window != null) {
            text.append(" win ").append(window);
        }
        if (like.options != null) {
            text.append(" <").append(String.join(",", optionTexts(like))).append('>');
        }
        return text.toString();
    }

    private List<String> optionTexts(Packet like) {
        List<String> list = new ArrayList<>();
        if (mss >= 0) {
            list.add("mss " + mss);
        }
        if (sackPermitted) {
            list.add("sackOK");
        }
        if (timestamps) {
            String value = like.timestampValue == null ? "" : " val " + timestampValue;
            String echo = like.timestampEcho == null ? "" : " ecr " + timestampEcho;
            list.add("TS" + value + echo);
        }
        if (windowScale >= 0) {
            list.add("wscale " + windowScale);
        }
        List<String> blocks = new ArrayList<>();
        for (int[] sack : sacks) {
            blocks.add(Integer.toUnsignedString(sack[0]) + ":" + Integer.toUnsignedString(sack[1]));
        }
        if (!blocks.isEmpty()) {
            list.add("sack " + String.join(" ", blocks));
        }
        return list;
    }

    @Override
    public String toString() {
        return toString(this);
    }
}
