package org.slipway.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The guest's command: runs on this process's terminal and lives no longer than its network. */
final class GuestProcess {

    /** How long a guest may take to end when asked: QEMU itself needs far less. */
    private static final int GRACE_SECONDS = 10;

    /** ENOENT, as Java 17 and as Java 25 write it. */
    private static final Pattern NOT_FOUND = Pattern.compile("error(=|: )2\\b");

    private final Console console;
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private volatile @Nullable Process process;

    GuestProcess(Console console) {
        this.console = console;
    }

    /** Hears the {@code count}th signal: the first is handed on to the guest, the second ends everything at once. */
    void onSignal(int count) {
        if (count == 1) {
            asked.complete(null);
            return;
        }
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        Runtime.getRuntime().halt(ExitCode.FORCED);
    }

    /** Runs {@code command} until it ends, or has to; returns the exit status for it. */
    int run(List<String> command, RunningNetwork network, @Nullable ReadySignal ready) {
        Process started;
        try {
            started = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            return cannotRun(command.get(0), e);
        }
        process = started;
        try {
            network.announce(ready);
            CompletableFuture.anyOf(started.onExit(), asked, network.stopped()).join();
            if (!asked.isDone() && network.stopped().isDone() && started.isAlive()) {
                console.say("the network has ended, and so must the guest");
                end(started);
                return ExitCode.FAILURE;
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            end(started);
        }
        return started.exitValue();
    }

    private int cannotRun(String program, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (NOT_FOUND.matcher(message).find()) {
            console.say("cannot run '" + program + "': not found"
                    + (program.startsWith("qemu-system-") ? "; on Debian: apt-get install qemu-system" : ""));
            return ExitCode.NOT_FOUND;
        }
        console.say("cannot run '" + program + "': "
                + message.substring(message.lastIndexOf(", ") + 1).strip());
        return ExitCode.NOT_EXECUTABLE;
    }

    /** Asks the guest to end, and makes it if it does not. */
    private void end(Process guest) {
        guest.destroy();
        try {
            if (!guest.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                console.say("the guest does not end when asked: killed");
                guest.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            guest.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
