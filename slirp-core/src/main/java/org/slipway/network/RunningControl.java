package org.slipway.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slipway.capture.PcapngRecorder;
import org.slipway.capture.RecordingException;
import org.slipway.gateway.Gateway;
import org.slipway.lan.Lan;
import org.slipway.loop.Loop;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.HostSocketException;
import org.slipway.nat.OpenForward;
import org.slipway.service.Lease;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** The control of a network that runs. Each method is one task on the loop; files are opened and closed outside of it. */
final class RunningControl implements Control {

    private final NetworkRuntime network;
    private final Loop loop;
    private final Lan lan;
    private final GuestPorts guests;
    private final Recordings recordings;
    private final @Nullable Gateway gateway;
    private final List<IpPrefix> networks;
    private final long startedNanos;

    /** One recording follows on another, whoever asks. */
    private final Object recordingLock = new Object();

    RunningControl(
            NetworkRuntime network,
            Loop loop,
            Lan lan,
            GuestPorts guests,
            Recordings recordings,
            @Nullable Gateway gateway,
            List<IpPrefix> networks,
            long startedNanos) {
        this.network = network;
        this.loop = loop;
        this.lan = lan;
        this.guests = guests;
        this.recordings = recordings;
        this.gateway = gateway;
        this.networks = networks;
        this.startedNanos = startedNanos;
    }

    private <T extends @Nullable Object> T onLoop(Callable<T> task) {
        return network.onLoop(task);
    }

    private <T> T ofGateway(Function<Gateway, T> question, T without) {
        Gateway present = gateway;
        return present == null ? without : onLoop(() -> question.apply(present));
    }

    private Gateway gateway() {
        Gateway present = gateway;
        if (present == null) {
            throw new NetworkException("this network has no gateway: it was started without PORT 'user'");
        }
        return present;
    }

    @Override
    public About about() {
        return onLoop(() -> new About(loop.nanoTime() - startedNanos, networks));
    }

    @Override
    public List<PortSnapshot> ports() {
        return onLoop(guests::ports);
    }

    @Override
    public List<HeldLease> leases() {
        return ofGateway(
                present -> {
                    long now = loop.nanoTime();
                    return present.leases().stream()
                            .map(lease -> new HeldLease(lease, nanosLeft(lease, now)))
                            .toList();
                },
                List.of());
    }

    private static long nanosLeft(Lease lease, long now) {
        return lease.expiresAtNanos() == Long.MAX_VALUE ? Long.MAX_VALUE : lease.expiresAtNanos() - now;
    }

    @Override
    public List<GuestFlow> flows() {
        return ofGateway(
                present -> present.flows().stream()
                        .map(flow -> new GuestFlow(flow, lan.portOf(flow.share())))
                        .toList(),
                List.of());
    }

    @Override
    public List<OpenForward> forwards() {
        return ofGateway(Gateway::forwards, List.of());
    }

    @Override
    public OpenForward addForward(ForwardRule rule) {
        Gateway present = gateway();
        NetworkRuntime.makeWay(rule);
        try {
            return onLoop(() -> present.forward(rule));
        } catch (HostSocketException e) {
            throw NetworkRuntime.cannotForward(rule, e);
        }
    }

    @Override
    public void removeForward(OpenForward forward) {
        Gateway present = gateway();
        if (!onLoop(() -> present.close(forward))) {
            throw new NetworkException(
                    "the forward is closed already: " + forward.rule().description());
        }
    }

    @Override
    public Map<String, List<IpAddress>> hostRecords() {
        return ofGateway(present -> present.hostRecords().all(), Map.of());
    }

    @Override
    public void addHostRecord(String name, IpAddress address) {
        Gateway present = gateway();
        try {
            onLoop(() -> {
                present.hostRecords().add(name, address);
                return address;
            });
        } catch (IllegalArgumentException e) {
            throw new NetworkException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void removeHostRecord(String name) {
        Gateway present = gateway();
        if (!onLoop(() -> present.hostRecords().remove(name))) {
            throw new NetworkException("there is no host record of '" + name + "'");
        }
    }

    @Override
    public void kick(String port) {
        if (!onLoop(() -> guests.kick(port))) {
            throw noPort(port);
        }
    }

    @Override
    public void link(String port, boolean up) {
        if (!onLoop(() -> guests.link(port, up))) {
            throw noPort(port);
        }
    }

    private static NetworkException noPort(String port) {
        return new NetworkException("no guest is plugged in as '" + port + "'");
    }

    @Override
    public void kill(FlowSnapshot.Protocol protocol, long number) {
        Gateway present = gateway();
        if (!onLoop(() -> present.kill(protocol, number))) {
            throw new NetworkException("there is no " + protocol + " flow number " + number);
        }
    }

    @Override
    public void record(Path file) {
        synchronized (recordingLock) {
            PcapngRecorder before = onLoop(recordings::current);
            if (before != null
                    && before.file()
                            .toAbsolutePath()
                            .normalize()
                            .equals(file.toAbsolutePath().normalize())) {
                throw new NetworkException("the recording goes to '" + file + "' already");
            }
            PcapngRecorder next;
            try {
                next = network.openRecorder(file);
            } catch (RecordingException e) {
                throw new NetworkException(Objects.requireNonNull(e.getMessage()), e);
            }
            replace(next);
        }
    }

    @Override
    public void stopRecording() {
        synchronized (recordingLock) {
            if (onLoop(recordings::current) == null) {
                throw new NetworkException("nothing is being recorded");
            }
            replace(null);
        }
    }

    private void replace(@Nullable PcapngRecorder next) {
        PcapngRecorder before;
        try {
            before = onLoop(() -> {
                PcapngRecorder replaced = recordings.replace(next);
                if (replaced != null) {
                    replaced.finish();
                }
                return replaced;
            });
        } catch (NetworkException closed) {
            if (next != null) {
                next.close();
            }
            throw closed;
        }
        if (before != null) {
            before.close();
            onLoop(() -> {
                recordings.closed(before);
                return before;
            });
        }
    }

    @Override
    public @Nullable Path recording() {
        PcapngRecorder present = onLoop(recordings::current);
        return present == null ? null : present.file();
    }

    @Override
    public NetworkSummary summary() {
        return network.summary();
    }
}
