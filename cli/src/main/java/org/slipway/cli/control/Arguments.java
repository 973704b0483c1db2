package org.slipway.cli.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a request, read one by one; each that is missing, of another type or not known is an error that names it. */
final class Arguments {

    private final JsonObject given;

    /**
     * @param names all that the command knows
     * @throws RequestException if there is another
     */
    Arguments(JsonObject given, Set<String> names) {
        this.given = given;
        List<String> unknown = new ArrayList<>(given.keySet());
        unknown.removeAll(names);
        if (!unknown.isEmpty()) {
            throw new RequestException("argument '" + unknown.get(0) + "' is not known"
                    + (names.isEmpty() ? "; there is none" : "; known: " + String.join(", ", names)));
        }
    }

    /** A text that must be given. */
    String text(String name) {
        String text = optionalText(name);
        if (text == null) {
            throw new RequestException("argument '" + name + "' is missing");
        }
        return text;
    }

    /** A text, or null if it is not given. */
    @Nullable
    String optionalText(String name) {
        JsonElement value = given.get(name);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (value instanceof JsonPrimitive primitive && primitive.isString()) {
            return primitive.getAsString();
        }
        throw new RequestException("argument '" + name + "' must be a string, not " + value);
    }

    /** A truth value that must be given. */
    boolean flag(String name) {
        JsonElement value = given.get(name);
        if (value == null) {
            throw new RequestException("argument '" + name + "' is missing");
        }
        if (value instanceof JsonPrimitive primitive && primitive.isBoolean()) {
            return primitive.getAsBoolean();
        }
        throw new RequestException("argument '" + name + "' must be true or false, not " + value);
    }
}
