package org.slipway.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.RunningNetwork.Verbosity;
import org.slipway.network.Network.BoundLink;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code slipway up}: a network that runs until it is told to stop. */
@Command(
        name = "up",
        header = "Starts a network and keeps it running until Ctrl-C.",
        description = {
            "",
            "All PORTs together make one network: guests on different sockets see each other, and with a 'user' port"
                    + " all of them reach the outside. For each listening PORT the exact arguments for QEMU are printed."
        },
        footerHeading = "%nPORT strings:%n",
        footer = {
            HelpTexts.PORTS,
            "Examples:",
            "  slipway up user socket,listen=127.0.0.1:1234",
            "  slipway up user,hostfwd=tcp::2222-:22 socket,listen=:0 --record all.pcapng",
            "  slipway up user,mtu=9000 stream,server=on,addr.type=unix,addr.path=vm1.sock",
            "",
            HelpTexts.EXIT_CODES
        },
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
final class UpCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PORT", arity = "0..*", description = "What the network is made of, see below.")
    private List<String> ports = List.of();

    @Mixin
    private NetworkOptions options = new NetworkOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Print errors only.")
    private boolean quiet;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Take PORTs and options from FILE (YAML), too; what stands on the command line goes before.")
    @Nullable
    private Path config;

    @Option(names = "--print-config", description = "Print PORTs and options as such a file, and start nothing.")
    private boolean printConfig;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--exit-when-ready", hidden = true)
    private boolean exitWhenReady;

    private final Environment environment;

    UpCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    @SuppressWarnings("try") // the signals are only held
    public Integer call() {
        ConfigFile file = config == null ? null : ConfigFile.read(config);
        Ports parsed = file == null ? PortStrings.parse(ports, environment.names()) : configured(file);
        if (parsed.links().isEmpty()) {
            throw new UsageException((ports.isEmpty() ? "no PORT is given" : "no PORT that a guest can plug into")
                    + "; try: slipway up user socket,listen=127.0.0.1:0");
        }
        if (printConfig) {
            environment.console().out().print(ConfiguredOptions.print(Objects.requireNonNull(spec), ports));
            return ExitCode.OK;
        }
        Integer readyFd = options.readyFd;
        ReadySignal ready = readyFd == null ? null : ReadySignal.of(readyFd);
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Verbosity verbosity = quiet ? Verbosity.QUIET : Verbosity.FULL;
        try (Signals signals = Signals.handle(count -> onSignal(count, asked));
                RunningNetwork network = RunningNetwork.start(environment, parsed, options, verbosity)) {
            if (!quiet) {
                greet(network.listeningLinks());
            }
            network.announce(ready);
            if (!exitWhenReady) {
                awaitEnd(network, asked);
            }
            return network.finish();
        }
    }

    /** Takes over what {@code file} says; the ports of both. */
    private Ports configured(ConfigFile file) {
        ConfiguredOptions.apply(file, Objects.requireNonNull(spec), new CommandLine(new UpCommand(environment)));
        List<String> all = new ArrayList<>();
        file.ports().forEach(port -> all.addAll(port.values()));
        all.addAll(ports);
        ports = all;
        try {
            return PortStrings.parse(ports, environment.names());
        } catch (UsageException e) {
            throw file.located(e);
        }
    }

    private static void onSignal(int count, CompletableFuture<Void> asked) {
        if (count > 1) {
            Runtime.getRuntime().halt(ExitCode.FORCED);
        }
        asked.complete(null);
    }

    private void awaitEnd(RunningNetwork network, CompletableFuture<Void> asked) {
        try {
            CompletableFuture.anyOf(asked, network.stopped()).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        if (!asked.isDone() && !quiet) {
            environment.console().say("the network has ended");
        }
    }

    private void greet(List<BoundLink> links) {
        Console console = environment.console();
        for (int i = 0; i < links.size(); i++) {
            console.say("guests plug in at " + links.get(i).config().description() + "; give QEMU:");
            console.paste(QemuArguments.forShell(links.get(i), i));
        }
        if (!links.isEmpty()) {
            console.say("each further guest needs a mac= of its own, for example " + QemuArguments.mac(links.size()));
        }
        console.say("running; Ctrl-C stops");
    }
}
