package org.slipway.cli.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running guest: a Linux kernel with busybox in QEMU, without acceleration, so that it needs no rights. It is up in
 * some three seconds and takes shell commands through its serial port, one at a time in the order given.
 *
 * <p>Its card is {@code eth0}, without an address at first: {@code udhcpc -i eth0 -n -q} asks for a lease. A command that
 * leaves something running in the background sends its output elsewhere, or it ends up in the output of later commands.
 *
 * <p>All methods may be called from any thread.
 */
public final class LinuxGuest implements AutoCloseable {

    /** For a host that is busy with other things: some twenty times what it takes. */
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(60);

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    /** How long after the end of a command's time the guest may take to say so. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** A tty takes in 4095 bytes before someone reads. */
    private static final int LONGEST_LINE = 4000;

    private static final int MEMORY_MIB = 192;

    private final Process qemu;
    private final OutputStream serial;
    private final Path directory;
    private final SerialReader answers = new SerialReader();
    private final Thread closeAtExit = new Thread(this::kill, "slipway-guest-exit");
    private int lastId;

    private LinuxGuest(Process qemu, Path directory) {
        this.qemu = qemu;
        this.directory = directory;
        serial = qemu.getOutputStream();
    }

    /**
     * Starts a guest and waits until it takes commands.
     *
     * @throws GuestException with the last lines of QEMU and of the console, if it does not come up
     */
    public static LinuxGuest boot(GuestOptions options) {
        LinuxGuest guest = start(options);
        try {
            guest.await("boot", guest.answers.expect(0, "boot"), BOOT_LIMIT);
            return guest;
        } catch (RuntimeException e) {
            guest.close();
            throw e;
        }
    }

    /** Starts a guest and returns at once; the first command waits until the guest is up. */
    private static LinuxGuest start(GuestOptions options) {
        Path directory = options.directory();
        try {
            LinuxGuest guest = new LinuxGuest(
                    new ProcessBuilder(commandLine(options))
                            .redirectError(directory.resolve("qemu.log").toFile())
                            .start(),
                    directory);
            Runtime.getRuntime().addShutdownHook(guest.closeAtExit);
            Thread reader = new Thread(guest::readSerial, "slipway-guest-serial");
            reader.setDaemon(true);
            reader.start();
            return guest;
        } catch (IOException e) {
            throw new GuestException("cannot start " + options.image().parts().qemu() + ": " + e.getMessage(), e);
        }
    }

    private static List<String> commandLine(GuestOptions options) {
        GuestImage image = options.image();
        List<String> line = new ArrayList<>(List.of(
                image.parts().qemu().toString(),
                "-nodefaults",
                "-no-user-config",
                "-no-reboot",
                "-machine",
                "pc",
                "-accel",
                "tcg",
                // One processor, and room for another: else QEMU 7.2 leaves the guest's memory barriers out, and once
                // in
                // some gigabytes the card misses that there is something to send, and sends nothing any more.
                "-smp",
                "1,maxcpus=2",
                "-m",
                Integer.toString(MEMORY_MIB),
                "-display",
                "none",
                "-serial",
                "stdio",
                "-serial",
                "file:" + options.directory().resolve("console.log")));
        if (options.networkBoot()) {
            line.addAll(List.of("-boot", "n"));
        } else {
            line.addAll(List.of(
                    "-kernel",
                    image.parts().kernel().toString(),
                    "-initrd",
                    image.initramfs().toString(),
                    "-append",
                    GuestOptions.KERNEL_ARGUMENTS));
        }
        for (String netdev : options.netdevs()) {
            line.add("-netdev");
            line.add(netdev);
        }
        line.add("-device");
        // Without a boot ROM the card does not ask for a lease before the kernel runs.
        String firmware = options.networkBoot() ? "" : ",romfile=";
        line.add(options.card() + ",netdev=n0" + firmware + ",mac=" + options.mac());
        line.addAll(options.qemuArguments());
        return line;
    }

    /** Runs a shell command, which has half a minute. */
    public CommandResult run(String command) {
        return run(command, COMMAND_LIMIT);
    }

    /**
     * Runs a shell command and waits for its end.
     *
     * @param limit after which the command is ended, in whole seconds
     * @throws GuestException if the guest does not answer
     */
    public CommandResult run(String command, Duration limit) {
        return await(command, start(command, limit), limit.plus(GRACE));
    }

    /** Starts a shell command, which runs when those before it have ended. The future fails when the guest goes away. */
    public CompletableFuture<CommandResult> start(String command, Duration limit) {
        byte[] encoded = Base64.getEncoder().encode(command.getBytes(StandardCharsets.UTF_8));
        if (encoded.length > LONGEST_LINE) {
            throw new IllegalArgumentException("a command of " + command.length() + " characters is too long");
        }
        synchronized (serial) {
            int id = ++lastId;
            CompletableFuture<CommandResult> result = answers.expect(id, command);
            try {
                serial.write((id + " " + limit.toSeconds() + " ").getBytes(StandardCharsets.US_ASCII));
                serial.write(encoded);
                serial.write('\n');
                serial.flush();
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
            return result;
        }
    }

    /** The process id of QEMU. */
    public long pid() {
        return qemu.pid();
    }

    /** Whether QEMU runs. */
    public boolean isRunning() {
        return qemu.isAlive();
    }

    /** Ends the guest as pulling its plug does, and waits until QEMU is gone. Harmless when repeated. */
    public void kill() {
        qemu.destroyForcibly();
        try {
            qemu.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As {@link #kill}. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException e) {
            // The JVM is on its way out, the hook is running already.
            return;
        }
    }

    private CommandResult await(String what, CompletableFuture<CommandResult> result, Duration limit) {
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new GuestException("no answer to '" + what + "' in " + limit.toSeconds() + " s" + diagnosis(), e);
        } catch (ExecutionException e) {
            throw new GuestException("the guest went away during '" + what + "'" + diagnosis(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while waiting for '" + what + "'", e);
        }
    }

    private String diagnosis() {
        return tail("qemu.log") + tail("console.log") + answers.unfinished();
    }

    private String tail(String log) {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(log), StandardCharsets.ISO_8859_1);
            List<String> last = lines.subList(Math.max(0, lines.size() - 10), lines.size());
            return last.isEmpty() ? "" : "\n" + log + ": " + String.join("\n  ", last);
        } catch (IOException e) {
            return "";
        }
    }

    private void readSerial() {
        try (BufferedReader lines = qemu.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.line(line);
            }
            answers.end(new IOException("QEMU has ended"));
        } catch (IOException | UncheckedIOException e) {
            answers.end(e);
        }
    }
}
