package org.slipway.cli.guest;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts what a guest prints on its serial port into the output of each command. Thread-safe. */
final class SerialReader {

    /** What the guest's first process prints behind each command. */
    private static final Pattern END = Pattern.compile("SLIPWAY:(\\d{1,9}):exit:(\\d{1,3})");

    private final Map<Integer, Pending> pending = new HashMap<>();
    private final StringBuilder output = new StringBuilder();
    private @Nullable Throwable ended;

    private record Pending(String command, CompletableFuture<CommandResult> result) {}

    /** A future for the end of the command with that id. */
    synchronized CompletableFuture<CommandResult> expect(int id, String command) {
        CompletableFuture<CommandResult> result = new CompletableFuture<>();
        if (ended != null) {
            result.completeExceptionally(ended);
        } else {
            pending.put(id, new Pending(command, result));
        }
        return result;
    }

    /** One line, without its end. */
    synchronized void line(String line) {
        Matcher end = END.matcher(line);
        if (!end.matches()) {
            output.append(line).append('\n');
            return;
        }
        Pending done = pending.remove(Integer.parseInt(end.group(1)));
        String text = output.toString().stripTrailing();
        output.setLength(0);
        if (done != null) {
            done.result.complete(new CommandResult(done.command, Integer.parseInt(end.group(2)), text));
        }
    }

    /** Nothing more will come. */
    synchronized void end(Throwable cause) {
        ended = cause;
        pending.values().forEach(waiting -> waiting.result.completeExceptionally(cause));
        pending.clear();
    }

    /** What was printed since the last command ended, for messages. */
    synchronized String unfinished() {
        return output.isEmpty() ? "" : "\nserial port: " + output;
    }
}
