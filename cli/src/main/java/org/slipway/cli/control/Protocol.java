package org.slipway.cli.control;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import org.jspecify.annotations.Nullable;
import org.slipway.network.NetworkException;

/**
 * The control protocol, without its socket: a line with a request becomes a line with its answer, in the form of QEMU's QMP:
 * <pre>
 * {"execute": "query-ports", "arguments": {}, "id": 1}
 * {"return": [...], "id": 1}
 * {"error": {"class": "GenericError", "desc": "..."}, "id": 1}
 * </pre>
 * No request makes it throw. Any thread.
 */
final class Protocol {

    private static final Gson GSON =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private final Commands commands;

    Protocol(Commands commands) {
        this.commands = commands;
    }

    /** The answer to {@code line}, without a line break. */
    String answer(String line) {
        JsonObject answer = new JsonObject();
        JsonElement id = null;
        try {
            JsonObject request = object(line);
            id = request.get("id");
            answer.add("return", execute(request));
        } catch (UnknownCommandException e) {
            answer.add("error", error("CommandNotFound", e.getMessage()));
        } catch (RequestException | NetworkException e) {
            answer.add("error", error("GenericError", e.getMessage()));
        } catch (RuntimeException e) {
            answer.add("error", error("GenericError", "failed unexpectedly: " + e));
        }
        if (id != null) {
            answer.add("id", id);
        }
        return GSON.toJson(answer);
    }

    /** The answer to a line that was too long to be read. */
    String refusal(String why) {
        JsonObject answer = new JsonObject();
        answer.add("error", error("GenericError", why));
        return GSON.toJson(answer);
    }

    private static JsonObject object(String line) {
        try {
            if (JsonParser.parseString(line) instanceof JsonObject request) {
                return request;
            }
        } catch (JsonParseException | StackOverflowError e) {
            throw new RequestException("the line is no JSON");
        }
        throw new RequestException("the line is no JSON object");
    }

    private JsonElement execute(JsonObject request) {
        for (String key : request.keySet()) {
            if (!key.equals("execute") && !key.equals("arguments") && !key.equals("id")) {
                throw new RequestException("'" + key + "' is not known; known: execute, arguments, id");
            }
        }
        JsonElement name = request.get("execute");
        if (name == null
                || !name.isJsonPrimitive()
                || !name.getAsJsonPrimitive().isString()) {
            throw new RequestException("'execute' must be a string: the name of a command");
        }
        JsonElement arguments = request.get("arguments");
        if (arguments != null && !arguments.isJsonObject()) {
            throw new RequestException("'arguments' must be an object");
        }
        Object result =
                commands.run(name.getAsString(), arguments == null ? new JsonObject() : arguments.getAsJsonObject());
        return result instanceof JsonElement element ? element : GSON.toJsonTree(result);
    }

    private static JsonElement error(String kind, @Nullable String description) {
        JsonObject error = new JsonObject();
        error.addProperty("class", kind);
        error.add("desc", description == null ? JsonNull.INSTANCE : GSON.toJsonTree(description));
        return error;
    }
}
