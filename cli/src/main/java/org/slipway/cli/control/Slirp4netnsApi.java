package org.slipway.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OpenForward;
import org.slipway.network.Control;
import org.slipway.network.NetworkException;
import org.slipway.wire.IpAddress;

/**
 * The API of slirp4netns's {@code --api-socket}, for the programs that know it (RootlessKit, Podman): add_hostfwd, list_hostfwd
 * and remove_hostfwd of forwards that this socket has added, with slirp4netns's words for errors. Any thread; one request at a
 * time.
 */
final class Slirp4netnsApi {

    /** As many bytes of a request are too many. */
    static final int MAX_REQUEST_BYTES = 4096;

    private static final String ADD = "add_hostfwd";
    private static final String REMOVE = "remove_hostfwd";

    private final Control control;
    private final @Nullable IpAddress defaultGuest;
    private final Map<Long, OpenForward> forwards = new LinkedHashMap<>();
    private long lastId;

    /** @param defaultGuest where a forward leads that names no guest; null if it has to name one */
    Slirp4netnsApi(Control control, @Nullable IpAddress defaultGuest) {
        this.control = control;
        this.defaultGuest = defaultGuest;
    }

    /** Whether {@code text} is a whole request, so that none of it need be waited for. */
    static boolean isWhole(String text) {
        return parse(text) != null;
    }

    /** The answer to a request. */
    synchronized String answer(String text) {
        JsonElement request = parse(text);
        if (request == null) {
            return error("cannot parse JSON");
        }
        if (!(request instanceof JsonObject object)) {
            return error("json_object() failed");
        }
        String execute = text(object, "execute");
        if (execute == null) {
            return error("no execute found");
        }
        JsonObject arguments = object.get("arguments") instanceof JsonObject given ? given : new JsonObject();
        return switch (execute) {
            case ADD -> add(arguments);
            case "list_hostfwd" -> list();
            case REMOVE -> remove(arguments);
            default -> error("unknown execute");
        };
    }

    /** The answer to a request of {@link #MAX_REQUEST_BYTES} or more. */
    static String tooLarge() {
        return error("too large message");
    }

    private static @Nullable JsonElement parse(String text) {
        try {
            JsonElement element = JsonParser.parseString(text);
            // An empty text is a null for Gson, and no JSON for anybody else.
            return element.isJsonNull() ? null : element;
        } catch (JsonParseException | StackOverflowError e) {
            return null;
        }
    }

    // In the order in which slirp4netns looks at them: its clients' tests know it.
    private String add(JsonObject arguments) {
        String protocol = text(arguments, "proto");
        if (protocol == null || !protocol.equals("tcp") && !protocol.equals("udp")) {
            return badArgument(ADD, "proto");
        }
        IpAddress host = address(arguments, "host_addr", IpAddress.ipv4(0));
        if (host == null) {
            return badArgument(ADD, "host_addr");
        }
        int hostPort = port(arguments, "host_port");
        if (hostPort == 0) {
            return badArgument(ADD, "host_port");
        }
        IpAddress guest = address(arguments, "guest_addr", defaultGuest);
        if (guest == null) {
            return badArgument(ADD, "guest_addr");
        }
        int guestPort = port(arguments, "guest_port");
        if (guestPort == 0) {
            return badArgument(ADD, "guest_port");
        }
        ForwardRule rule = new ForwardRule(
                protocol + ":" + host + ":" + hostPort + "-" + guest + ":" + guestPort,
                ForwardRule.Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
                new InetSocketAddress(host.toInetAddress(), hostPort),
                guest,
                guestPort);
        try {
            forwards.put(++lastId, control.addForward(rule));
        } catch (NetworkException e) {
            return error(ADD + ": slirp_add_hostfwd failed");
        }
        JsonObject id = new JsonObject();
        id.addProperty("id", lastId);
        return answer("return", id);
    }

    private String list() {
        JsonArray entries = new JsonArray();
        forwards.forEach((id, forward) -> {
            InetSocketAddress local = (InetSocketAddress) forward.rule().local();
            JsonObject entry = new JsonObject();
            entry.addProperty("id", id);
            entry.addProperty("proto", forward.rule().protocol().name().toLowerCase(Locale.ROOT));
            entry.addProperty("host_addr", local.getAddress().getHostAddress());
            entry.addProperty("host_port", local.getPort());
            entry.addProperty("guest_addr", forward.guest().toString());
            entry.addProperty("guest_port", forward.rule().guestPort());
            entries.add(entry);
        });
        // Its manual has the entries within "return", the program outside of it.
        JsonObject within = new JsonObject();
        within.add("entries", entries);
        JsonObject answer = new JsonObject();
        answer.add("return", within);
        answer.add("entries", entries);
        return answer.toString();
    }

    private String remove(JsonObject arguments) {
        if (!(arguments.get("id") instanceof JsonPrimitive id) || !id.isNumber()) {
            return badArgument(REMOVE, "id");
        }
        OpenForward forward = forwards.remove(id.getAsLong());
        if (forward != null) {
            try {
                control.removeForward(forward);
                return answer("return", new JsonObject());
            } catch (NetworkException e) {
                // Somebody has removed it through the control socket.
                return error(REMOVE + ": slirp_remove_hostfwd failed");
            }
        }
        return error(REMOVE + ": slirp_remove_hostfwd failed");
    }

    private static @Nullable String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonPrimitive value && value.isString() ? value.getAsString() : null;
    }

    /** The IPv4 address {@code name}; {@code absent} if it is not given or empty; null if it is none. */
    private static @Nullable IpAddress address(JsonObject object, String name, @Nullable IpAddress absent) {
        if (!object.has(name)) {
            return absent;
        }
        String text = text(object, name);
        if (text == null || text.isEmpty()) {
            return text == null ? null : absent;
        }
        try {
            IpAddress address = IpAddress.parse(text);
            return address.isIpv4() ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The port {@code name}, or 0 if it is none. */
    private static int port(JsonObject object, String name) {
        if (!(object.get(name) instanceof JsonPrimitive value) || !value.isNumber()) {
            return 0;
        }
        double number = value.getAsDouble();
        return number >= 1 && number <= 65_535 && number == Math.rint(number) ? (int) number : 0;
    }

    private static String badArgument(String command, String name) {
        return error(command + ": bad arguments." + name);
    }

    private static String error(String description) {
        JsonObject error = new JsonObject();
        error.addProperty("desc", "bad request: " + description);
        return answer("error", error);
    }

    private static String answer(String name, JsonObject value) {
        JsonObject answer = new JsonObject();
        answer.add(name, value);
        return answer.toString();
    }
}
