package org.slipway.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Options of a command, from its configuration file and its command line: what has one value is the command line's if it is
 * there, and lists are the file's with the command line's behind.
 */
final class ConfiguredOptions {

    /** What a file cannot say. */
    private static final Set<String> COMMAND_LINE_ONLY =
            Set.of("--config", "--print-config", "--help", "--version", "--exit-when-ready");

    private ConfiguredOptions() {}

    /**
     * Gives the options of {@code file} to the command of {@code spec}, which has parsed its command line.
     *
     * @param blank another command of that kind, which has parsed nothing
     */
    static void apply(ConfigFile file, CommandSpec spec, CommandLine blank) {
        for (ConfigFile.Entry entry : file.options()) {
            OptionSpec option = find(file, entry, spec);
            Object value = value(file, entry, option, blank);
            if (option.isMultiValue()) {
                List<Object> all = new ArrayList<>((Collection<?>) value);
                all.addAll((Collection<?>) option.getValue());
                option.setValue(all);
            } else if (!spec.commandLine().getParseResult().hasMatchedOption(option)) {
                option.setValue(value);
            }
        }
    }

    private static OptionSpec find(ConfigFile file, ConfigFile.Entry entry, CommandSpec spec) {
        OptionSpec option = spec.findOption("--" + entry.key());
        if (option != null && isConfigurable(option)) {
            return option;
        }
        List<String> known = spec.options().stream()
                .filter(ConfiguredOptions::isConfigurable)
                .map(ConfiguredOptions::key)
                .toList();
        String near = Spelling.nearest(entry.key(), known);
        throw file.error(
                entry.line(),
                "'" + entry.key() + "' is not known" + (near == null ? "" : ", did you mean '" + near + "'?"));
    }

    private static boolean isConfigurable(OptionSpec option) {
        return !COMMAND_LINE_ONLY.contains(option.longestName());
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }

    /** What the command line would make of it. */
    private static Object value(ConfigFile file, ConfigFile.Entry entry, OptionSpec option, CommandLine blank) {
        String name = option.longestName();
        if (entry.values().size() > 1 && !option.isMultiValue()) {
            throw file.error(entry.line(), "'" + entry.key() + "' has one value, and no list");
        }
        try {
            blank.parseArgs(
                    entry.values().stream().map(value -> name + "=" + value).toArray(String[]::new));
        } catch (ParameterException e) {
            throw file.error(entry.line(), String.valueOf(e.getMessage()));
        }
        return blank.getCommandSpec().findOption(name).getValue();
    }

    /** The options of {@code spec} that are not as they are without a word, and {@code ports}, as a configuration file. */
    static String print(CommandSpec spec, List<String> ports) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("ports", ports);
        for (OptionSpec option : spec.options()) {
            Object value = option.getValue();
            boolean isAbsent = value == null || Boolean.FALSE.equals(value) || value.equals(List.of());
            if (isConfigurable(option) && !isAbsent) {
                values.put(key(option), plain(value));
            }
        }
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndent(4)
                .setWidth(Integer.MAX_VALUE)
                .build();
        return new Dump(settings).dumpToString(values);
    }

    private static Object plain(Object value) {
        return value instanceof Collection<?> || value instanceof Boolean || value instanceof Integer
                ? value
                : value.toString();
    }
}
