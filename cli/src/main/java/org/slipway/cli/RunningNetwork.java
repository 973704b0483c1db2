package org.slipway.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slipway.capture.FileErrors;
import org.slipway.cli.control.ControlServer;
import org.slipway.cli.control.EventLog;
import org.slipway.cli.control.Sockets;
import org.slipway.cli.metrics.MetricsServer;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.link.Endpoint;
import org.slipway.link.LinkConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.network.Network;
import org.slipway.network.Network.BoundLink;
import org.slipway.network.NetworkBuilder;
import org.slipway.network.NetworkException;
import org.slipway.network.NetworkListener;
import org.slipway.network.NetworkSummary.Recording;
import org.slipway.tap.LinuxExtras;
import org.slipway.wire.IpAddress;

/** A network as a command runs it, from its start to the summary. */
final class RunningNetwork implements AutoCloseable {

    /** How much is said on the way. */
    enum Verbosity {
        /** Errors only. */
        QUIET,
        /** Errors, warnings, and what became of a recording. */
        TERSE,
        /** Everything that happens, and a summary. */
        FULL
    }

    private final Environment environment;
    private final NetworkOptions options;
    private final Verbosity verbosity;
    private final Network network;
    private final @Nullable EventLog events;
    private @Nullable PidFile pidFile;
    private final List<ControlServer> controls = new ArrayList<>();
    private @Nullable MetricsServer metrics;

    private RunningNetwork(
            Environment environment,
            NetworkOptions options,
            Verbosity verbosity,
            Network network,
            @Nullable EventLog events) {
        this.environment = environment;
        this.options = options;
        this.verbosity = verbosity;
        this.network = network;
        this.events = events;
    }

