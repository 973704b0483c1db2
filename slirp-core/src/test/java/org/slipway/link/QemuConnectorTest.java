package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
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

@Timeout(60)
@ParameterizedClass
@MethodSource("org.slipway.link.LinkFixture#transports")
class QemuConnectorTest {

    @TempDir
    Path directory;

    private final LinkFixture fixture;

    QemuConnectorTest(Transport transport) {
        fixture = new LinkFixture(transport, 3);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void guestThatListensPlugsIn() throws Exception {
        try (ServerSocketChannel qemu = qemu()) {
            QemuConnector connector = connector(qemu.getLocalAddress(), 0);
            connector.start().get(10, TimeUnit.SECONDS);
            try (Guest guest = new Guest(qemu.accept())) {
                assertPlugged();
                byte[] frame = new byte[60];
                frame[6] = 2;
                guest.send(frame);
                fixture.run(connector::close);
                assertThat(guest.isAtEnd()).isTrue();
                assertLeft();
                connector.ended().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void refusalWithoutReconnectFailsTheStartWithOneLine() throws Exception {
        ServerSocketChannel qemu = qemu();
        int port = qemu.socket().getLocalPort();
        SocketAddress address = qemu.getLocalAddress();
        qemu.close();
        QemuConnector connector = connector(address, 0);
        assertThatThrownBy(() -> connector.start().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(LinkException.class)
                .cause()
                .hasMessage("can't connect to 127.0.0.1:" + port + ": Connection refused");
        connector.ended().get(10, TimeUnit.SECONDS);
        assertThat(fixture.call(() -> fixture.context.names().take())).isEqualTo("guest1");
        assertThat(fixture.toldSoFar()).isEmpty();
    }

    @Test
    void linkEndsWithItsGuestWithoutReconnect() throws Exception {
        try (ServerSocketChannel qemu = qemu()) {
            QemuConnector connector = connector(qemu.getLocalAddress(), 0);
            connector.start().get(10, TimeUnit.SECONDS);
            qemu.accept().close();
            assertPlugged();
            assertLeft();
            connector.ended().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void guestThatStartsLaterAndRestartsIsConnectedAgainUnderItsName() throws Exception {
        Path path = directory.resolve("qemu.sock");
        QemuConnector connector = connector(new DomainSocketAddress(path.toString()), 10);
        connector.start().get(10, TimeUnit.SECONDS);
        assertThat(fixture.next())
                .isEqualTo("! can't connect to " + path + ": No such file or directory, trying again every 10 ms");
        try (ServerSocketChannel qemu = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            qemu.bind(UnixDomainSocketAddress.of(path));
            for (int i = 0; i < 3; i++) {
                Guest guest = new Guest(qemu.accept());
                assertPlugged();
                guest.close();
                assertLeft();
            }
        }
        fixture.run(connector::close);
        connector.ended().get(10, TimeUnit.SECONDS);
    }

    @Test
    void tryingAgainAndAgainNeverConnectsTheSocketToItself() throws Exception {
        // A port of the ephemeral range that nobody listens on: sooner or later the system picks it for us.
        ServerSocketChannel qemu = qemu();
        SocketAddress address = qemu.getLocalAddress();
        qemu.close();
        QemuConnector connector = connector(address, 1);
        connector.start().get(10, TimeUnit.SECONDS);
        assertThat(fixture.next()).contains("Connection refused, trying again every 1 ms");
        for (int i = 0; i < 200; i++) {
            fixture.loop
                    .eventLoop()
                    .schedule(() -> {}, 1, TimeUnit.MILLISECONDS)
                    .get();
        }
        assertThat(fixture.toldSoFar()).isEmpty();
        fixture.run(connector::close);
        fixture.run(connector::close);
        connector.ended().get(10, TimeUnit.SECONDS);
    }

    @Test
    void pathsThatTheSystemWouldCutAreRefused() {
        assertThatThrownBy(() -> connector(new DomainSocketAddress("/" + "x".repeat(107)), 0)
                        .start()
                        .get())
                .cause()
                .hasMessageEndingWith("UNIX socket path is too long: 108 bytes, the limit is 107");
    }

    private QemuConnector connector(SocketAddress address, long reconnectMillis) {
        return new QemuConnector(fixture.context, new LinkConfig.Connect("stream", address, reconnectMillis));
    }

    private static ServerSocketChannel qemu() throws Exception {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return server;
    }

    private void assertPlugged() throws InterruptedException {
        assertThat(fixture.next()).isEqualTo("+guest1");
        assertThat(fixture.next()).isEqualTo("guest1 plugged in (stream)");
    }

    private void assertLeft() throws InterruptedException {
        assertThat(fixture.next()).isEqualTo("-guest1");
        assertThat(fixture.next()).isEqualTo("guest1 left");
    }
}
