package org.slipway.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.capture.FileErrors;
import org.slipway.network.NetworkException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A configuration file: YAML whose keys are the long options of {@code slipway up} without their dashes, and {@code ports}, a
 * list of PORTs, each as a text or as a mapping of its {@code type} and its options.
 */
final class ConfigFile {

    /** What a key has: one value, or those of a list; {@code line} is that of the key, from 1 on. */
    record Entry(String key, List<String> values, int line) {}

    private static final String PORTS = "ports";
    private static final String TYPE = "type";
    private static final long MAX_BYTES = 1 << 20;

    private final Path file;
    private final List<Entry> options = new ArrayList<>();
    private final List<Entry> ports = new ArrayList<>();

    private ConfigFile(Path file) {
        this.file = file;
    }

    /**
     * Reads {@code file}.
     *
     * @throws NetworkException if it cannot be read
     * @throws UsageException if it is no such file; the message begins with the file's name and the line
     */
    static ConfigFile read(Path file) {
        ConfigFile result = new ConfigFile(file);
        result.parse(text(file));
        return result;
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UsageException("--config " + file + ": more than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new UsageException("--config " + file + ": it is not UTF-8");
        } catch (IOException e) {
            String reason = Files.exists(file) ? FileErrors.reason(e) : "no such file";
            throw new NetworkException("--config " + file + ": cannot be read: " + reason, e);
        }
    }

    private void parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(0)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent()) {
                mapping(root.get(), "the file").getValue().forEach(this::read);
            }
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw error(line, "no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw error(
                    1,
                    "no YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private void read(NodeTuple tuple) {
        String key = scalar(tuple.getKeyNode(), "a key");
        int line = line(tuple.getKeyNode());
        requireNew(key, line, options);
        if (key.equals(PORTS)) {
            if (!(tuple.getValueNode() instanceof SequenceNode list)) {
                throw error(line, "'" + PORTS + "' must be a list");
            }
            list.getValue().forEach(node -> ports.add(new Entry(PORTS, List.of(port(node)), line(node))));
        } else {
            options.add(new Entry(key, values(tuple.getValueNode(), key), line));
        }
    }

    private void requireNew(String key, int line, List<Entry> before) {
        boolean twice =
                before.stream().anyMatch(entry -> entry.key.equals(key)) || key.equals(PORTS) && !ports.isEmpty();
        if (twice) {
            throw error(line, "'" + key + "' is there twice");
        }
    }

    /** A PORT in the syntax of the command line. */
    private String port(Node node) {
        if (node instanceof ScalarNode) {
            return scalar(node, "a port");
        }
        StringBuilder text = new StringBuilder();
        List<Entry> entries = new ArrayList<>();
        for (NodeTuple tuple : mapping(node, "a port").getValue()) {
            String key = scalar(tuple.getKeyNode(), "a key");
            requireNew(key, line(tuple.getKeyNode()), entries);
            entries.add(new Entry(key, values(tuple.getValueNode(), key), line(tuple.getKeyNode())));
        }
        for (Entry entry : entries) {
            if (entry.key.equals(TYPE)) {
                text.insert(0, escaped(entry.values.get(0)));
            } else {
                entry.values.forEach(
                        value -> text.append(',').append(entry.key).append('=').append(escaped(value)));
            }
        }
        if (entries.stream().noneMatch(entry -> entry.key.equals(TYPE))) {
            throw error(line(node), "a port needs a 'type': user, socket or stream");
        }
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace(",", ",,");
    }

    private List<String> values(Node node, String key) {
        if (node instanceof SequenceNode list) {
            return list.getValue().stream()
                    .map(each -> scalar(each, "a value of '" + key + "'"))
                    .toList();
        }
        return List.of(scalar(node, "the value of '" + key + "'"));
    }

    private String scalar(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return scalar.getValue();
        }
        throw error(
                line(node), what + " must be a text or a number" + (node instanceof ScalarNode ? ", not empty" : ""));
    }

    private MappingNode mapping(Node node, String what) {
        if (node instanceof MappingNode mapping) {
            return mapping;
        }
        throw error(line(node), what + " must be a mapping: 'key: value' lines");
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    /** What stands there but the ports. */
    List<Entry> options() {
        return options;
    }

    /** The PORTs; each has one value. */
    List<Entry> ports() {
        return ports;
    }

    /** An error in line {@code line}. */
    UsageException error(int line, String message) {
        return new UsageException(file + ":" + line + ": " + message);
    }

    /** {@code e}, with the line of the PORT that it is about, if it is one of these. */
    UsageException located(UsageException e) {
        String message = String.valueOf(e.getMessage());
        for (Entry port : ports) {
            if (message.startsWith("PORT '" + port.values.get(0) + "'")) {
                return error(port.line, message);
            }
        }
        return e;
    }
}
