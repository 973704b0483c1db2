package org.slipway.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.NetBoot;

/** Reads {@code tftp=}, {@code bootfile=} and {@code tftp-server-name=}: what guests boot from the network. */
final class BootOptions {

    private BootOptions() {}

    static NetBoot read(PortOptions options, List<String> notes) {
        String directory = options.value("tftp");
        String bootFile = options.value("bootfile");
        String serverName = options.value("tftp-server-name");
        try {
            NetBoot boot = new NetBoot(
                    directory == null ? null : directory(directory, options),
                    bootFile == null ? "" : bootFile,
                    serverName == null ? "" : serverName);
            if (directory == null
                    && !boot.bootFile().isEmpty()
                    && !boot.bootFile().contains("://")) {
                notes.add(
                        "bootfile=" + bootFile + " without tftp=DIR: guests will be told of a file that nobody serves");
            }
            return boot;
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    private static Path directory(String text, PortOptions options) {
        Path path = path(text);
        if (path == null || !Files.isDirectory(path)) {
            throw options.error("Parameter 'tftp' expects a directory, which '" + text + "' is not");
        }
        return path.toAbsolutePath();
    }

    private static @Nullable Path path(String text) {
        try {
            // An empty path would be the current directory, which nobody meant to hand out.
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
