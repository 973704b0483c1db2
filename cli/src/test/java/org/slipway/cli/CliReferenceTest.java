package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class CliReferenceTest {

    private static final Path FILE = Path.of(System.getProperty("slipway.root", ".."), "docs/cli-reference.md");

    private static final String HEAD = """
            # Command line reference

            What each command's `--help` says. This file is generated; to refresh it:

                mvn -Dfast -pl cli -am test -Dtest=CliReferenceTest -Dsurefire.failIfNoSpecifiedTests=false \\
                  -Dslipway.docs.write=true
            """;

    @Test
    void documentationIsWhatHelpSays() throws IOException {
        String reference = reference();
        if (Boolean.getBoolean("slipway.docs.write")) {
            Files.writeString(FILE, reference);
        }
        assertThat(FILE)
                .as("stale: the command in its head refreshes it")
                .content()
                .isEqualTo(reference);
    }

    private static String reference() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Console console = new Console(nowhere, nowhere);
        CommandLine root =
                SlipwayCommand.create(new Environment(console, builder -> new FakeNetwork(), HostNames.ofSystem()));
        StringBuilder text = new StringBuilder(HEAD);
        section(text, root);
        for (CommandLine sub : root.getSubcommands().values()) {
            section(text, sub);
            sub.getSubcommands().values().forEach(request -> section(text, request));
        }
        return text.toString();
    }

    private static void section(StringBuilder text, CommandLine command) {
        command.setUsageHelpAutoWidth(false).setUsageHelpWidth(80);
        String usage = command.getUsageMessage(Ansi.OFF).stripTrailing().replaceAll("[ \t]+\n", "\n");
        text.append("\n## ")
                .append(command.getCommandSpec().qualifiedName())
                .append("\n\n```text\n")
                .append(usage)
                .append("\n```\n");
    }
}
