package org.slipway.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code slipway} itself: a list of commands. */
@Command(
        name = "slipway",
        header = "A virtual network for guests: no root, every packet recorded.",
        description = {
            "",
            "QEMU guests plug in over a socket and get DHCP, DNS and the outside world. Start with:",
            "",
            "  slipway qemu --record vm.pcapng -- qemu-system-x86_64 -m 512 -cdrom live.iso",
            "",
            "or run the network by itself, for one guest or many:",
            "",
            "  slipway up user socket,listen=127.0.0.1:0"
        },
        footer = {
            "",
            "'slipway COMMAND --help' explains each. In the environment, SLIPWAY_DEBUG=1",
            "adds stack traces to errors, and SLIPWAY_JAVA_OPTS adds options for Java."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
final class SlipwayCommand {

    private SlipwayCommand() {}

    /** The whole command line, ready to execute. */
    static CommandLine create(Environment environment) {
        Console console = environment.console();
        VersionCommand version = new VersionCommand(environment);
        CommandLine root = new CommandLine(new SlipwayCommand());
        root.getCommandSpec().versionProvider(version);
        root.addSubcommand(new UpCommand(environment));
        root.addSubcommand(new QemuCommand(environment));
        root.addSubcommand(new DemoCommand(environment));
        root.addSubcommand(CtlCommand.create(environment));
        root.addSubcommand(new TopCommand(environment));
        root.addSubcommand(version);
        root.addSubcommand(new HelpCommand());
        for (CommandLine sub : root.getSubcommands().values()) {
            sub.getCommandSpec().versionProvider(version);
        }
        root.setOut(new PrintWriter(console.out(), true, Charset.defaultCharset()));
        root.setErr(new PrintWriter(console.err(), true, Charset.defaultCharset()));
        root.setParameterExceptionHandler((e, args) -> usageError(e, console));
        root.setExecutionExceptionHandler((e, command, result) -> {
            console.failed(e);
            return e instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILURE;
        });
        return root;
    }

    private static int usageError(ParameterException e, Console console) {
        CommandLine command = e.getCommandLine();
        String message = e instanceof UnmatchedArgumentException unmatched
                        && !command.getSubcommands().isEmpty()
                ? unknownCommand(
                        unmatched.getUnmatched().get(0),
                        command.getSubcommands().keySet())
                : String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ") + suggestion(e);
        console.say(message + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
        return ExitCode.USAGE;
    }

    private static String suggestion(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || !unmatched.isUnknownOption()) {
            return "";
        }
        String near = Spelling.nearest(
                unmatched.getUnmatched().get(0),
                e.getCommandLine().getCommandSpec().optionsMap().keySet());
        return near == null ? "" : ", did you mean '" + near + "'?";
    }

    private static String unknownCommand(String word, Set<String> commands) {
        String near = Spelling.nearest(word, commands);
        return (word.startsWith("-") ? "Unknown option: '" : "Unknown command: '") + word + "'"
                + (near != null ? ", did you mean '" + near + "'?" : "");
    }

    /** Prints what {@code slipway} without arguments shows: its help. */
    static int usage(CommandLine root, Console console) {
        root.usage(console.err(), Ansi.AUTO);
        return ExitCode.USAGE;
    }
}
