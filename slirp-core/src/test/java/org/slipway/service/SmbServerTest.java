package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class SmbServerTest {

    @TempDir
    Path directory;

    private Path program(String name) throws Exception {
        Path program = directory.resolve(name);
        Files.createDirectories(program.getParent());
        Files.writeString(program, "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    @Test
    void usualPlaceComesBeforeThePath() throws Exception {
        Path usual = program("sbin/smbd");
        Path other = program("bin/smbd");
        String path = "relative:/nowhere:" + other.getParent();
        assertThat(SmbServer.find(List.of("/nowhere/smbd", usual.toString()), path))
                .isEqualTo(usual);
        assertThat(SmbServer.find(List.of("/nowhere/smbd"), path)).isEqualTo(other);
        assertThat(SmbServer.find(List.of("/nowhere/smbd"), null)).isNull();
        assertThat(other.toFile().setExecutable(false)).isTrue();
        assertThat(SmbServer.find(List.of("/nowhere/smbd"), path)).isNull();
    }

    @Test
    void directoryLeadsToTheShareAndGoesInTheEnd() throws Exception {
        Path share = Files.createDirectory(directory.resolve("%U\n"));
        Files.writeString(share.resolve("kept"), "kept");
        SmbServer server = SmbServer.prepare(share, program("smbd"), "me");
        Path configuration = Path.of(server.command().get(4));
        Path own = configuration.getParent();
        assertThat(server.command()).startsWith(directory.resolve("smbd").toString(), "-l", own.toString(), "-s");
        assertThat(own.resolve("share").toRealPath()).isEqualTo(share.toRealPath());
        assertThat(configuration).content().contains("path = " + own.resolve("share") + "\n");

        assertThat(server.lastWord()).isEqualTo("its log is empty");
        Files.writeString(own.resolve("log.smbd"), "first\n  the last  \n\n");
        assertThat(server.lastWord()).isEqualTo("the last");
        Files.writeString(server.errors(), "x".repeat(100_000) + "\nerror\n");
        assertThat(server.lastWord()).isEqualTo("error");

        server.close();
        assertThat(own).doesNotExist();
        assertThat(share.resolve("kept")).hasContent("kept");
    }

    /** A number that Samba has written may be another process's by now. */
    @Test
    void processThatIsNotSambasIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "100").start();
        try {
            SmbServer server = SmbServer.prepare(directory, program("smbd"), "me");
            Path own = Path.of(server.command().get(4)).getParent();
            Files.writeString(own.resolve("samba-dcerpcd.pid"), stranger.pid() + "\n");
            server.close();
            assertThat(own).doesNotExist();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void helperThatSambaHasStartedIsEnded() throws Exception {
        SmbServer server = SmbServer.prepare(directory, program("smbd"), "me");
        String configuration = server.command().get(4);
        Process helper = new ProcessBuilder("sh", "-c", "read x", "helper", "--configfile=" + configuration).start();
        Files.writeString(Path.of(configuration).resolveSibling("samba-dcerpcd.pid"), helper.pid() + "\n");
        server.close();
        assertThat(helper.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
}