    /** Starts the network of {@code ports}; when this returns guests can plug in. */
    static RunningNetwork start(Environment environment, Ports ports, NetworkOptions options, Verbosity verbosity) {
        Console console = environment.console();
        if (options.pidFile != null) {
            PidFile.check(options.pidFile);
        }
        if (verbosity == Verbosity.FULL) {
            ports.notes().forEach(console::say);
        }
        NetworkBuilder builder = new NetworkBuilder();
        builder.listener((kind, text) -> {
            if (verbosity == Verbosity.FULL || verbosity == Verbosity.TERSE && kind == NetworkListener.Kind.WARNING) {
                console.say(kind == NetworkListener.Kind.WARNING ? "warning: " + text : text);
            }
        });
        builder.hostExtras(new LinuxExtras(new SecureRandom()));
        GatewayConfig gateway = ports.gateway();
        if (gateway != null) {
            builder.gateway(gateway.knowing(OwnNameOptions.with(gateway.ownNames(), options.hostRecords)));
        } else if (!options.hostRecords.isEmpty()) {
            throw new UsageException("--host-record needs a gateway that answers: add PORT 'user'");
        }
        for (LinkConfig link : ports.links()) {
            builder.link(link);
        }
        if (options.record != null) {
            builder.record(options.record);
        }
        if (options.live) {
            builder.live(console.out());
        }
        EventLog events = openEvents(options, console);
        if (events != null) {
            builder.events(events);
        }
        Network network;
        try {
            network = environment.starter().start(builder);
        } catch (RuntimeException e) {
            if (events != null) {
                events.close();
            }
            throw e;
        }
        RunningNetwork running = new RunningNetwork(environment, options, verbosity, network, events);
        try {
            running.openControl(ports.gateway());
            running.openMetrics();
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private static @Nullable EventLog openEvents(NetworkOptions options, Console console) {
        String file = options.events;
        if (file == null) {
            return null;
        }
        Consumer<String> warning = text -> console.say("warning: " + text);
        if (file.equals("-")) {
            if (options.live) {
                throw new UsageException("--events - and --live both want standard output");
            }
            return EventLog.to(console.out(), InstantSource.system(), warning);
        }
        try {
            return EventLog.open(Path.of(file), InstantSource.system(), warning);
        } catch (IOException | InvalidPathException e) {
            throw new NetworkException("--events " + file + ": cannot be written: " + FileErrors.reason(e), e);
        }
    }

    private void openControl(@Nullable GatewayConfig gateway) {
        Path path = options.control;
        if (path != null) {
            openControl(
                    "--control",
                    path,
                    () -> Sockets.control(
                            path, network.control(), rule -> rules(rule, gateway), VersionCommand.version()));
        }
        Path api = options.apiSocket;
        if (api != null) {
            openControl("--api-socket", api, () -> Sockets.slirp4netns(api, network.control(), apiGuest(gateway)));
        }
    }

    private void openMetrics() {
        String text = options.metrics;
        if (text == null) {
            return;
        }
        InetSocketAddress local = LoopbackPort.parse("--metrics", text);
        try {
            metrics = MetricsServer.start(local, network.control());
        } catch (IOException e) {
            throw new NetworkException("--metrics " + text + ": can't listen: " + e.getMessage(), e);
        }
        if (verbosity == Verbosity.FULL) {
            environment.console().say("metrics are at http://" + Endpoint.text(metrics.local()) + "/metrics");
        }
    }

    private void openControl(String option, Path path, Callable<ControlServer> opening) {
        try {
            controls.add(opening.call());
        } catch (IOException e) {
            throw new NetworkException(option + " " + path + ": can't listen: " + reason(e), e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address that slirp4netns gives to its guest, the hundredth behind the network's own; null if it is not in the network. */
    private static @Nullable IpAddress apiGuest(@Nullable GatewayConfig gateway) {
        Ipv4Plan ipv4 = gateway == null ? null : gateway.plan().ipv4();
        if (ipv4 == null) {
            return null;
        }
        IpAddress guest = IpAddress.ipv4(ipv4.network().address().ipv4Bits() + 100);
        return ipv4.network().contains(guest) ? guest : null;
    }

    /** Reads a rule of {@code hostfwd=} that came while the network runs. */
    private static List<ForwardRule> rules(String rule, @Nullable GatewayConfig gateway) {
        if (gateway == null) {
            throw new UsageException("this network has no gateway: it was started without PORT 'user'");
        }
        return HostForward.parse(rule, gateway.plan(), UsageException::new);
    }

    /** The links that wait for guests. */
    List<BoundLink> listeningLinks() {
        return network.listeningLinks();
    }

    /** Completes when the network has ended by itself. */
    CompletableFuture<Void> stopped() {
        return network.stopped();
    }

    /** Tells whoever waits for it that guests can plug in. */
    void announce(@Nullable ReadySignal ready) {
        if (options.pidFile != null) {
            try {
                pidFile = PidFile.write(options.pidFile);
            } catch (IOException e) {
                throw new NetworkException("--pid-file " + options.pidFile + ": cannot be written: " + reason(e), e);
            }
        }
        if (ready != null) {
            try {
                ready.send();
            } catch (IOException e) {
                throw new NetworkException("--ready-fd " + options.readyFd + ": cannot be written: " + reason(e), e);
            }
        }
        // Guests take longer to start than this does to load.
        LinuxExtras.warmUp();
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e.getClass() == IOException.class ? message : e.getClass().getSimpleName() + ": " + message;
    }

    /** Stops everything and says what happened. Returns {@link ExitCode#FAILURE} if the recording is not whole. */
    int finish() {
        stop();
        if (verbosity == Verbosity.FULL) {
            SummaryText.lines(network.summary()).forEach(environment.console()::say);
        }
        Recording recording = network.summary().recording();
        Path file = options.record;
        if (recording == null || file == null) {
            return ExitCode.OK;
        }
        if (verbosity != Verbosity.QUIET || recording.error() != null) {
            environment.console().say(SummaryText.recording(recording, file));
        }
        return recording.error() == null ? ExitCode.OK : ExitCode.FAILURE;
    }

    /** Stops everything and says nothing; harmless after {@link #finish}. */
    @Override
    public void close() {
        stop();
    }

    private void stop() {
        closeControl();
        network.close();
        if (events != null) {
            events.close();
        }
        removePidFile();
    }

    private void closeControl() {
        if (metrics != null) {
            metrics.close();
            metrics = null;
        }
        controls.forEach(ControlServer::close);
        controls.clear();
    }

    private void removePidFile() {
        if (pidFile != null) {
            pidFile.remove();
            pidFile = null;
        }
    }
}
