package org.slipway.tap;

/**
 * Functions of the C library that start a process with a socket, as jnr-ffi binds them. In a library of their own, which is
 * loaded when the first such process is started. posix_spawn has six arguments, which is right only without jnr-ffi's
 * assembler stubs: see {@link Libc.Functions}.
 */
public interface SpawnFunctions {

    int bind(int fd, long address, int addressLength);

    int listen(int fd, int backlog);

    int getsockname(int fd, long address, long addressLength);

    int accept4(int fd, long address, long addressLength, int flags);

    int close(int fd);

    int waitpid(int pid, long status, int options);

    int posix_spawn(long pid, long path, long actions, long attributes, long arguments, long environment);

    int posix_spawn_file_actions_init(long actions);

    int posix_spawn_file_actions_destroy(long actions);

    int posix_spawn_file_actions_adddup2(long actions, int fd, int newFd);

    int posix_spawn_file_actions_addopen(long actions, int fd, long path, int flags, int mode);

    int posix_spawn_file_actions_addclose(long actions, int fd);

    /** Of glibc 2.34 and newer; an UnsatisfiedLinkError elsewhere. */
    int posix_spawn_file_actions_addclosefrom_np(long actions, int fd);

    int posix_spawnattr_init(long attributes);

    int posix_spawnattr_destroy(long attributes);

    int posix_spawnattr_setflags(long attributes, short flags);

    int posix_spawnattr_setsigmask(long attributes, long signals);

    int posix_spawnattr_setsigdefault(long attributes, long signals);
}
