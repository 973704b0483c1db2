package org.slipway.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slipway.cli.top.TerminalImage;

/** A {@code slipway} in a shell on a pseudo terminal, which script(1) makes, and what is seen there. */
final class TerminalRun implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 30;

    private final Path directory;
    private final Process script;
    private final TerminalImage image = new TerminalImage();
    private boolean ended;

    private TerminalRun(Path directory, Process script) {
        this.directory = directory;
        this.script = script;
        Thread reader = new Thread(this::read, "terminal");
        reader.setDaemon(true);
        reader.start();
    }

    /** Whether there is a script(1) that knows how to run a command. */
    static boolean isPossible() throws IOException, InterruptedException {
        if (!Files.isExecutable(Path.of("/usr/bin/script"))) {
            return false;
        }
        Process version = new ProcessBuilder("script", "--version")
                .redirectErrorStream(true)
                .start();
        String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return version.waitFor() == 0 && text.contains("util-linux");
    }

    /** Runs {@code slipway arguments} on a terminal of 100x24, between two looks at the terminal's settings. */
    static TerminalRun start(Path directory, String term, String arguments) throws IOException {
        String shell = "stty rows 24 cols 100; tty > tty; stty -a > before; " + String.join(" ", slipway()) + " "
                + arguments + "; echo status=$?; stty -a > after; echo done";
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", shell, "/dev/null")
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("TERM", term);
        builder.environment().put("SHELL", "/bin/sh");
        return new TerminalRun(directory, builder.start());
    }

    /** What starts a slipway of these classes. */
    static List<String> slipway() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djnr.ffi.x86asm.enabled=false",
                "-cp",
                System.getProperty("java.class.path"),
                "org.slipway.cli.Main");
    }

    private void read() {
        try (Reader reader = script.inputReader(StandardCharsets.UTF_8)) {
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                synchronized (this) {
                    image.accept((char) c);
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // The terminal is gone.
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    void press(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    /** Waits until the terminal shows what is asked for. */
    synchronized void await(String what, Predicate<TerminalImage> seen) throws InterruptedException {
        for (int i = 0; i < PATIENCE_SECONDS * 10 && !seen.test(image); i++) {
            if (ended) {
                break;
            }
            wait(100);
        }
        if (!seen.test(image)) {
            throw new AssertionError("not seen: " + what + "; the terminal shows\n" + image);
        }
    }

    /** Waits for a line of the live screen. */
    void awaitLine(String pattern) throws InterruptedException {
        await(pattern, seen -> seen.taken() && seen.lines().stream().anyMatch(line -> line.matches(pattern)));
    }

    void awaitNoLine(String pattern) throws InterruptedException {
        await("no " + pattern, seen -> seen.taken() && seen.lines().stream().noneMatch(line -> line.matches(pattern)));
    }

    /** Waits for the end of the program. */
    synchronized String awaitEnd() throws InterruptedException {
        await("the end", seen -> seen.normal().contains("done"));
        return image.normal();
    }

    synchronized boolean restored() {
        return image.restored();
    }

    /** Makes the terminal as large as that. */
    void resize(int columns, int rows) throws IOException, InterruptedException {
        String tty = Files.readString(directory.resolve("tty")).strip();
        Process stty = new ProcessBuilder("stty", "-F", tty, "rows", "" + rows, "cols", "" + columns).start();
        if (stty.waitFor() != 0) {
            throw new AssertionError("stty fails");
        }
    }

    /** Sends SIGTERM to slipway. */
    void terminate() {
        script.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .forEach(ProcessHandle::destroy);
    }

    @Override
    public void close() throws InterruptedException {
        script.descendants().forEach(ProcessHandle::destroy);
        script.destroy();
        if (!script.waitFor(10, TimeUnit.SECONDS)) {
            script.destroyForcibly();
        }
    }
}
