package org.slipway.cli.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slipway.network.InMemoryGuest;
import org.slipway.network.InMemoryStream;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** The small guest that is part of slipway, for hosts that have no QEMU. */
final class BuiltInDemoGuest implements DemoGuest {

    static final String NAME = "built-in";
    static final MacAddress MAC = MacAddress.parse("52:54:00:12:34:57");

    private static final int PINGS = 3;
    private static final int PAGE_LIMIT = 65_536;

    /** More than each of the guest's own time-outs. */
    private static final long PATIENCE_SECONDS = 30;

    private final InMemoryGuest guest;

    BuiltInDemoGuest(InMemoryGuest guest) {
        this.guest = guest;
    }

    private static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new StepException(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()), e);
        } catch (TimeoutException e) {
            throw new StepException("nothing happened within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepException("interrupted", e);
        }
    }

    @Override
    public String lease() {
        return await(guest.lease()).address().toString();
    }

    @Override
    public String ping(String address) {
        Duration total = Duration.ZERO;
        for (int i = 0; i < PINGS; i++) {
            total = total.plus(await(guest.ping(IpAddress.parse(address))));
        }
        double averageMillis = total.toNanos() / 1e6 / PINGS;
        return String.format(Locale.ROOT, "%d replies, %.3f ms on average", PINGS, averageMillis);
    }

    @Override
    public String resolve(String name) {
        return await(guest.resolve(name)).get(0).toString();
    }

    @Override
    public String fetch(String address, int port) {
        InMemoryStream stream = await(guest.connect(IpAddress.parse(address), port));
        CompletableFuture<byte[]> response = stream.readAll(PAGE_LIMIT);
        stream.send(("GET / HTTP/1.0\r\nHost: " + address + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return HttpText.body(new String(await(response), StandardCharsets.UTF_8));
    }

    @Override
    public void serve(int port, String page) {
        await(guest.listen(port, stream -> {
            stream.send(HttpText.response(page).getBytes(StandardCharsets.UTF_8));
            stream.close();
        }));
    }

    @Override
    public void close() {}
}
