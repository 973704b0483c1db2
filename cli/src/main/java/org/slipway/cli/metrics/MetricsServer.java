package org.slipway.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slipway.network.Control;
import org.slipway.network.NetworkException;

/** Answers {@code GET /metrics} in the text format of Prometheus, on threads of its own, where scrapes wait for the network. */
public final class MetricsServer implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final int BACKLOG = 16;

    /** A client that sends half a request holds one of them. */
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService executor;

    private MetricsServer(HttpServer server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /**
     * Listens at {@code local}, of the loopback; port 0: the system picks.
     *
     * @throws IOException if the address cannot be had
     * @throws IllegalArgumentException if others could connect to it
     */
    public static MetricsServer start(InetSocketAddress local, Control control) throws IOException {
        if (!local.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(local.getAddress().getHostAddress() + " is no address of the loopback");
        }
        HttpServer server = HttpServer.create(local, BACKLOG);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "slipway-metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/", exchange -> answer(exchange, control));
        server.start();
        return new MetricsServer(server, executor);
    }

    private static void answer(HttpExchange exchange, Control control) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String method = exchange.getRequestMethod();
            if (!PATH.equals(path)) {
                send(exchange, 404, "text/plain", "there is " + PATH + " only\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain", "GET is all that there is\n");
            } else {
                scrape(exchange, control);
            }
        }
    }

    private static void scrape(HttpExchange exchange, Control control) throws IOException {
        PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            writer.write(text, NetworkMetrics.of(control));
        } catch (NetworkException e) {
            send(exchange, 503, "text/plain", e.getMessage() + "\n");
            return;
        }
        send(exchange, 200, writer.getContentType(), text.toString(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Where it listens, with the port that the system picked. */
    public InetSocketAddress local() {
        return server.getAddress();
    }

    /** Listens no more; a scrape under way is cut off. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
