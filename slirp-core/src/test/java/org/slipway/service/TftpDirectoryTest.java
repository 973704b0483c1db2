package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpDirectoryTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private TftpDirectory files;

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(parent.resolve("root"));
        Files.createDirectories(root.resolve("Boot/deep"));
        Files.writeString(root.resolve("a"), "inside");
        Files.writeString(root.resolve("Boot/BCD"), "windows");
        Files.writeString(parent.resolve("secret"), "outside");
        Files.createDirectory(parent.resolve("root2"));
        Files.writeString(parent.resolve("root2/secret"), "outside");
        files = new TftpDirectory(root);
    }

    private String read(String name) throws IOException {
        try (TftpFiles.Content content = files.open(name)) {
            byte[] bytes = content.read(100);
            assertThat(content.size()).isEqualTo(bytes.length);
            assertThat(content.read(10)).isEmpty();
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/a", "//a", "\\a", "./a", "/./a", "Boot/../a"})
    void namesAreBelowTheRoot(String name) throws IOException {
        if (name.contains("..")) {
            assertThatThrownBy(() -> files.open(name)).isInstanceOf(AccessDeniedException.class);
        } else {
            assertThat(read(name)).isEqualTo("inside");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Boot/BCD", "Boot\\BCD", "\\Boot\\BCD", "/Boot//BCD", "Boot\\/BCD"})
    void backslashIsASeparator(String name) throws IOException {
        assertThat(read(name)).isEqualTo("windows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "/../secret",
                "..\\secret",
                "..\\..\\x",
                "Boot/../../secret",
                "Boot\\..\\..\\secret",
                "..",
                "/..",
                "C:\\secret",
                "c:secret",
                "/C:/secret",
                "\\\\?\\C:\\secret/..",
                "a\0b",
                "",
                "/",
                ".",
                "Boot",
                "Boot/",
                "Boot/deep"
            })
    void whatLeadsOutOrIsNoFileIsDenied(String name) {
        assertThatThrownBy(() -> files.open(name)).isInstanceOf(AccessDeniedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "%2e%2e/secret",
                "%2e%2e%2fsecret",
                "..%2fsecret",
                "Boot/none",
                ". ./secret",
                "\u00c0\u00ae\u00c0\u00ae/secret",
                "\u00e2\u0080\u00a5/secret",
                ".../secret",
                "..;/secret",
                "~/secret",
                "a/b",
                "\\\\server\\share\\x"
            })
    void nothingIsDecodedAndWhatIsNotThereIsNotFound(String name) {
        assertThatThrownBy(() -> files.open(name))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(AccessDeniedException.class);
    }

    @Test
    void veryLongNamesAreNotFound() {
        assertThatThrownBy(() -> files.open("x".repeat(60_000)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> files.open("x/".repeat(30_000))).isInstanceOf(IOException.class);
    }

    @Test
    void absolutePathOfTheRootIsRelativeToIt() {
        assertThatThrownBy(() -> files.open(root.resolve("a").toString())).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void linksAreFollowedWithinTheRootOnly() throws IOException {
        Files.createSymbolicLink(root.resolve("in"), Path.of("Boot/BCD"));
        Files.createSymbolicLink(root.resolve("out"), Path.of("../secret"));
        Files.createSymbolicLink(root.resolve("absolute"), parent.resolve("secret"));
        Files.createSymbolicLink(root.resolve("up"), parent);
        Files.createSymbolicLink(root.resolve("sibling"), parent.resolve("root2"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));

        assertThat(read("in")).isEqualTo("windows");
        for (String name : new String[] {"out", "absolute", "up/secret", "sibling/secret", "up"}) {
            assertThatThrownBy(() -> files.open(name)).as(name).isInstanceOf(AccessDeniedException.class);
        }
        assertThat(new String[] {"dangling", "loop"})
                .allSatisfy(name -> assertThatThrownBy(() -> files.open(name)).isInstanceOf(IOException.class));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void rootMayBeALinkItself() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), root);
        files = new TftpDirectory(link);
        assertThat(read("a")).isEqualTo("inside");
        assertThatThrownBy(() -> files.open("../secret")).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void devicesAreDenied() {
        files = new TftpDirectory(Path.of("/dev"));
        assertThatThrownBy(() -> files.open("zero")).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void namesAreUtf8() throws IOException {
        String name = "gr\u00fcn";
        Path file = root.resolve(name);
        Files.writeString(file, "green");
        String raw = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(read(raw)).isEqualTo("green");
    }

    @Test
    void rootThatIsNotThereHasNoFiles() {
        assertThatThrownBy(() -> new TftpDirectory(parent.resolve("none")).open("a"))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> TftpFiles.NONE.open("a")).isInstanceOf(AccessDeniedException.class);
    }
}
