package org.slipway.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One run of a command line within this process, and what it printed. */
record CommandRun(int status, String out, String err) {

    /** Names are known to nobody, networks are started by {@code starter}. */
    static CommandRun of(NetworkStarter starter, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(stream(out), stream(err));
        HostNames names = name -> {
            throw new UnknownHostException(name);
        };
        int status = Main.run(args, new Environment(console, starter, names));
        return new CommandRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** The lines of messages. */
    List<String> messages() {
        return err.lines().toList();
    }
}
