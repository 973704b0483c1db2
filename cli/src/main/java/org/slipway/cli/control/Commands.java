package org.slipway.cli.control;

import com.google.gson.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OpenForward;
import org.slipway.network.Control;
import org.slipway.wire.IpAddress;

/** The commands of the control protocol, by name. Any thread; each waits for the network. */
final class Commands {

    /** What a command does with its arguments; the result becomes JSON. */
    private record Command(Set<String> arguments, Function<Arguments, Object> run) {}

    private static final Pattern FLOW = Pattern.compile("(tcp|udp|icmp)([0-9]{1,18})");

    private final Map<String, Command> commands = new TreeMap<>();
    private final Control control;
    private final Function<String, List<ForwardRule>> rules;

    /**
     * @param rules reads a rule of {@code hostfwd=}, for the network that is controlled; throws RuntimeException with one line
     * @param version of the program
     */
    Commands(Control control, Function<String, List<ForwardRule>> rules, String version) {
        this.control = control;
        this.rules = rules;
        command("query-version", Set.of(), arguments -> Map.of("slipway", version));
        command("query-commands", Set.of(), arguments -> commands.keySet());
        command("query-network", Set.of(), arguments -> Answers.network(control.about()));
        command("query-ports", Set.of(), arguments -> Answers.list(control.ports(), Answers::port));
        command("query-leases", Set.of(), arguments -> Answers.list(control.leases(), Answers::lease));
        command("query-flows", Set.of(), arguments -> Answers.list(control.flows(), Answers::flow));
        command("query-forwards", Set.of(), arguments -> Answers.list(control.forwards(), Answers::forward));
        command("query-statistics", Set.of(), arguments -> Answers.statistics(control.summary()));
        command("query-recording", Set.of(), arguments -> recording());
        command(
                "query-usernet",
                Set.of(),
                arguments -> String.join("\n", UsernetTable.lines(control.forwards(), control.flows())));
        command("add-forward", Set.of("rule"), this::addForward);
        command("remove-forward", Set.of("rule"), this::removeForward);
        command("query-host-records", Set.of(), arguments -> Answers.hostRecords(control.hostRecords()));
        command(
                "add-host-record",
                Set.of("name", "address"),
                arguments -> done(() -> control.addHostRecord(arguments.text("name"), address(arguments))));
        command(
                "remove-host-record",
                Set.of("name"),
                arguments -> done(() -> control.removeHostRecord(arguments.text("name"))));
        command("kill-flow", Set.of("flow"), this::killFlow);
        command("kick", Set.of("port"), arguments -> done(() -> control.kick(arguments.text("port"))));
        command(
                "set-link",
                Set.of("port", "up"),
                arguments -> done(() -> control.link(arguments.text("port"), arguments.flag("up"))));
        command("start-recording", Set.of("file"), arguments -> record(arguments, false));
        command("rotate-recording", Set.of("file"), arguments -> record(arguments, true));
        command("stop-recording", Set.of(), arguments -> {
            control.stopRecording();
            return recording();
        });
    }

    private void command(String name, Set<String> arguments, Function<Arguments, Object> run) {
        commands.put(name, new Command(arguments, run));
    }

    /**
     * Runs a command and waits until it is done.
     *
     * @throws RequestException if it cannot be done; NetworkException as {@link Control} has it
     */
    Object run(String name, JsonObject arguments) {
        Command command = commands.get(name);
        if (command == null) {
            throw new UnknownCommandException(name);
        }
        return command.run.apply(new Arguments(arguments, command.arguments));
    }

    private static JsonObject done(Runnable action) {
        action.run();
        return new JsonObject();
    }

    private static IpAddress address(Arguments arguments) {
        String text = arguments.text("address");
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RequestException("'" + text + "' is no IPv4 or IPv6 address");
        }
    }

    private Object addForward(Arguments arguments) {
        List<ForwardRule> parsed = parse(arguments.text("rule"));
        List<OpenForward> opened = new ArrayList<>();
        try {
            parsed.forEach(rule -> opened.add(control.addForward(rule)));
        } catch (RuntimeException e) {
            // All ports of a range, or none.
            opened.forEach(control::removeForward);
            throw e;
        }
        return Answers.list(opened, Answers::forward);
    }

    private List<ForwardRule> parse(String rule) {
        try {
            return rules.apply(rule);
        } catch (RuntimeException e) {
            throw new RequestException(String.valueOf(e.getMessage()));
        }
    }

    /** As QEMU's hostfwd_remove: {@code [tcp|udp]:[hostaddr]:hostport}; and {@code unix:/path}. */
    private Object removeForward(Arguments arguments) {
        String rule = arguments.text("rule");
        Listening meant = Listening.parse(rule);
        for (OpenForward forward : control.forwards()) {
            if (meant.is(forward)) {
                control.removeForward(forward);
                return Answers.forward(forward);
            }
        }
        throw new RequestException("host forwarding rule for " + rule + " not found");
    }

    private Object killFlow(Arguments arguments) {
        String name = arguments.text("flow");
        Matcher matcher = FLOW.matcher(name);
        if (!matcher.matches()) {
            throw new RequestException("'" + name + "' names no flow; query-flows has them, as in 'tcp12'");
        }
        control.kill(
                FlowSnapshot.Protocol.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                Long.parseLong(matcher.group(2)));
        return new JsonObject();
    }

    private Object record(Arguments arguments, boolean rotate) {
        boolean running = control.recording() != null;
        if (running && !rotate) {
            throw new RequestException("recording to '" + control.recording() + "' already; rotate or stop it");
        }
        if (!running && rotate) {
            throw new RequestException("nothing is being recorded");
        }
        String file = arguments.text("file");
        try {
            control.record(Path.of(file));
        } catch (InvalidPathException e) {
            throw new RequestException("'" + file.replace('\0', '?') + "' is no file name");
        }
        return recording();
    }

    private JsonObject recording() {
        return Answers.recording(control.recording(), control.summary().recording());
    }
}
