package org.slipway.tcp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One TCP option as a scenario writes it: {@code mss 1460}, {@code ws 7}, {@code sackOK}, {@code sack 1:101 201:301},
 * {@code ts 1000 ecr 0}, {@code nop}, {@code end}, or any bytes at all: {@code raw fd 04 00 00}.
 *
 * @param numbers what follows the name; of {@code ts} the value and the echo, as far as they are written
 * @param raw the bytes of {@code raw}
 */
record OptionText(String name, List<NumberPattern> numbers, String raw) {

    private static final int END = 0;
    private static final int NO_OPERATION = 1;
    private static final int MSS = 2;
    private static final int WINDOW_SCALE = 3;
    private static final int SACK_PERMITTED = 4;
    private static final int SACK = 5;
    private static final int TIMESTAMPS = 8;

    static OptionText parse(String text) {
        String[] words = text.strip().split("[ :]+", -1);
        String name = words[0];
        List<NumberPattern> numbers = new ArrayList<>();
        String raw = "";
        switch (name) {
            case "mss", "ws" -> numbers.add(NumberPattern.parse(word(words, 1, text)));
            case "sack" -> {
                if (words.length < 3 || words.length % 2 == 0) {
                    throw new IllegalArgumentException("'" + text + "' should be 'sack FROM:TO FROM:TO …'");
                }
                for (int i = 1; i < words.length; i++) {
                    numbers.add(NumberPattern.parse(words[i]));
                }
            }
            case "ts" -> {
                if (words.length > 1) {
                    numbers.add(NumberPattern.parse(words[1]));
                }
                if (words.length > 2) {
                    if (words.length != 4 || !words[2].equals("ecr")) {
                        throw new IllegalArgumentException("'" + text + "' should be 'ts VALUE ecr ECHO'");
                    }
                    numbers.add(NumberPattern.parse(words[3]));
                }
            }
            case "raw" -> raw = String.join("", List.of(words).subList(1, words.length));
            case "sackOK", "nop", "end" -> {}
            default -> throw new IllegalArgumentException("'" + text + "' is no TCP option known here");
        }
        HexFormat.of().parseHex(raw);
        return new OptionText(name, List.copyOf(numbers), raw);
    }

    private static String word(String[] words, int i, String text) {
        if (words.length != i + 1) {
            throw new IllegalArgumentException("'" + text + "' should be a name and a number");
        }
        return words[i];
    }

    /** Reads all options of a header, knowing nothing of the code under test; what is malformed comes as {@code raw}. */
    static List<OptionText> decode(ByteBuf buf, int at, int end) {
        List<OptionText> list = new ArrayList<>();
        int i = at;
        while (i < end && buf.getUnsignedByte(i) != END) {
            int kind = buf.getUnsignedByte(i);
            int length = kind == NO_OPERATION ? 1 : i + 1 < end ? buf.getUnsignedByte(i + 1) : 0;
            if (length < (kind == NO_OPERATION ? 1 : 2) || i + length > end) {
                throw new AssertionError("malformed option of kind " + kind + " and length " + length + " was sent");
            }
            if (kind != NO_OPERATION) {
                list.add(decode(buf, i, kind, length));
            }
            i += length;
        }
        return list;
    }

    private static OptionText decode(ByteBuf buf, int at, int kind, int length) {
        if (kind == MSS && length == 4) {
            return of("mss", buf.getUnsignedShort(at + 2));
        } else if (kind == WINDOW_SCALE && length == 3) {
            return of("ws", buf.getUnsignedByte(at + 2));
        } else if (kind == SACK_PERMITTED && length == 2) {
            return of("sackOK");
        } else if (kind == TIMESTAMPS && length == 10) {
            return of("ts", buf.getInt(at + 2), buf.getInt(at + 6));
        } else if (kind == SACK && length > 2 && (length - 2) % 8 == 0) {
            int[] edges = new int[(length - 2) / 4];
            for (int i = 0; i < edges.length; i++) {
                edges[i] = buf.getInt(at + 2 + 4 * i);
            }
            return of("sack", edges);
        }
        byte[] bytes = new byte[length];
        buf.getBytes(at, bytes);
        return new OptionText("raw", List.of(), HexFormat.of().formatHex(bytes));
    }

    static OptionText of(String name, int... numbers) {
        List<NumberPattern> list = new ArrayList<>();
        for (int number : numbers) {
            list.add(NumberPattern.of(number));
        }
        return new OptionText(name, list, "");
    }

    boolean isExact() {
        return numbers.stream().allMatch(NumberPattern::isExact);
    }

    /** Number {@code i} of this option, which was decoded or is exact. */
    int number(int i) {
        return numbers.get(i).value(0);
    }

    /** This option with {@code added} added to numbers {@code from} to {@code to}. */
    OptionText shifted(int from, int to, int added) {
        List<NumberPattern> list = new ArrayList<>(numbers);
        for (int i = from; i < Math.min(to, list.size()); i++) {
            list.set(i, NumberPattern.of(number(i) + added));
        }
        return new OptionText(name, list, raw);
    }

    /** Whether {@code sent} is what this option, an expected one, means. */
    boolean matches(OptionText sent) {
        if (!name.equals(sent.name) || !raw.equals(sent.raw) || numbers.size() > sent.numbers.size()) {
            return false;
        }
        for (int i = 0; i < numbers.size(); i++) {
            if (!numbers.get(i).matches(sent.number(i), 0)) {
                return false;
            }
        }
        return name.equals("ts") || numbers.size() == sent.numbers.size();
    }

    /** Appends the bytes of this option. */
    void emit(ByteBuf buf) {
        switch (name) {
            case "mss" -> buf.writeByte(MSS).writeByte(4).writeShort(number(0));
            case "ws" -> buf.writeByte(WINDOW_SCALE).writeByte(3).writeByte(number(0));
            case "sackOK" -> buf.writeByte(SACK_PERMITTED).writeByte(2);
            case "ts" ->
                buf.writeByte(TIMESTAMPS).writeByte(10).writeInt(number(0)).writeInt(number(1));
            case "sack" -> {
                buf.writeByte(SACK).writeByte(2 + 4 * numbers.size());
                for (int i = 0; i < numbers.size(); i++) {
                    buf.writeInt(number(i));
                }
            }
            case "nop" -> buf.writeByte(NO_OPERATION);
            case "end" -> buf.writeByte(END);
            default -> buf.writeBytes(HexFormat.of().parseHex(raw));
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < numbers.size(); i++) {
            boolean right = name.equals("sack") && i % 2 == 1;
            boolean echo = name.equals("ts") && i == 1;
            text.append(right ? ":" : echo ? " ecr " : " ")
                    .append(numbers.get(i).text());
        }
        return raw.isEmpty() ? text.toString() : text + " " + raw;
    }
}
