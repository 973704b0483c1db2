package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TftpMessage;
import org.slipway.wire.TftpMessage.Failure;

/** Faults that TFTP servers have had, with files of the host; others are in {@code gateway.KnownFaultsTest}. */
class KnownTftpFaultsTest {

    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");

    private record Said(int port, TftpMessage message) {}

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path parent;

    private final FuzzBuffers buffers = new FuzzBuffers();
    private final ManualLoop loop = new ManualLoop();
    private final Map<Integer, DatagramService> ports = new HashMap<>();
    private final List<Said> said = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private TftpServer server;

    @BeforeEach
    void serve() throws IOException {
        Path root = Files.createDirectory(parent.resolve("root"));
        Files.createDirectory(root.resolve("dir"));
        Files.write(root.resolve("file"), new byte[5000]);
        Files.writeString(parent.resolve("x"), "outside");
        Files.createSymbolicLink(root.resolve("link"), parent.resolve("x"));
        server = new TftpServer(
                new TftpDirectory(root),
                1500,
                loop,
                Runnable::run,
                loop::endOfTurn,
                this::open,
                this::hear,
                new Random(1));
    }

    @AfterEach
    void nothingIsHeld() {
        server.close();
        loop.run();
        buffers.assertNothingHeld();
    }

    private @Nullable Runnable open(IpAddress address, int port, DatagramService service) {
        return ports.putIfAbsent(port, service) == null ? () -> ports.remove(port) : null;
    }

    private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
        TftpMessage message = TftpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
        payload.release();
        assertThat(message).isNotNull();
        said.add(new Said(sourcePort, message));
    }

    private @Nullable DropReason send(DatagramService to, int port, byte[] message) {
        ByteBuf payload = FuzzInput.inTheMiddle(message);
        try {
            return to.receive(new Datagram(GUEST, 2070, GATEWAY, port, 1, payload));
        } finally {
            payload.release();
            loop.run();
        }
    }

    private static byte[] request(String name) {
        return ("\0\1" + name + "\0octet\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private void assertRefused(String name) {
        said.clear();
        assertThat(send(server, 69, request(name))).isNull();
        assertThat(said).as(name).hasSize(1);
        assertThat(said.get(0).message).as(name).isInstanceOf(Failure.class);
        assertThat(said.get(0).port).as("a port of its own").isNotEqualTo(69).isPositive();
    }

    @Nested
    @DisplayName("CVE-2020-7211: names that lead out of the directory")
    class Cve20207211 {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "..\\..\\x",
                    "..\\x",
                    "../x",
                    "/../x",
                    "\\..\\x",
                    "dir/../../x",
                    "dir\\..\\..\\x",
                    "./../x",
                    "..",
                    "C:\\x",
                    "C:x",
                    "/C:/x",
                    "\\\\host\\share\\x",
                    "//host/share/x",
                    "%2e%2e/x",
                    "..%2fx",
                    "%2e%2e%5cx",
                    "\u00c0\u00ae\u00c0\u00ae/x",
                    "\u00e2\u0080\u00a5/x",
                    ".\u00e2\u0081\u0084./x",
                    "link",
                    "dir/../link",
                    ""
                })
        void nameIsRefused(String name) {
            assertRefused(name);
        }

        @Test
        void absoluteNameIsRelativeToTheDirectory() {
            assertRefused(parent.resolve("x").toString());
            said.clear();
            send(server, 69, request("/file"));
            assertThat(said.get(0).message).isInstanceOf(TftpMessage.Data.class);
        }

        /** A NUL ends the name: what stands behind it is the mode. */
        @Test
        void nulEndsTheName() {
            send(server, 69, request("file\0../x"));
            assertThat(said).allSatisfy(one -> assertThat(one.message).isInstanceOf(Failure.class));
        }

        /** A directory is answered with error 2, from a port from which a transfer would come. */
        @ParameterizedTest
        @ValueSource(strings = {"dir", "dir/", "/", ".", "/dir//"})
        void directoryIsRefusedWithError2FromARealPort(String name) {
            assertRefused(name);
            assertThat(((Failure) said.get(0).message).code()).isEqualTo(Failure.ACCESS_VIOLATION);
            assertThat(said.get(0).port).isGreaterThanOrEqualTo(TftpServer.FIRST_PORT);
        }
    }

    @Nested
    @DisplayName("CVE-2021-3595: requests that are cut off")
    class Cve20213595 {

        @Test
        void requestCutAtAnyByteIsMalformed() {
            byte[] whole = "\0\1file\0octet\0tsize\0000\0blksize\0001428\0".getBytes(StandardCharsets.ISO_8859_1);
            assertThat(send(server, 69, whole)).isNull();
            assertThat(server.transfers()).isOne();
            int complete = "\0\1file\0octet\0".length();
            for (int length = 0; length < complete; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                said.clear();
                assertThat(send(server, 69, cut)).as("%d bytes", length).isEqualTo(DropReason.TFTP_MALFORMED);
                assertThat(said).isEmpty();
            }
            for (int length = complete; length < whole.length; length++) {
                // Options that are cut are dropped, or not there; nothing is read beyond the end.
                assertThat(send(server, 69, Arrays.copyOf(whole, length))).isNotEqualTo(DropReason.INTERNAL_ERROR);
            }
        }

        @Test
        void textsWithoutAnEndAreMalformed() {
            byte[] name = new byte[1400];
            Arrays.fill(name, (byte) 'a');
            name[0] = 0;
            name[1] = 1;
            assertThat(send(server, 69, name)).isEqualTo(DropReason.TFTP_MALFORMED);
        }
    }

    @Nested
    @DisplayName("Without a number: a transfer used after it has ended (4.8.0)")
    class UseAfterEnd {

        /** The port goes with the transfer, so that nothing reaches what has ended. */
        @Test
        void transferThatTheClientEndsLeavesNothingBehind() {
            send(server, 69, request("file"));
            int port = said.get(0).port;
            send(ports.get(port), port, new byte[] {0, 5, 0, 0, 'x', 0});
            assertThat(server.transfers()).isZero();
            assertThat(ports).isEmpty();
            said.clear();
            loop.advance(Duration.ofMinutes(5));
            assertThat(said).isEmpty();
            assertThat(loop.untilNextTimer()).isEqualTo(-1);
        }

        @Test
        void anotherRequestFromTheSamePortEndsTheTransferBefore() {
            send(server, 69, request("file"));
            int first = said.get(0).port;
            send(ports.get(first), first, new byte[] {0, 4, 0, 1});
            send(server, 69, request("file"));
            assertThat(server.transfers()).isOne();
            assertThat(ports).hasSize(1).doesNotContainKey(first);
        }
    }
}
