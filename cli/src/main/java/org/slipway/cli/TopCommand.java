package org.slipway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slipway top}: the guests and flows of a network that runs, on a screen that keeps up with it. */
@Command(
        name = "top",
        header = "Shows the guests and flows of a running network, live.",
        description = {
            "",
            "The network must have been started with --control=PATH. 'q' quits, '?' explains the other keys. Where"
                    + " standard output is no terminal, or a dumb one, what is there is printed once, as with --once."
        },
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
final class TopCommand implements Callable<Integer> {

    @Mixin
    private ControlOption control = new ControlOption();

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How often to look, 0.2 to 60 (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--sort",
            paramLabel = "KEY",
            defaultValue = "rate",
            description = "What flows are sorted by: rate, up, down, total, rtt, age, flow, guest, destination or state"
                    + " (default: ${DEFAULT-VALUE}).")
    private String sort = "rate";

    @Option(names = "--once", description = "Print what is there as text after one interval, and end.")
    private boolean once;

    private final Environment environment;

    TopCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new TopRun(environment.console(), control.socket("top"), sort, seconds, once).call();
    }
}
