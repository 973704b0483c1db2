package org.slipway.tap;

import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One call of posix_spawn. The process is in a session of its own, which is a process group of its own, too: no key of a
 * terminal ends it, and it may signal its group. It has no signal blocked or ignored, and no descriptor of ours but a socket as
 * standard input and output, and a file for errors.
 */
final class SpawnAttempt {

    /** posix_spawnattr_t has 336 bytes in glibc, posix_spawn_file_actions_t 80; a set of signals 128. */
    private static final int ATTRIBUTES_LENGTH = 512;

    private static final int ACTIONS_LENGTH = 256;
    private static final int SIGNALS_LENGTH = 128;

    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;

    private static final int O_WRONLY_CREAT_APPEND = 0x1 | 0x40 | 0x400;
    private static final int OWNER_ONLY = 0600;

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int FIRST_OTHER = 3;

    private final Libc libc;
    private final SpawnFunctions functions;
    private final List<String> command;
    private final NativeStrings memory = new NativeStrings();
    private final long actions = Buffer.memoryAddress(memory.zeros(ACTIONS_LENGTH));
    private final long attributes = Buffer.memoryAddress(memory.zeros(ATTRIBUTES_LENGTH));

    /** To start {@code command}, whose first word is the program with its directory. */
    SpawnAttempt(Libc libc, SpawnFunctions functions, List<String> command) {
        this.libc = libc;
        this.functions = functions;
        this.command = command;
    }

    /**
     * Starts it; once. Blocks for as long as that takes.
     *
     * @param socket its standard input and output; stays open here
     * @param errors the file to whose end its standard error goes
     * @param closesFrom whether to use addclosefrom_np, where the library has it
     * @return its number
     * @throws LibcException if it cannot be started
     */
    int start(int socket, Path errors, boolean closesFrom) throws IOException {
        check(functions.posix_spawn_file_actions_init(actions));
        check(functions.posix_spawnattr_init(attributes));
        try {
            giveDescriptors(socket, errors);
            closeOthers(closesFrom);
            setAttributes();
            return spawn();
        } finally {
            functions.posix_spawn_file_actions_destroy(actions);
            functions.posix_spawnattr_destroy(attributes);
            Reference.reachabilityFence(memory);
        }
    }

    private int spawn() {
        ByteBuffer pid = memory.zeros(Integer.BYTES);
        check(functions.posix_spawn(
                Buffer.memoryAddress(pid),
                memory.string(command.get(0)),
                actions,
                attributes,
                memory.array(command),
                memory.array(environment())));
        return pid.getInt(0);
    }

    private static List<String> environment() {
        return System.getenv().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private void giveDescriptors(int socket, Path errors) {
        check(functions.posix_spawn_file_actions_adddup2(actions, socket, STDIN));
        check(functions.posix_spawn_file_actions_adddup2(actions, socket, STDOUT));
        long path = memory.string(errors.toString());
        check(functions.posix_spawn_file_actions_addopen(actions, STDERR, path, O_WRONLY_CREAT_APPEND, OWNER_ONLY));
    }

    private void closeOthers(boolean closesFrom) throws IOException {
        if (!closesFrom || !addCloseFrom()) {
            for (int fd : otherDescriptors()) {
                check(functions.posix_spawn_file_actions_addclose(actions, fd));
            }
        }
    }

    private boolean addCloseFrom() {
        try {
            check(functions.posix_spawn_file_actions_addclosefrom_np(actions, FIRST_OTHER));
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** For libraries without it: what is open now. What other threads open until the process starts may get into it. */
    private static int[] otherDescriptors() throws IOException {
        IntStream.Builder descriptors = IntStream.builder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                descriptors.add(Integer.parseInt(file.getFileName().toString()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return descriptors.build().filter(fd -> fd >= FIRST_OTHER).toArray();
    }

    private void setAttributes() {
        short flags = SETSIGDEF | SETSIGMASK | SETSID;
        check(functions.posix_spawnattr_setflags(attributes, flags));
        ByteBuffer none = memory.zeros(SIGNALS_LENGTH);
        check(functions.posix_spawnattr_setsigmask(attributes, Buffer.memoryAddress(none)));
        ByteBuffer all = memory.zeros(SIGNALS_LENGTH);
        for (int i = 0; i < SIGNALS_LENGTH; i++) {
            all.put(i, (byte) 0xff);
        }
        check(functions.posix_spawnattr_setsigdefault(attributes, Buffer.memoryAddress(all)));
    }

    /** These functions give the error number itself. */
    private void check(int error) {
        libc.check(-error, "start " + command.get(0));
    }
}
