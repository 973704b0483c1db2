package org.slipway.cli.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slipway.network.Control.GuestFlow;
import org.slipway.network.NetworkEvents;
import org.slipway.network.PortSnapshot;
import org.slipway.service.Lease;
import org.slipway.wire.DropReason;

/**
 * Writes what happens as lines of JSON, from a thread of its own: a reader or a disk that is slow costs events, which are
 * counted in an event of their own, and never time of the network.
 */
public final class EventLog implements NetworkEvents, AutoCloseable {

    /** Events that wait to be written; more are lost. */
    static final int MAX_WAITING = 8192;

    private static final long CLOSE_MILLIS = 2000;
    private static final int MAX_BATCH = 256;
    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    /** What follows on no other. */
    private static final JsonObject END = new JsonObject();

    private final BlockingQueue<JsonObject> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final OutputStream out;
    private final InstantSource clock;
    private final Consumer<String> warning;
    private final Thread writer = new Thread(this::write, "slipway-events");

    private EventLog(OutputStream out, InstantSource clock, Consumer<String> warning) {
        this.out = out;
        this.clock = clock;
        this.warning = warning;
        writer.setDaemon(true);
    }

    /**
     * Writes at the end of {@code file}, which is made if it is not there.
     *
     * @param warning told once, in one line, if nothing more can be written; on the thread that writes
     * @throws IOException if it cannot be opened
     */
    public static EventLog open(Path file, InstantSource clock, Consumer<String> warning) throws IOException {
        return to(
                Files.newOutputStream(
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                clock,
                text -> warning.accept("events to '" + file + "' stopped: " + text));
    }

    /** Writes to {@code out}, which is closed in the end. */
    public static EventLog to(OutputStream out, InstantSource clock, Consumer<String> warning) {
        EventLog log = new EventLog(out, clock, warning);
        log.writer.start();
        return log;
    }

    @Override
    public void portUp(PortSnapshot port) {
        tell("port-up", Answers.port(port));
    }

    @Override
    public void portDown(PortSnapshot port) {
        tell("port-down", Answers.port(port));
    }

    @Override
    public void leaseBound(Lease lease) {
        tell("lease-bound", Answers.lease(lease));
    }

    @Override
    public void leaseReleased(Lease lease) {
        tell("lease-released", Answers.lease(lease));
    }

    @Override
    public void flowBegan(GuestFlow flow) {
        tell("flow-began", Answers.flow(flow));
    }

    @Override
    public void flowEnded(GuestFlow flow) {
        tell("flow-ended", Answers.flow(flow));
    }

    @Override
    public void dropped(Map<DropReason, Long> counts) {
        JsonObject event = new JsonObject();
        event.add("drops", Answers.drops(counts));
        tell("dropped", event);
    }

    private void tell(String name, JsonObject members) {
        JsonObject event = head(name);
        members.entrySet().forEach(member -> event.add(member.getKey(), member.getValue()));
        if (!waiting.offer(event)) {
            lost.incrementAndGet();
        }
    }

    private JsonObject head(String name) {
        JsonObject event = new JsonObject();
        event.addProperty("time", clock.instant().truncatedTo(ChronoUnit.MICROS).toString());
        event.addProperty("event", name);
        return event;
    }

    private void write() {
        List<JsonObject> batch = new ArrayList<>();
        try (out) {
            boolean more = true;
            while (more) {
                batch.add(waiting.take());
                waiting.drainTo(batch, MAX_BATCH);
                more = !batch.remove(END);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            warning.accept("not written out within " + CLOSE_MILLIS + " ms");
        } catch (IOException e) {
            warning.accept(String.valueOf(e.getMessage()));
        }
    }

    private void write(List<JsonObject> batch) throws IOException {
        StringBuilder lines = new StringBuilder();
        batch.forEach(event -> lines.append(GSON.toJson(event)).append('\n'));
        long missing = lost.getAndSet(0);
        if (missing > 0) {
            JsonObject event = head("events-lost");
            event.addProperty("count", missing);
            lines.append(GSON.toJson(event)).append('\n');
        }
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Writes out what waits, for two seconds at most. Once the network is closed. */
    @Override
    public void close() {
        try {
            if (writer.isAlive() && waiting.offer(END, CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                writer.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }
}
