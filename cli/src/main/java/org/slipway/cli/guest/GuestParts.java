package org.slipway.cli.guest;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a guest is made of, as found on this host. Each part can be named by a system property or an environment
 * variable: {@code slipway.guest.kernel} or {@code SLIPWAY_GUEST_KERNEL}, and in the same way {@code qemu},
 * {@code modules} and {@code busybox}.
 *
 * @param qemu the emulator
 * @param kernel a Linux kernel image for x86-64
 * @param modules the directory of its modules, {@code /lib/modules/RELEASE}
 * @param busybox a statically linked busybox for x86-64
 */
public record GuestParts(Path qemu, Path kernel, Path modules, Path busybox) {

    /** PT_INTERP of elf(5). */
    private static final int INTERPRETER = 3;

    /** The modules for the network cards that QEMU offers first. */
    static final List<String> DRIVERS = List.of("virtio_pci", "virtio_net", "e1000");

    private static final String QEMU = "qemu-system-x86_64";
    private static final String PATH_VARIABLE = "PATH";

    /** More than the boot header and the version string of any kernel. */
    private static final int KERNEL_HEAD_BYTES = 64 << 10;

    /**
     * Looks for all parts.
     *
     * @throws GuestException with one line that says what is missing and how to get it
     */
    public static GuestParts find() {
        Path qemu = named("qemu", onPath(QEMU));
        if (qemu == null || !Files.isExecutable(qemu)) {
            throw missing(QEMU + " was not found: install qemu-system-x86", "qemu");
        }
        Path busybox = named("busybox", onPath("busybox"));
        if (busybox == null || !Files.isReadable(busybox)) {
            throw missing("busybox was not found: install busybox-static", "busybox");
        }
        if (!isStatic(busybox)) {
            throw missing(busybox + " is not linked statically: install busybox-static", "busybox");
        }
        Path kernel = named("kernel", newestKernel());
        if (kernel == null || !Files.isReadable(kernel)) {
            throw missing("no readable kernel: install linux-image-amd64, or let /boot/vmlinuz-* be read", "kernel");
        }
        return new GuestParts(qemu, kernel, modulesOf(kernel), busybox);
    }

    private static GuestException missing(String what, String part) {
        return new GuestException(what + ", or name one with -Dslipway.guest." + part + "= or " + variable(part));
    }

    private static @Nullable Path named(String part, @Nullable Path found) {
        String property = System.getProperty("slipway.guest." + part, System.getenv(variable(part)));
        return property == null ? found : Path.of(property);
    }

    private static String variable(String part) {
        return "SLIPWAY_GUEST_" + part.toUpperCase(Locale.ROOT);
    }

    private static @Nullable Path onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv(PATH_VARIABLE), "/usr/bin:/bin");
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Path newestKernel() {
        try (Stream<Path> boot = Files.list(Path.of("/boot"))) {
            return boot.filter(file -> file.getFileName().toString().startsWith("vmlinuz-") && Files.isReadable(file))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    private static Path modulesOf(Path kernel) {
        String release = KernelModules.releaseOf(head(kernel, KERNEL_HEAD_BYTES));
        if (release == null) {
            throw new GuestException(kernel + " is no Linux kernel image for x86");
        }
        Path modules = Objects.requireNonNull(named("modules", Path.of("/lib/modules", release)));
        if (!Files.isReadable(modules.resolve("modules.dep"))) {
            throw missing("the modules of " + kernel + " were not found in " + modules, "modules");
        }
        return modules;
    }

    private static byte[] head(Path file, int length) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether an ELF program for 64 bits, little endian, has no program header that asks for a dynamic linker. */
    private static boolean isStatic(Path program) {
        byte[] head = head(program, 4096);
        if (head.length < 64 || head[0] != 0x7f || head[4] != 2) {
            return false;
        }
        int headers = head[32] & 0xff | (head[33] & 0xff) << 8;
        int size = head[54] & 0xff;
        int count = head[56] & 0xff;
        for (int i = 0; i < count && headers + i * size < head.length; i++) {
            if (head[headers + i * size] == INTERPRETER) {
                return false;
            }
        }
        return true;
    }
}
