package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class LibcTest {

    @BeforeAll
    static void needsLinux() {
        assumeTrue(Libc.isSupported(), "skipped: not Linux on x86-64 or aarch64");
    }

    @Test
    void noFunctionHasSixArguments() {
        assertThat(Libc.Functions.class.getMethods())
                .extracting(Method::getParameterCount)
                .allMatch(count -> count <= 5);
    }

    /** There is no other way to start a process with a socket; PosixSpawnTest sees what the sixth argument does. */
    @Test
    void onlyPosixSpawnHasSix() {
        assertThat(SpawnFunctions.class.getMethods())
                .filteredOn(method -> method.getParameterCount() > 5)
                .extracting(Method::getName)
                .containsExactly("posix_spawn");
    }

    @Test
    void assemblerStubsAreOff() {
        Libc.get();
        assertThat(System.getProperty("jnr.ffi.x86asm.enabled")).isEqualTo("false");
    }

    @Test
    void failedCallGivesTheErrorNumber() {
        assertThat(Libc.get().socket(-1, 2, 0)).isEqualTo(-Errno.EAFNOSUPPORT);
        assertThat(Libc.get().recvmsg(-1, 0, 0)).isEqualTo(-9);
    }

    @Test
    void exceptionSaysWhatWasTriedAndWhy() {
        Libc libc = Libc.get();
        assertThatThrownBy(() -> libc.check(-Errno.EACCES, "open a ping socket"))
                .isInstanceOfSatisfying(LibcException.class, e -> {
                    assertThat(e.errno()).isEqualTo(13);
                    assertThat(e.errnoName()).isEqualTo("EACCES");
                })
                .hasMessage("cannot open a ping socket: Permission denied (EACCES)");
        assertThat(libc.check(3, "open a ping socket")).isEqualTo(3);
    }
}
