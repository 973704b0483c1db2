package org.slipway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slipway.cli.demo.Demonstration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway demo}: a guest, what it does with a network, and the packets as they pass. */
@Command(
        name = "demo",
        header = "Boots a tiny guest, uses its network, shows and records all packets.",
        description = {
            "",
            "A Linux guest in QEMU gets an address, pings the gateway, looks up a name, fetches a page from this host and"
                    + " is reached from it. Without QEMU, a kernel and busybox a guest built into slipway does the same.",
            "",
            "The exit status is 0 if every step did what it should."
        },
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--record",
            paramLabel = "FILE",
            defaultValue = "demo.pcapng",
            description = "Where the recording goes; ${DEFAULT-VALUE} unless given. An existing FILE is replaced.")
    private Path record = Path.of("demo.pcapng");

    @Option(names = "--built-in", description = "Take the built-in guest even if a real one can be had.")
    private boolean builtIn;

    private final Environment environment;

    DemoCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Demonstration demonstration = new Demonstration(environment.console().out(), record, builtIn);
        return demonstration.run() ? ExitCode.OK : ExitCode.FAILURE;
    }
}
