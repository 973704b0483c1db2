package org.slipway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.RunningNetwork.Verbosity;
import org.slipway.gateway.GatewayConfig;
import org.slipway.link.LinkConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway qemu}: a network and one guest that start and stop together. */
@Command(
        name = "qemu",
        header = "Starts a network and a guest together; both stop when the guest does.",
        customSynopsis = {
            "slipway qemu [OPTION...] [PORT...] -- qemu-system-x86_64 ARGUMENT...",
        },
        description = {
            "",
            "Runs the command behind '--' and adds '-netdev ...,id=slipway0' and '-device MODEL,netdev=slipway0' to it;"
                    + " the -device only if the command has none with netdev=slipway0 itself. Terminal, input and output"
                    + " are the guest's; Slipway itself says only what is wrong, unless --verbose asks for more."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipway qemu -- qemu-system-x86_64 -m 512 -nographic -cdrom live.iso",
            "  slipway qemu --user hostfwd=tcp::2222-:22 -- qemu-system-x86_64 -hda disk.img",
            "  slipway qemu --device e1000 -- qemu-system-i386 -hda old.img",
            "",
            "PORT strings are those of 'slipway up', see 'slipway up --help'. Without any, it is 'user'.",
            "",
            HelpTexts.QEMU_EXIT_CODES
        },
        preprocessor = QemuCommand.GuestCommand.class,
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
final class QemuCommand implements Callable<Integer> {

    /** Takes what stands behind {@code --} out of picocli's hands. */
    static final class GuestCommand implements IParameterPreprocessor {

        @Override
        @SuppressWarnings("JdkObsolete") // picocli's type
        public boolean preprocess(
                Stack<String> args, CommandSpec commandSpec, @Nullable ArgSpec argSpec, Map<String, Object> info) {
            // The top of the stack is the next argument.
            int separator = args.lastIndexOf("--");
            if (separator >= 0) {
                List<String> guest = ((QemuCommand) commandSpec.userObject()).guestCommand;
                for (int i = separator - 1; i >= 0; i--) {
                    guest.add(args.get(i));
                }
                args.subList(0, separator + 1).clear();
            }
            return false;
        }
    }

    private static final String NETDEV = "slipway0";

    private final List<String> guestCommand = new ArrayList<>();

    @Parameters(
            paramLabel = "PORT",
            arity = "0..*",
            description = "As for 'slipway up'; further guests can plug in at listening PORTs.")
    private List<String> ports = List.of();

    @Option(
            names = "--user",
            paramLabel = "OPTIONS",
            description = "Short for the PORT 'user,OPTIONS', for example hostfwd=tcp::2222-:22.")
    private @Nullable String user;

    @Option(
            names = "--device",
            paramLabel = "MODEL",
            defaultValue = "virtio-net-pci",
            description =
                    "The guest's network card, by default ${DEFAULT-VALUE}; more of QEMU's device options may follow.")
    private String device = "";

    @Mixin
    private NetworkOptions options = new NetworkOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Print errors only, not even warnings.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say what happens, and a summary at the end.")
    private boolean verbose;

    private final Environment environment;

    QemuCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    @SuppressWarnings("try") // the signals are only held
    public Integer call() {
        Integer readyFd = options.readyFd;
        ReadySignal ready = readyFd == null ? null : ReadySignal.of(readyFd);
        if (guestCommand.isEmpty()) {
            throw new UsageException("no guest is given; write its command behind '--', for example:"
                    + " slipway qemu -- qemu-system-x86_64 -nographic -cdrom live.iso");
        }
        if (quiet && verbose) {
            throw new UsageException("--quiet and --verbose exclude each other");
        }
        Ports parsed = withGuestLink(PortStrings.parse(portStrings(), environment.names()));
        Verbosity verbosity = quiet ? Verbosity.QUIET : verbose ? Verbosity.FULL : Verbosity.TERSE;
        GuestProcess guest = new GuestProcess(environment.console());
        try (Signals signals = Signals.handle(guest::onSignal);
                RunningNetwork network = RunningNetwork.start(environment, parsed, options, verbosity)) {
            int status = guest.run(arguments(network), network, ready);
            int networkStatus = network.finish();
            return status == ExitCode.OK ? networkStatus : status;
        }
    }

    private List<String> portStrings() {
        List<String> strings = new ArrayList<>(ports);
        String userOptions = user;
        if (userOptions != null) {
            strings.add(0, "user," + userOptions);
        } else if (ports.isEmpty()) {
            strings.add("user");
        }
        return strings;
    }

    /** The guest's own link comes first. TCP, for QEMU before 7.2 has no other stream socket. */
    private Ports withGuestLink(Ports parsed) {
        List<LinkConfig> links = new ArrayList<>();
        links.add(SocketPort.read(PortOptions.split("socket,listen=127.0.0.1:0"), environment.names()));
        links.addAll(parsed.links());
        GatewayConfig gateway = parsed.gateway();
        return new Ports(gateway, links, parsed.notes());
    }

    private List<String> arguments(RunningNetwork network) {
        List<String> arguments = new ArrayList<>(guestCommand);
        arguments.add("-netdev");
        arguments.add(QemuArguments.netdev(network.listeningLinks().get(0), NETDEV));
        if (guestCommand.stream().noneMatch(QemuCommand::usesNetdev)) {
            arguments.add("-device");
            arguments.add(device + ",netdev=" + NETDEV);
        }
        return arguments;
    }

    private static boolean usesNetdev(String argument) {
        return List.of(argument.split(",")).contains("netdev=" + NETDEV);
    }
}
