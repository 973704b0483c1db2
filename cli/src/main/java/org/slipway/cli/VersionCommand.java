package org.slipway.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code slipway version}, and what {@code --version} prints. */
@Command(name = "version", header = "Prints the version, and what it runs on.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {

    private final Console console;

    VersionCommand(Environment environment) {
        this.console = environment.console();
    }

    @Override
    public Integer call() {
        console.out().println(text());
        return ExitCode.OK;
    }

    @Override
    public String[] getVersion() {
        return new String[] {text()};
    }

    /** The program's version. */
    static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "(not packaged)");
    }

    private static String text() {
        return "slipway " + version() + ", Java "
                + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch");
    }
}
