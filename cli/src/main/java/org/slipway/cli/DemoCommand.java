package org.slipway.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway demo}: only there when the {@link Environment} has a {@link Demo}. */
@Command(
        name = "demo",
        description = "Boots a tiny guest, does with it what a network is for, and records all of it.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Where the recording goes; by default a new file in the temporary directory.")
    private @Nullable Path record;

    private final Environment environment;
    private final Demo demo;

    DemoCommand(Environment environment, Demo demo) {
        this.environment = environment;
        this.demo = demo;
    }

    /** Where the user wants the recording, or null. */
    @Nullable
    Path record() {
        return record;
    }

    @Override
    public Integer call() {
        return demo.run(this, environment);
    }
}
