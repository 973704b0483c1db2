package org.slipway.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.guest.GuestException;
import org.slipway.cli.guest.GuestParts;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.Ipv4Plan;
import org.slipway.link.LinkConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;
import org.slipway.network.NetworkSummary.Recording;

/**
 * Shows what a network is for, step by step, with the packets as they pass: a guest gets an address, pings the gateway,
 * resolves a name, fetches a page from the host, and is reached from the host.
 */
public final class Demonstration {

    private static final Ipv4Plan PLAN = Ipv4Plan.DEFAULT;
    private static final int GUEST_HTTP_PORT = 80;
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final String GUEST_PAGE = "hello from the guest";

    private final PrintStream out;
    private final Path recording;
    private final boolean builtIn;
    private int steps;
    private boolean failed;

    /** Prints to {@code out} and records to {@code recording}; with {@code builtIn} no real guest is looked for. */
    public Demonstration(PrintStream out, Path recording, boolean builtIn) {
        this.out = out;
        this.recording = recording;
        this.builtIn = builtIn;
    }

    /** Runs all steps. Returns whether each did what it should; a failure to start is thrown. */
    public boolean run() throws IOException {
        GuestParts parts = findParts();
        try (DemoHost host = new DemoHost(PLAN.host().toInetAddress().getAddress())) {
            int forwarded = freePort();
            Network network = start(host, forwarded, parts == null);
            try {
                show(network, host, forwarded, parts);
            } finally {
                network.close();
            }
            sayWhatWasRecorded(network);
        }
        return !failed;
    }

    private @Nullable GuestParts findParts() {
        if (builtIn) {
            return null;
        }
        try {
            return GuestParts.find();
        } catch (GuestException e) {
            out.println("No real guest: " + e.getMessage() + ". The guest built into slipway takes its place.");
            return null;
        }
    }

    /** A port that is free now: a forward wants its number beforehand. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    private Network start(DemoHost host, int forwarded, boolean withBuiltInGuest) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), forwarded);
        ForwardRule rule = new ForwardRule(
                "tcp:127.0.0.1:" + forwarded + "-:" + GUEST_HTTP_PORT,
                ForwardRule.Protocol.TCP,
                local,
                null,
                GUEST_HTTP_PORT);
        NetworkBuilder builder = new NetworkBuilder()
                .gateway(new GatewayConfig(
                        AddressPlan.DEFAULT, GatewayConfig.DEFAULT_MTU, List.of(rule), List.of(host.resolver())))
                .link(new LinkConfig.Listen("socket,listen=127.0.0.1:0", anyPort))
                .record(recording)
                .live(out);
        if (withBuiltInGuest) {
            builder.guest(BuiltInDemoGuest.NAME, BuiltInDemoGuest.MAC);
        }
        return builder.start();
    }

    private void show(Network network, DemoHost services, int forwarded, @Nullable GuestParts parts) {
        String kind = parts == null ? "the built-in guest" : "Linux with busybox in QEMU, " + parts.kernel();
        DemoGuest guest = step("A guest plugs in: " + kind, () -> boot(network, parts));
        if (guest == null) {
            return;
        }
        try (guest) {
            step("It asks for an address (DHCP)", guest::lease);
            step(
                    "It pings the gateway " + PLAN.host(),
                    () -> guest.ping(PLAN.host().toString()));
            String address = step("It looks up " + DemoHost.NAME + " (DNS)", () -> guest.resolve(DemoHost.NAME));
            String host = address == null ? PLAN.host().toString() : address;
            step(
                    "It fetches a page from the host, http://" + host + ":" + services.httpPort() + "/",
                    () -> same(DemoHost.PAGE, guest.fetch(host, services.httpPort())));
            step("The host fetches a page from the guest, http://127.0.0.1:" + forwarded + "/", () -> {
                guest.serve(GUEST_HTTP_PORT, GUEST_PAGE);
                return same(GUEST_PAGE, DemoHost.fetch(forwarded));
            });
        }
    }

    private static DemoGuest boot(Network network, @Nullable GuestParts parts) {
        if (parts == null) {
            return new BuiltInDemoGuest(network.guest(BuiltInDemoGuest.NAME));
        }
        try {
            return LinuxDemoGuest.boot(
                    parts, (InetSocketAddress) network.listeningLinks().get(0).local());
        } catch (GuestException e) {
            throw new StepException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String same(String expected, String got) {
        if (!expected.equals(got)) {
            throw new StepException("expected '" + expected + "', got '" + got + "'");
        }
        return "'" + got + "'";
    }

    /** Announces a step, does it, and says how it went; null if it failed. */
    private <T> @Nullable T step(String title, Supplier<T> action) {
        steps++;
        out.println();
        out.println("[" + steps + "] " + title);
        try {
            T result = Objects.requireNonNull(action.get());
            // The live view is up to a tenth of a second behind; its packets belong before the result.
            LockSupport.parkNanos(SETTLE_NANOS);
            out.println("[" + steps + "] ok" + (result instanceof String text ? ": " + text : ""));
            return result;
        } catch (StepException e) {
            failed = true;
            out.println("[" + steps + "] FAILED: " + e.getMessage());
            return null;
        }
    }

    private void sayWhatWasRecorded(Network network) {
        Recording recorded = network.summary().recording();
        if (recorded == null) {
            return;
        }
        out.println();
        if (recorded.error() != null) {
            failed = true;
            out.println("The recording failed: " + recorded.error());
            return;
        }
        out.println("All " + recorded.written() + " packets are in " + recording + ". Look at them with one of");
        out.println("    wireshark " + recording);
        out.println("    tshark -r " + recording);
        out.println(failed ? "Not every step succeeded." : "All steps succeeded.");
    }
}
