package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.nat.GuestForward;
import org.slipway.wire.IpAddress;

class GuestForwardOptionTest {

    private static List<GuestForward> forwards(String options) {
        HostNames names =
                name -> new InetAddress[] {IpAddress.parse("192.0.2.7").toInetAddress()};
        return Objects.requireNonNull(
                        PortStrings.parse(List.of("user," + options), names).gateway())
                .guestForwards();
    }

    @ParameterizedTest
    @CsvSource({
        "tcp:10.0.2.100:7-tcp:127.0.0.1:4321, 10.0.2.100, 7, /127.0.0.1:4321",
        ":10.0.2.100:0x50-tcp:[::1]:4321, 10.0.2.100, 80, /[0:0:0:0:0:0:0:1]:4321",
        "tcp::80-tcp:server.test:1, 10.0.2.4, 80, /192.0.2.7:1",
        "::80-tcp:server.test:1, 10.0.2.4, 80, /192.0.2.7:1",
        "tcp:[fd00::100]:80-tcp:127.0.0.1:1, fd00::100, 80, /127.0.0.1:1",
    })
    void ruleLeadsToASocket(String rule, String server, int port, String target) {
        GuestForward forward = forwards("guestfwd=" + rule).get(0);
        assertThat(forward.server()).hasToString(server);
        assertThat(forward.port()).isEqualTo(port);
        assertThat(((GuestForward.Socket) forward.target()).address()).hasToString(target);
    }

    @Test
    void ruleLeadsToAUnixSocketOrACommand() {
        List<GuestForward> forwards =
                forwards("guestfwd=tcp::1-unix:/run/a-b.sock,guestfwd=tcp::2-cmd:sh -c 'cat;; date',,x");
        assertThat(forwards.get(0).target())
                .isEqualTo(new GuestForward.Socket(new DomainSocketAddress("/run/a-b.sock")));
        assertThat(forwards.get(1).target()).isEqualTo(new GuestForward.Command(List.of("sh", "-c", "cat;; date,x")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp | Invalid guest forwarding rule 'tcp' (no ':')",
                "udp::7-cmd:cat | Invalid guest forwarding rule 'udp::7-cmd:cat' ('udp' is not tcp)",
                "tcp::7 | (no '-' before the target)",
                "tcp:7-cmd:cat | (the server is no address)",
                "tcp::0-cmd:cat | (the server's port is not 1 to 65535)",
                "tcp::65536-cmd:cat | (the server's port is not 1 to 65535)",
                "tcp:a.b:7-cmd:cat | (the server is no address)",
                "tcp:[fd00::4:7-cmd:cat | (no ']:' behind the server)",
                "tcp:10.0.2.2:7-cmd:cat | Conflicting/invalid host:port in guest forwarding rule 'tcp:10.0.2.2:7-cmd:cat': 10.0.2.2 is not a free address",
                "tcp:10.0.2.3:7-cmd:cat | 10.0.2.3 is not a free address of the guests' network",
                "tcp:10.0.2.0:7-cmd:cat | 10.0.2.0 is not a free address",
                "tcp:10.0.2.255:7-cmd:cat | 10.0.2.255 is not a free address",
                "tcp:10.0.3.4:7-cmd:cat | 10.0.3.4 is not a free address",
                "tcp:[fd00::2]:7-cmd:cat | fd00::2 is not a free address",
                "tcp::7-stdio | (the target is cmd:COMMAND, tcp:HOST:PORT or unix:PATH, not 'stdio')",
                "tcp::7-cmd: | (a command without a word)",
                "tcp::7-cmd:echo 'a | (no closing ' in 'echo 'a')",
                "tcp::7-tcp:127.0.0.1 | ('tcp:127.0.0.1' is not tcp:HOST:PORT)",
                "tcp::7-tcp:127.0.0.1:0 | ('tcp:127.0.0.1:0' is not tcp:HOST:PORT)",
                "tcp::7-unix: | (the unix socket's path is not 1 to",
            })
    void whatIsWrongIsNamed(String rule, String message) {
        assertThatThrownBy(() -> forwards("guestfwd=" + rule))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void twoForwardsFromOnePlaceConflict() {
        assertThatThrownBy(() -> forwards("guestfwd=tcp::7-cmd:cat,guestfwd=tcp:10.0.2.4:7-cmd:date"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Conflicting/invalid host:port in guest forwarding rule "
                        + "'tcp:10.0.2.4:7-cmd:date': 'tcp::7-cmd:cat' has it");
        assertThat(forwards("guestfwd=tcp::7-cmd:cat,guestfwd=tcp::8-cmd:cat")).hasSize(2);
    }
}
