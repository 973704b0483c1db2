package org.slipway.cli.top;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slipway.cli.control.ControlClient;
import org.slipway.cli.control.RequestException;

/** Asks through the control socket; connects when it is asked, and again after the connection broke. */
public final class ControlSource implements NetworkSource {

    private final Path socket;
    private @Nullable ControlClient connected;

    public ControlSource(Path socket) {
        this.socket = socket;
    }

    @Override
    public Snapshot snapshot() throws IOException {
        try {
            return SnapshotReader.read(
                    ask("query-network"),
                    ask("query-statistics"),
                    ask("query-ports"),
                    ask("query-leases"),
                    ask("query-flows"));
        } catch (RequestException e) {
            // Questions without arguments fail only when there is nothing left to ask.
            close();
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            throw e;
        } catch (RuntimeException e) {
            close();
            throw new IOException("the answer is not of the control protocol", e);
        }
    }

    @Override
    public void kill(String flow) throws IOException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("flow", flow);
        ask("kill-flow", arguments);
    }

    private JsonElement ask(String command) throws IOException {
        return ask(command, new JsonObject());
    }

    private JsonElement ask(String command, JsonObject arguments) throws IOException {
        ControlClient client = connected;
        try {
            if (client == null) {
                client = ControlClient.connect(socket);
                connected = client;
            }
            return client.ask(command, arguments);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        ControlClient client = connected;
        connected = null;
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                // Nothing is lost: nobody waits for an answer.
                return;
            }
        }
    }
}
