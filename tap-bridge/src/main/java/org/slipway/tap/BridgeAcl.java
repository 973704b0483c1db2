package org.slipway.tap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which bridges of the host a user may join, as its administrator says in the file that qemu-bridge-helper reads: lines
 * {@code allow BRIDGE}, {@code allow all}, {@code deny BRIDGE}, {@code deny all}, {@code include FILE}, and comments after
 * {@code #} at the beginning of a line. A bridge that is denied anywhere is denied, whatever the order; one that is not mentioned is denied, too.
 */
public final class BridgeAcl {

    /** Where QEMU of the distributions has it. */
    public static final Path DEFAULT_FILE = Path.of("/etc/qemu/bridge.conf");

    /** No administrator writes more, one within the other or beside it; and a file may include itself. */
    static final int MAX_INCLUDES = 64;

    /** In bytes. */
    static final int MAX_FILE_LENGTH = 1 << 20;

    private static final String ALL = "all";
    private static final Pattern BLANKS = Pattern.compile("[ \\t\\r\\x0b\\f]+");

    private final Set<String> allowed = new HashSet<>();
    private final Set<String> denied = new HashSet<>();
    private int includes;

    private BridgeAcl() {}

    /**
     * Reads {@code file}. A file that it includes may be absent or wrong: what could be read of it counts, as in QEMU.
     *
     * @throws BridgeAclException with the line or the name that is wrong
     */
    public static BridgeAcl read(Path file) throws BridgeAclException {
        BridgeAcl acl = new BridgeAcl();
        acl.add(file);
        return acl;
    }

    /** Whether a user may join {@code bridge}. */
    public boolean allows(String bridge) {
        return InterfaceName.fault(bridge) == null
                && (allowed.contains(bridge) || allowed.contains(ALL))
                && !denied.contains(bridge)
                && !denied.contains(ALL);
    }

    private void add(Path file) throws BridgeAclException {
        for (String line : text(file).split("\n", -1)) {
            String trimmed = BLANKS.matcher(line).replaceAll(" ").strip();
            if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
                take(trimmed, file);
            }
        }
    }

    private static String text(Path file) throws BridgeAclException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_LENGTH + 1);
            if (bytes.length > MAX_FILE_LENGTH) {
                throw new BridgeAclException(
                        "failed to parse acl file `" + file + "': longer than " + MAX_FILE_LENGTH + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new BridgeAclException("failed to parse acl file `" + file + "': " + e.getMessage());
        }
    }

    private void take(String line, Path file) throws BridgeAclException {
        int blank = line.indexOf(' ');
        if (blank < 0) {
            throw new BridgeAclException("Invalid config line in `" + file + "': " + line);
        }
        String command = line.substring(0, blank);
        String argument = line.substring(blank + 1);
        switch (command) {
            case "allow" -> allowed.add(bridge(argument));
            case "deny" -> denied.add(bridge(argument));
            case "include" -> include(argument, file);
            default -> throw new BridgeAclException("Unknown command `" + command + "' in `" + file + "'");
        }
    }

    private static String bridge(String name) throws BridgeAclException {
        String fault = InterfaceName.fault(name);
        if (fault != null) {
            throw new BridgeAclException(fault);
        }
        return name;
    }

    private void include(String name, Path from) {
        if (includes == MAX_INCLUDES) {
            return;
        }
        includes++;
        try {
            add(from.resolveSibling(name));
        } catch (BridgeAclException | InvalidPathException e) {
            // As in QEMU: a package may drop in a file, and take it away again. What it might have allowed is not.
            return;
        }
    }
}
