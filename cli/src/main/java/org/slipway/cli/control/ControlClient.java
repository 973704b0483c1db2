package org.slipway.cli.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Asks a running network through its control socket. One thread. */
public final class ControlClient implements AutoCloseable {

    /** Of an answer: many thousand flows. */
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private final SocketChannel channel;
    private final Lines lines;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        lines = new Lines(channel, MAX_ANSWER_BYTES);
    }

    /**
     * Connects.
     *
     * @throws IOException if nobody answers at {@code path}
     */
    public static ControlClient connect(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            return new ControlClient(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @return what the network returned
     * @throws RequestException if the network could not do as asked; the message says why, in one line
     * @throws IOException if the connection broke
     */
    public JsonElement ask(String command, JsonObject arguments) throws IOException {
        JsonObject request = new JsonObject();
        request.addProperty("execute", command);
        request.add("arguments", arguments);
        ControlServer.write(channel, request.toString());
        String line = lines.next();
        if (line == null) {
            throw new IOException("the network has closed the connection without an answer");
        }
        try {
            JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
            if (answer.has("error")) {
                throw new RequestException(
                        answer.getAsJsonObject("error").get("desc").getAsString());
            }
            return answer.get("return");
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new IOException("the answer is not of the control protocol", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
