package org.slipway.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.cli.guest.GuestOptions;

/** {@code slipway up} as a process of its own. */
final class SlipwayProcess implements AutoCloseable {

    private static final Pattern NETDEV = Pattern.compile("^ +-netdev (\\S+)", Pattern.MULTILINE);

    private final Process process;
    private final Path messages;
    private final String netdev;

    private SlipwayProcess(Process process, Path messages) throws IOException, InterruptedException {
        this.process = process;
        this.messages = messages;
        netdev = awaitNetdev();
    }

    /**
     * Starts it and waits until guests can plug in.
     *
     * @param directory takes what it says
     * @param wrapper a command that runs the command after it; may be empty
     * @param arguments behind {@code up}
     */
    static SlipwayProcess up(Path directory, List<String> wrapper, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(wrapper);
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Djnr.ffi.x86asm.enabled=false",
                "org.slipway.cli.Main",
                "up"));
        line.addAll(arguments);
        Path messages = directory.resolve("messages");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        try {
            return new SlipwayProcess(process, messages);
        } catch (AssertionError e) {
            kill(process);
            throw e;
        }
    }

    /** Waits for the line that says what to give to QEMU. */
    private String awaitNetdev() throws IOException, InterruptedException {
        for (int i = 0; i < 300 && process.isAlive(); i++) {
            String said = messages();
            Matcher found = NETDEV.matcher(said);
            if (said.contains("running") && found.find()) {
                return found.group(1);
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("the network does not come up: " + messages());
    }

    /** Plugs a guest's card {@code n0} into its first port. */
    GuestOptions plug(GuestOptions guest) {
        return guest.withNetdev(netdev.replaceFirst("id=[^,]*", "id=n0"));
    }

    /** What it said so far. */
    String messages() throws IOException {
        return Files.readString(messages);
    }

    /** Asks it to stop, and waits; gives its exit status. */
    int stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end when asked: " + messages());
        }
        return process.exitValue();
    }

    /** Ends it without giving it time for anything. */
    void killAtOnce() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end when killed");
        }
    }

    /** Ends it and what it runs in, those inside first, so that what is around them can tidy up. */
    @Override
    public void close() throws InterruptedException {
        kill(process);
    }

    private static void kill(Process process) {
        List<ProcessHandle> inside = process.descendants().toList();
        if (inside.isEmpty()) {
            process.destroy();
        }
        inside.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                inside.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
