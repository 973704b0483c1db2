package org.slipway.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.SmbShare;
import org.slipway.nat.GuestForward;
import org.slipway.wire.IpAddress;

/** Reads {@code smb=} and {@code smbserver=}, with QEMU's error texts: a directory that guests see by SMB. */
final class SmbOption {

    private SmbOption() {}

    /** The share, or null if there is none; {@code forwards} are those that may be in its way. */
    static @Nullable SmbShare read(
            PortOptions options, AddressPlan plan, List<GuestForward> forwards, List<String> notes) {
        String directory = options.value("smb");
        String server = options.value("smbserver");
        IpAddress address = server == null ? null : Literals.ip(server);
        if (server != null && address == null) {
            throw options.error("Failed to parse SMB address '" + server + "'");
        }
        if (directory == null) {
            if (server != null) {
                notes.add("smbserver=" + server + " without smb=DIR: nothing is there");
            }
            return null;
        }
        List<IpAddress> servers = address == null ? ServerAddresses.fourths(plan) : List.of(address);
        servers.forEach(each -> requireFree(each, plan, forwards, options));
        return new SmbShare(directory(directory, options), servers);
    }

    private static void requireFree(
            IpAddress server, AddressPlan plan, List<GuestForward> forwards, PortOptions options) {
        String error = "Conflicting/invalid smbserver address: " + server;
        if (!ServerAddresses.isFree(server, plan)) {
            throw options.error(error + " is not a free address of the guests' network");
        }
        for (GuestForward forward : forwards) {
            if (forward.server().equals(server) && SmbShare.PORTS.contains(forward.port())) {
                throw options.error(error + " is that of guestfwd=" + forward.description());
            }
        }
    }

    private static Path directory(String text, PortOptions options) {
        Path path = path(text);
        String fault = path == null ? "No such file or directory" : fault(path);
        if (path == null || fault != null) {
            throw options.error("Error accessing shared directory '" + text + "': " + fault);
        }
        return path.toAbsolutePath();
    }

    private static @Nullable Path path(String text) {
        try {
            // An empty path would be the current directory, which nobody meant to share.
            return text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** In the system's words. */
    private static @Nullable String fault(Path path) {
        if (!Files.exists(path)) {
            return "No such file or directory";
        }
        if (!Files.isDirectory(path)) {
            return "Not a directory";
        }
        return Files.isReadable(path) && Files.isExecutable(path) ? null : "Permission denied";
    }
}
