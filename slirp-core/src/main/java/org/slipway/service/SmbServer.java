package org.slipway.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Samba's smbd needs to share one directory with guests: a private directory with its configuration, and all that it
 * writes. It is started anew for each connection, by somebody else. Blocks; not on the network's loop.
 */
public final class SmbServer implements AutoCloseable {

    /** What guests ask for: {@code \\SERVER\qemu}, as with QEMU. */
    public static final String SHARE = SmbConfiguration.SHARE;

    private static final String PREFIX = "slipway-smb-";

    /** Where Debian has it; the rest are other systems', where it is on no user's path either. */
    private static final List<String> USUAL =
            List.of("/usr/sbin/smbd", "/usr/local/sbin/smbd", "/usr/local/samba/sbin/smbd");

    private static final String CONFIGURATION = "smb.conf";
    private static final String LOG = "log.smbd";
    private static final String ERRORS = "errors";

    /** Samba starts it for all smbd of a configuration, in a session of its own, when a guest wants to see the shares. */
    private static final String HELPER = "samba-dcerpcd";

    /** Whoever was just killed may have made one more file. */
    private static final int DELETIONS = 3;

    private static final int MAX_LOG_BYTES = 64 * 1024;

    private final PrivateDirectory directory;
    private final DirectoryClaim claim;
    private final Path program;

    private SmbServer(PrivateDirectory directory, DirectoryClaim claim, Path program) {
        this.directory = directory;
        this.claim = claim;
        this.program = program;
    }

    /**
     * Prepares all for {@code share}, and deletes what processes that were killed have left behind.
     *
     * @param share absolute; whatever characters it has
     * @throws IOException with a sentence for the user
     */
    public static SmbServer prepare(Path share) throws IOException {
        Path program = find(USUAL, System.getenv("PATH"));
        if (program == null) {
            throw new IOException(
                    "Could not find '" + USUAL.get(0) + "', please install it (Debian: apt-get install samba)");
        }
        String user = System.getProperty("user.name", "");
        if (!SmbConfiguration.isPlain(user) || user.equals("?")) {
            throw new IOException("Failed to retrieve user name" + (user.isEmpty() ? "" : ": it is '" + user + "'"));
        }
        return prepare(share, program, user);
    }

    /** As the other, with the {@code program} and the {@code user} whose rights guests have. */
    static SmbServer prepare(Path share, Path program, String user) throws IOException {
        PrivateDirectory directory = directory();
        try {
            DirectoryClaim claim = DirectoryClaim.of(directory.path());
            SmbServer server = new SmbServer(directory, claim, program);
            DirectoryClaim.deleteAbandoned(directory.path(), PREFIX);
            server.configure(share, user);
            return server;
        } catch (IOException | UnsupportedOperationException e) {
            directory.close();
            throw new IOException(
                    "Could not create samba server configuration file '"
                            + directory.path().resolve(CONFIGURATION) + "': " + e.getMessage(),
                    e);
        }
    }

    private static PrivateDirectory directory() throws IOException {
        PrivateDirectory directory;
        try {
            directory = PrivateDirectory.create(PREFIX);
        } catch (IOException e) {
            throw new IOException("Could not create samba server dir: " + e.getMessage(), e);
        }
        if (!SmbConfiguration.isPlain(directory.path().toString())) {
            directory.close();
            throw new IOException("Could not create samba server dir: '" + directory.path()
                    + "' has a character with a meaning in smb.conf");
        }
        return directory;
    }

    private void configure(Path share, String user) throws IOException {
        // A name within a plain directory is plain, too, whatever the directory that it leads to is called.
        Path link = Files.createSymbolicLink(path("share"), share);
        Files.writeString(path(CONFIGURATION), SmbConfiguration.text(directory.path(), link, user));
    }

    /** The first program that is there: of {@code usual}, else smbd of {@code searchPath}; or null. */
    static @Nullable Path find(List<String> usual, @Nullable String searchPath) {
        List<String> candidates = new ArrayList<>(usual);
        for (String entry : searchPath == null ? new String[0] : searchPath.split(":")) {
            if (entry.startsWith("/")) {
                candidates.add(entry + "/smbd");
            }
        }
        for (String candidate : candidates) {
            try {
                Path path = Path.of(candidate);
                if (Files.isRegularFile(path) && Files.isExecutable(path)) {
                    return path;
                }
            } catch (InvalidPathException e) {
                // Then it is nobody's program.
            }
        }
        return null;
    }

    private Path path(String name) {
        return directory.path().resolve(name);
    }

    /** Starts an smbd for the connection that is its standard input. */
    public List<String> command() {
        return List.of(
                program.toString(),
                "-l",
                directory.path().toString(),
                "-s",
                path(CONFIGURATION).toString());
    }

    /** The file for what it writes to standard error, before it knows its log. */
    public Path errors() {
        return path(ERRORS);
    }

    /** The last line that an smbd wrote to standard error, else to its log, or a word for that there is none. */
    public String lastWord() {
        return lastLine(path(ERRORS)).or(() -> lastLine(path(LOG))).orElse("its log is empty");
    }

    private static Optional<String> lastLine(Path file) {
        try (var in = Files.newInputStream(file)) {
            in.skip(Math.max(0, Files.size(file) - MAX_LOG_BYTES));
            String end = new String(in.readNBytes(MAX_LOG_BYTES), StandardCharsets.UTF_8);
            return end.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce((before, line) -> line);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Ends what Samba has started besides, and deletes all. To be called when no smbd is left. */
    @Override
    public void close() {
        endHelper();
        try {
            claim.close();
        } catch (IOException e) {
            // The lock goes with its file.
        }
        for (int i = 0; i < DELETIONS && Files.exists(directory.path()); i++) {
            directory.close();
        }
    }

    /** Not gently: it would only tidy up where nothing will be left. */
    private void endHelper() {
        helper().ifPresent(helper -> {
            helper.descendants().forEach(ProcessHandle::destroyForcibly);
            helper.destroyForcibly();
        });
    }

    private Optional<ProcessHandle> helper() {
        String configuration = path(CONFIGURATION).toString();
        try {
            long pid = Long.parseLong(Files.readString(path(HELPER + ".pid")).strip());
            // By now the number may be another's.
            return ProcessHandle.of(pid)
                    .filter(process -> Arrays.stream(process.info().arguments().orElse(new String[0]))
                            .anyMatch(argument -> argument.endsWith(configuration)));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
