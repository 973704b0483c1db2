package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One PORT string taken apart, in the syntax of QEMU's {@code -netdev}: {@code type,key=value,…}; a comma within a value
 * is written twice; {@code key} alone means {@code key=on}, and {@code nokey} {@code key=off}, where key is a switch.
 */
final class PortOptions {

    private record Option(String key, @Nullable String value) {}

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
    private static final String ID = "id";
    private static final String TYPE = "type=";

    private final String text;
    private final String type;
    private final List<Option> options = new ArrayList<>();

    private PortOptions(String text, String type) {
        this.text = text;
        this.type = type;
    }

    /** Takes {@code text} apart; which options exist is checked by {@link #allowOnly}. */
    static PortOptions split(String text) {
        List<String> words = words(text);
        int type = typeAt(words);
        String typeWord = words.get(type);
        PortOptions result =
                new PortOptions(text, typeWord.startsWith(TYPE) ? typeWord.substring(TYPE.length()) : typeWord);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            if (i != type) {
                result.options.add(
                        equals < 0
                                ? new Option(word, null)
                                : new Option(word.substring(0, equals), word.substring(equals + 1)));
            }
        }
        return result;
    }

    /** The type is the first word, or, as with QEMU if that is an option, behind {@code type=} anywhere. */
    private static int typeAt(List<String> words) {
        for (int i = 0; i < words.size() && words.get(0).indexOf('=') >= 0; i++) {
            if (words.get(i).startsWith(TYPE)) {
                return i;
            }
        }
        return 0;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != ',') {
                word.append(text.charAt(i));
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                word.append(',');
                i++;
            } else {
                words.add(word.toString());
                word.setLength(0);
            }
        }
        if (words.isEmpty() || word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }

    /** The first word: what kind of port it is. */
    String type() {
        return type;
    }

    /** The whole PORT string as the user wrote it. */
    String text() {
        return text;
    }

    /** An error that names this PORT. */
    UsageException error(String message) {
        return UsageException.inPort(text, message);
    }

    /**
     * Checks that all options are known.
     *
     * @param known with a value
     * @param switches on or off
     * @param planned options of QEMU that Slipway does not have yet
     */
    void allowOnly(Set<String> known, Set<String> switches, Set<String> planned) {
        for (int i = 0; i < options.size(); i++) {
            Option option = options.get(i);
            String key = option.key;
            if (switches.contains(key)) {
                options.set(i, new Option(key, option.value == null ? "on" : option.value));
            } else if (option.value == null && key.startsWith("no") && switches.contains(key.substring(2))) {
                options.set(i, new Option(key.substring(2), "off"));
            } else if (planned.contains(key)) {
                throw error("Parameter '" + key + "' is not supported yet");
            } else if (!known.contains(key) && !key.equals(ID)) {
                throw error("Invalid parameter '" + key + "'" + hint(key, known, switches));
            } else if (option.value == null) {
                throw error("Parameter '" + key + "' needs a value: " + key + "=...");
            }
        }
    }

    private String hint(String key, Set<String> known, Set<String> switches) {
        Set<String> all = new TreeSet<>(known);
        all.addAll(switches);
        String near = Spelling.nearest(key, all);
        return near != null
                ? "; did you mean '" + near + "'?"
                : "; '" + type + "' takes " + all.stream().collect(Collectors.joining(", "));
    }

    /** The value of {@code key}, or null if it is not given. */
    @Nullable
    String value(String key) {
        List<String> values = values(key);
        if (values.size() > 1) {
            throw error("Parameter '" + key + "' is given twice: '" + values.get(0) + "' and '" + values.get(1) + "'");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** All values of {@code key}, in order. */
    List<String> values(String key) {
        List<String> values = new ArrayList<>();
        for (Option option : options) {
            if (option.key.equals(key) && option.value != null) {
                values.add(option.value);
            }
        }
        return values;
    }

    /** The value of {@code key}. */
    String required(String key) {
        String value = value(key);
        if (value == null) {
            throw error("Parameter '" + key + "' is missing");
        }
        return value;
    }

    /** Whether any option begins with {@code prefix}. */
    boolean hasAny(String prefix) {
        return options.stream().anyMatch(option -> option.key.startsWith(prefix));
    }

    /** The switch {@code key}, or null if it is not given. */
    @Nullable
    Boolean flag(String key) {
        String value = value(key);
        if (value == null) {
            return null;
        }
        return switch (value) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default -> throw error("Parameter '" + key + "' expects 'on' or 'off', not '" + value + "'");
        };
    }

    /** The number {@code key} within {@code min} and {@code max}, or {@code absent} if it is not given. */
    long number(String key, long min, long max, long absent) {
        String value = value(key);
        if (value == null) {
            return absent;
        }
        long number = CNumber.parse(value);
        if (number == CNumber.INVALID) {
            throw error("Parameter '" + key + "' expects a number, not '" + value + "'");
        }
        if (number < min || number > max) {
            throw error("Parameter '" + key + "' must be " + min + " to " + max + ", not '" + value + "'");
        }
        return number;
    }

    /** The identifier that QEMU would use, or null; only checked, for Slipway has no use for it. */
    @Nullable
    String id() {
        String id = value(ID);
        if (id != null && !IDENTIFIER.matcher(id).matches()) {
            throw error("Parameter 'id' expects an identifier, not '" + id
                    + "': letters, digits, '-', '.', '_', starting with a letter");
        }
        return id;
    }
}
