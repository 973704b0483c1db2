package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.link.LinkFixture.Guest;
import org.slipway.loop.Transport;
import org.slipway.wire.DropReason;

@Timeout(60)
@ParameterizedClass
@MethodSource("org.slipway.link.LinkFixture#transports")
class QemuListenerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    private final LinkFixture fixture;

    QemuListenerTest(Transport transport) {
        fixture = new LinkFixture(transport, 3);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void severalGuestsExchangeFrames() throws Exception {
        SocketAddress address = listen(ANY_PORT);
        try (Guest one = plug(address, 1);
                Guest two = plug(address, 2);
                Guest three = plug(address, 3)) {
            one.send(frame(1, 60));
            assertThat(two.receive()).isEqualTo(frame(1, 60));
            assertThat(three.receive()).isEqualTo(frame(1, 60));
            two.send(frame(2, 1514));
            assertThat(one.receive()).isEqualTo(frame(2, 1514));
            assertThat(three.receive()).isEqualTo(frame(2, 1514));
        }
    }

    @Test
    void streamCutAtEveryByteArrivesWhole() throws Exception {
        SocketAddress address = listen(ANY_PORT);
        try (Guest one = plug(address, 1);
                Guest two = plug(address, 2)) {
            byte[] frame = frame(1, 60);
            ByteBuffer stream = ByteBuffer.allocate(128)
                    .putInt(60)
                    .put(frame)
                    .putInt(60)
                    .put(frame)
                    .flip();
            for (int cut = 1; cut < 128; cut++) {
                one.write(stream.slice(0, cut));
                fixture.run(() -> {});
                one.write(stream.slice(cut, 128 - cut));
                assertThat(two.receive()).isEqualTo(frame);
                assertThat(two.receive()).isEqualTo(frame);
            }
        }
    }

    @Test
    void guestThatLeavesAndReturnsHasItsOldName() throws Exception {
        SocketAddress address = listen(ANY_PORT);
        try (Guest one = plug(address, 1);
                Guest two = plug(address, 2)) {
            one.write(ByteBuffer.allocate(30).putInt(60).rewind());
            one.close();
            assertThat(fixture.next()).isEqualTo("-guest1");
            assertThat(fixture.next()).isEqualTo("guest1 left");
            try (Guest again = plug(address, 1)) {
                again.send(frame(1, 60));
                assertThat(two.receive()).isEqualTo(frame(1, 60));
            }
        }
    }

    @Test
    void tooLongAFrameDisconnectsThatGuestAlone() throws Exception {
        SocketAddress address = listen(ANY_PORT);
        try (Guest one = plug(address, 1);
                Guest two = plug(address, 2);
                Guest three = plug(address, 3)) {
            one.write(ByteBuffer.allocate(4).putInt(-1).flip());
            assertThat(one.isAtEnd()).isTrue();
            assertThat(fixture.next())
                    .isEqualTo(
                            "! guest1 is disconnected: it announced a frame of 4294967295 bytes, the limit is 69632");
            assertThat(fixture.next()).isEqualTo("-guest1");
            two.send(frame(2, 60));
            assertThat(three.receive()).isEqualTo(frame(2, 60));
        }
    }

    @Test
    void guestThatDoesNotReadDelaysNobody() throws Exception {
        SocketAddress address = listen(ANY_PORT);
        try (Guest sender = plug(address, 1);
                Guest idle = plug(address, 2);
                Guest reader = plug(address, 3)) {
            byte[] frame = frame(1, 60_000);
            while (fixture.call(() -> fixture.drops.of(DropReason.PORT_FULL)) < 100) {
                for (int i = 0; i < 10; i++) {
                    sender.send(frame);
                }
                for (int i = 0; i < 10; i++) {
                    assertThat(reader.receive()).isEqualTo(frame);
                }
            }
            assertThat(fixture.statistics("guest2").dropsOut()).isGreaterThanOrEqualTo(100);
            assertThat(fixture.statistics("guest3").dropsOut()).isZero();
            // What had been queued for it is still there when it reads at last, in order and whole.
            for (long i = fixture.call(() -> fixture.statistics("guest2").framesOut()); i > 0; i--) {
                assertThat(idle.receive()).isEqualTo(frame);
            }
        }
    }

    @Test
    void guestsBeyondTheBoundAreTurnedAwayWithOneWarning() throws Exception {
        SocketAddress address = listen(ANY_PORT);
        try (Guest one = plug(address, 1);
                Guest two = plug(address, 2);
                Guest three = plug(address, 3)) {
            for (int i = 0; i < 5; i++) {
                try (Guest fourth = Guest.connect(address)) {
                    assertThat(fourth.isAtEnd()).isTrue();
                }
            }
            assertThat(fixture.toldSoFar()).containsExactly("! no more guests can plug in: there are 3");
            fixture.next();
            two.close();
            assertThat(fixture.next()).isEqualTo("-guest2");
            fixture.next();
            plug(address, 2).close();
            one.send(frame(1, 60));
            assertThat(three.receive()).isEqualTo(frame(1, 60));
        }
    }

    @Test
    void addressInUseIsOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> listen(taken.getLocalSocketAddress()))
                    .hasCauseInstanceOf(LinkException.class)
                    .cause()
                    .hasMessage("can't listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use");
        }
    }

    @Test
    void closingDisconnectsGuestsAndStopsListening() throws Exception {
        QemuListener listener = listener(ANY_PORT);
        SocketAddress address = listener.start().get(10, TimeUnit.SECONDS);
        try (Guest one = plug(address, 1)) {
            fixture.run(listener::close);
            fixture.run(listener::close);
            assertThat(one.isAtEnd()).isTrue();
            assertThat(fixture.next()).isEqualTo("-guest1");
            // The JDK closes a listening socket when its selector comes round; till then it has a backlog.
            assertThatThrownBy(() -> {
                        while (true) {
                            Guest.connect(address).close();
                        }
                    })
                    .hasMessage("Connection refused");
        }
    }

    @Test
    void unixSocketIsMadeAndTakenAway() throws Exception {
        Path path = directory.resolve("vm1.sock");
        QemuListener listener = listener(new DomainSocketAddress(path.toString()));
        SocketAddress address = listener.start().get(10, TimeUnit.SECONDS);
        assertThat(address).isEqualTo(new DomainSocketAddress(path.toString()));
        try (Guest one = plug(address, 1);
                Guest two = plug(address, 2)) {
            one.send(frame(1, 1514));
            assertThat(two.receive()).isEqualTo(frame(1, 1514));
        }
        assertThat(path).exists();
        fixture.run(listener::close);
        assertThat(path).doesNotExist();
    }

    @Test
    void socketThatAnEarlierProcessLeftBehindIsReplaced() throws Exception {
        Path path = directory.resolve("vm1.sock");
        try (ServerSocketChannel earlier = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            earlier.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        SocketAddress address = listen(new DomainSocketAddress(path.toString()));
        plug(address, 1).close();
    }

    @Test
    void socketThatSomebodyListensOnIsLeftAlone() throws Exception {
        Path path = directory.resolve("vm1.sock");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> listen(new DomainSocketAddress(path.toString())))
                    .cause()
                    .hasMessage("can't listen on " + path + ": Address already in use");
            assertThat(path).exists();
            Guest.connect(new DomainSocketAddress(path.toString())).close();
        }
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws Exception {
        Path path = Files.writeString(directory.resolve("notes.txt"), "precious");
        assertThatThrownBy(() -> listen(new DomainSocketAddress(path.toString())))
                .cause()
                .hasMessage("can't listen on " + path + ": the file exists and is no socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void pathsThatTheSystemWouldCutAreRefused() {
        String path = "/tmp/" + "x".repeat(103);
        assertThatThrownBy(() -> listen(new DomainSocketAddress(path)))
                .cause()
                .hasMessage("can't listen on " + path + ": UNIX socket path is too long: 108 bytes, the limit is 107");
        assertThatThrownBy(() -> listen(new DomainSocketAddress(""))).cause().hasMessageEndingWith("the path is empty");
        assertThatThrownBy(() -> listen(new DomainSocketAddress("a\0b")))
                .cause()
                .hasMessageEndingWith("the path contains NUL");
        assertThatThrownBy(() -> listen(new DomainSocketAddress("/nonexistent/vm.sock")))
                .cause()
                .hasMessage("can't listen on /nonexistent/vm.sock: No such file or directory");
    }

    private QemuListener listener(SocketAddress address) {
        return new QemuListener(fixture.context, new LinkConfig.Listen("socket,listen", address));
    }

    private SocketAddress listen(SocketAddress address) throws Exception {
        return listener(address).start().get(10, TimeUnit.SECONDS);
    }

    /** Connects a guest, which becomes guest {@code number}. */
    private Guest plug(SocketAddress address, int number) throws Exception {
        Guest guest = Guest.connect(address);
        assertThat(fixture.next()).isEqualTo("+guest" + number);
        assertThat(fixture.next()).isEqualTo("guest" + number + " plugged in (socket,listen)");
        return guest;
    }

    /** A broadcast frame from station {@code number}. */
    private static byte[] frame(int number, int length) {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) {
            frame[i] = i < 6 ? (byte) 0xff : (byte) (i * number);
        }
        frame[6] = 2;
        return frame;
    }
}
