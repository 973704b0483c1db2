package org.slipway.tap;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the C library that neither the JDK nor Netty has. Addresses of memory are Java longs. A call that fails
 * gives the negative error number, so that what is expected to fail costs no exception; {@link #check} makes one.
 *
 * <p>Loaded when it is first used, which takes some 100 ms. Linux on x86-64 and aarch64 only: ask {@link #isSupported}.
 */
final class Libc {

    /**
     * The functions as jnr-ffi binds them. None has six arguments: jnr-ffi passes a wrong sixth one on x86-64, unless
     * its assembler stubs are off, as {@link Holder} sees to.
     */
    public interface Functions {

        int socket(int domain, int type, int protocol);

        int bind(int fd, long address, int addressLength);

        int connect(int fd, long address, int addressLength);

        int setsockopt(int fd, int level, int option, long value, int valueLength);

        long send(int fd, long buffer, long length, int flags);

        long recvmsg(int fd, long message, int flags);

        String strerror(int errno);
    }

    private static final Set<String> ARCHITECTURES = Set.of("amd64", "x86_64", "aarch64");

    private static final AtomicBoolean LOADING = new AtomicBoolean();
    private static volatile @Nullable Libc loaded;

    private final Functions functions;
    private final Runtime runtime;

    private Libc(Functions functions) {
        this.functions = functions;
        runtime = Runtime.getRuntime(functions);
    }

    private static final class Holder {

        static final Libc INSTANCE = load();

        private static Libc load() {
            System.setProperty("jnr.ffi.x86asm.enabled", "false");
            Libc libc = new Libc(LibraryLoader.create(Functions.class).load("c"));
            loaded = libc;
            return libc;
        }
    }

    /** Whether the numbers in this package are those of this system. */
    static boolean isSupported() {
        return System.getProperty("os.name").equals("Linux")
                && ARCHITECTURES.contains(System.getProperty("os.arch").toLowerCase(Locale.ROOT));
    }

    /** The one instance. */
    static Libc get() {
        return Holder.INSTANCE;
    }

    /** The one instance; or null if it is not loaded yet, which a thread is about to do then. Does not block. */
    static @Nullable Libc getOrLoad() {
        if (loaded == null && LOADING.compareAndSet(false, true)) {
            new DefaultThreadFactory("slipway-libc", true).newThread(Libc::get).start();
        }
        return loaded;
    }

    /** The descriptor, or the negative error number. */
    int socket(int domain, int type, int protocol) {
        return result(functions.socket(domain, type, protocol));
    }

    /** 0, or the negative error number. */
    int bind(int fd, long address, int addressLength) {
        return result(functions.bind(fd, address, addressLength));
    }

    /** 0, or the negative error number. */
    int connect(int fd, long address, int addressLength) {
        return result(functions.connect(fd, address, addressLength));
    }

    /** 0, or the negative error number. */
    int setsockopt(int fd, int level, int option, long value, int valueLength) {
        return result(functions.setsockopt(fd, level, option, value, valueLength));
    }

    /** The number of bytes sent, or the negative error number. */
    int send(int fd, long buffer, int length, int flags) {
        return result((int) functions.send(fd, buffer, length, flags));
    }

    /** The number of bytes received, or the negative error number. */
    int recvmsg(int fd, long message, int flags) {
        return result((int) functions.recvmsg(fd, message, flags));
    }

    /** What a call gave, or the negative error number if it gave -1: which must be asked for before any other call. */
    int result(int returned) {
        return returned >= 0 ? returned : -LastError.getLastError(runtime);
    }

    /**
     * Gives {@code result} back, if it is no error.
     *
     * @param tried what was tried: {@code "open a ping socket"}
     * @throws LibcException if it is one
     */
    int check(int result, String tried) {
        if (result < 0) {
            throw new LibcException(-result, tried, functions.strerror(-result));
        }
        return result;
    }
}
