package org.slipway.cli.guest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What QEMU boots: a kernel, and a file system in memory that holds busybox, the drivers of the network cards and a
 * first process that takes commands from the serial port.
 *
 * @param parts what it was made of
 * @param initramfs the archive; whoever chose its place deletes it
 */
public record GuestImage(GuestParts parts, Path initramfs) {

    private static final List<String> DIRECTORIES = List.of(
            "bin",
            "dev",
            "etc",
            "etc/udhcpc",
            "lib",
            "lib/modules",
            "proc",
            "root",
            "sys",
            "tmp",
            "usr",
            "usr/share",
            "usr/share/udhcpc",
            "var",
            "var/run",
            "www");

    /** Makes the archive at {@code initramfs}, some 3 MiB in some 50 ms; needs no rights and no tools. */
    public static GuestImage build(GuestParts parts, Path initramfs) {
        List<Path> modules = KernelModules.read(parts.modules()).inLoadingOrder(GuestParts.DRIVERS);
        CpioWriter archive = new CpioWriter();
        DIRECTORIES.forEach(archive::directory);
        archive.device("dev/console", 5, 1);
        archive.device("dev/null", 1, 3);
        StringBuilder names = new StringBuilder();
        try {
            archive.file("bin/busybox", Files.readAllBytes(parts.busybox()));
            for (Path module : modules) {
                String name = module.getFileName().toString();
                archive.file("lib/modules/" + name, Files.readAllBytes(module));
                names.append(name).append('\n');
            }
            archive.file("etc/modules", names.toString().getBytes(StandardCharsets.UTF_8));
            archive.file("etc/resolv.conf", new byte[0]);
            archive.file("init", resource("init"));
            archive.file("commands", resource("commands"));
            archive.file("etc/udhcpc/default.script", resource("udhcpc.script"));
            Files.write(initramfs, archive.finish());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GuestImage(parts, initramfs);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(GuestImage.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
