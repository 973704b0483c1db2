package org.slipway.cli;

import org.slipway.network.NetworkBuilder;
import picocli.CommandLine;

/** The entry point of {@code slipway}. */
public final class Main {

    private Main() {}

    /** Runs the command line {@code args} and exits with its status. */
    public static void main(String[] args) {
        Console console = Console.ofProcess();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> console.failed(failure));
        Environment environment = new Environment(console, NetworkBuilder::start, HostNames.ofSystem());
        System.exit(run(args, environment));
    }

    /** Runs the command line {@code args}; returns the exit status. */
    static int run(String[] args, Environment environment) {
        CommandLine root = SlipwayCommand.create(environment);
        return args.length == 0 ? SlipwayCommand.usage(root, environment.console()) : root.execute(args);
    }
}
