package org.slipway.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network a command is about. */
final class ControlOption {

    private static final String VARIABLE = "SLIPWAY_CONTROL";

    @Option(names = "--control", paramLabel = "PATH", description = "The control socket; without it $" + VARIABLE + ".")
    @Nullable
    private Path path;

    /** The socket of the network that {@code command} is about. */
    Path socket(String command) {
        if (path != null) {
            return path;
        }
        String given = System.getenv(VARIABLE);
        if (given == null || given.isEmpty()) {
            throw new UsageException(command + ": which network? Give --control=PATH, or set " + VARIABLE);
        }
        return Path.of(given);
    }
}
