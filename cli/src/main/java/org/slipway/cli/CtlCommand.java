package org.slipway.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.control.ControlClient;
import org.slipway.cli.control.RequestException;
import org.slipway.network.NetworkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slipway ctl}: asks and changes a network that runs. Each subcommand is one request of the control protocol. */
@Command(
        name = "ctl",
        header = "Asks a running network, and changes it.",
        description = {"", "The network must have been started with --control=PATH."},
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
final class CtlCommand {

    @Mixin
    private ControlOption control = new ControlOption();

    @Option(names = "--json", description = "Print what the network returned, as JSON.")
    private boolean json;

    private final Environment environment;

    private CtlCommand(Environment environment) {
        this.environment = environment;
    }

    static CommandLine create(Environment environment) {
        return new CommandLine(new CtlCommand(environment));
    }

    // ---- asking

    @Command(name = "ports", header = "Lists the guests that are plugged in.")
    int ports() {
        return ask("query-ports", new JsonObject(), CtlText::ports);
    }

    @Command(name = "leases", header = "Lists the addresses that guests hold.")
    int leases() {
        return ask("query-leases", new JsonObject(), CtlText::leases);
    }

    @Command(name = "flows", header = "Lists connections, UDP flows and pings.")
    int flows() {
        return ask("query-flows", new JsonObject(), CtlText::flows);
    }

    @Command(name = "forwards", header = "Lists the forwards from the host to guests.")
    int forwards() {
        return ask("query-forwards", new JsonObject(), CtlText::forwards);
    }

    @Command(name = "stats", header = "Shows what passed, and what was dropped and why.")
    int stats() {
        return ask("query-statistics", new JsonObject(), CtlText::statistics);
    }

    @Command(name = "info", header = "'info usernet' prints the table of QEMU's monitor.")
    int info(@Parameters(paramLabel = "usernet") String what) {
        if (!what.equals("usernet")) {
            throw new UsageException("info: there is 'usernet', not '" + what + "'");
        }
        return ask("query-usernet", new JsonObject(), CtlText::text);
    }

    // ---- changing

    @Command(
            name = "hostfwd_add",
            header = "Adds a forward: [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport",
            description = "Or unix:/path-[guestaddr]:guestport. Prints where it listens.")
    int addForward(@Parameters(paramLabel = "RULE") String rule) {
        return ask("add-forward", with("rule", rule), CtlText::listening);
    }

    @Command(name = "hostfwd_remove", header = "Removes a forward: [tcp|udp]:[hostaddr]:hostport, or unix:/path.")
    int removeForward(@Parameters(paramLabel = "RULE") String rule) {
        return ask(
                "remove-forward",
                with("rule", rule),
                answer -> CtlText.line("host forwarding rule for " + rule + " removed"));
    }

    @Command(name = "hosts", header = "Lists the names that guests' resolver was given addresses for.")
    int hosts() {
        return ask("query-host-records", new JsonObject(), CtlText::hostRecords);
    }

    @Command(name = "host_add", header = "Gives a name one more address, for guests that ask the network's resolver.")
    int addHost(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "ADDRESS") String address) {
        JsonObject arguments = with("name", name);
        arguments.addProperty("address", address);
        return ask("add-host-record", arguments, CtlText::nothing);
    }

    @Command(name = "host_remove", header = "Takes a name's addresses away.")
    int removeHost(@Parameters(paramLabel = "NAME") String name) {
        return ask("remove-host-record", with("name", name), CtlText::nothing);
    }

    @Command(name = "kick", header = "Unplugs a guest; one that connects again is let in.")
    int kick(@Parameters(paramLabel = "GUEST") String port) {
        return ask("kick", with("port", port), CtlText::nothing);
    }

    @Command(name = "kill", header = "Ends a flow, as 'flows' names it: tcp12.")
    int kill(@Parameters(paramLabel = "FLOW") String flow) {
        return ask("kill-flow", with("flow", flow), CtlText::nothing);
    }

    @Command(name = "link", header = "Sets the link of a guest up or down.")
    int link(
            @Parameters(index = "0", paramLabel = "GUEST") String port,
            @Parameters(index = "1", paramLabel = "up|down") String state) {
        if (!state.equals("up") && !state.equals("down")) {
            throw new UsageException("link: a link is set 'up' or 'down', not '" + state + "'");
        }
        JsonObject arguments = with("port", port);
        arguments.addProperty("up", state.equals("up"));
        return ask("set-link", arguments, CtlText::nothing);
    }

    @Command(
            name = "record",
            header = "Starts, rotates or stops a recording, or says how it is doing.",
            synopsisSubcommandLabel = "start FILE|rotate FILE|stop|status")
    int record(
            @Parameters(index = "0", paramLabel = "start|rotate|stop|status") String action,
            @Parameters(index = "1", arity = "0..1", paramLabel = "FILE") @Nullable Path file) {
        boolean needsFile = action.equals("start") || action.equals("rotate");
        if (needsFile && file == null) {
            throw new UsageException("record " + action + ": a FILE is needed");
        }
        JsonObject arguments = file == null
                ? new JsonObject()
                : with("file", file.toAbsolutePath().toString());
        return switch (action) {
            case "start" -> ask("start-recording", arguments, CtlText::recording);
            case "rotate" -> ask("rotate-recording", arguments, CtlText::recording);
            case "stop" -> ask("stop-recording", arguments, CtlText::recording);
            case "status" -> ask("query-recording", arguments, CtlText::recording);
            default ->
                throw new UsageException(
                        "record: there are 'start', 'rotate', 'stop' and 'status', not '" + action + "'");
        };
    }

    // ---- the request

    private static JsonObject with(String name, String value) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty(name, value);
        return arguments;
    }

    private int ask(String command, JsonObject arguments, CtlText.Shape shape) {
        Path socket = control.socket("ctl");
        JsonElement answer;
        try (ControlClient client = ControlClient.connect(socket)) {
            answer = client.ask(command, arguments);
        } catch (RequestException e) {
            throw new NetworkException(String.valueOf(e.getMessage()), e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new NetworkException("no network answers at '" + socket + "': " + e.getMessage(), e);
        }
        Consumer<String> out = environment.console().out()::println;
        if (json) {
            out.accept(pretty().toJson(answer));
        } else {
            shape.lines(answer).forEach(out);
        }
        return ExitCode.OK;
    }

    /** Made when it is needed: this class is looked at whichever command is run, and Gson takes its time. */
    private static Gson pretty() {
        return new GsonBuilder()
                .serializeNulls()
                .disableHtmlEscaping()
                .setPrettyPrinting()
                .create();
    }
}
