package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.gateway.GatewayConfig;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.ForwardRule.Protocol;
import org.slipway.wire.IpAddress;

class HostForwardTest {

    private static ForwardRule parse(String rule) {
        GatewayConfig gateway =
                Objects.requireNonNull(PortStrings.parse(List.of("user,hostfwd=" + rule), HostNames.ofSystem())
                        .gateway());
        return gateway.forwards().get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp::2222-:22,             TCP, 127.0.0.1, 2222, , 22",
        "::2222-:22,                TCP, 127.0.0.1, 2222, , 22",
        "tcp:0.0.0.0:0-:22,         TCP, 0.0.0.0,   0,    , 22",
        "tcp::-:22,                 TCP, 127.0.0.1, 0,    , 22",
        "tcp:*:80-:80,              TCP, 0.0.0.0,   80,   , 80",
        "tcp:[::1]:80-:80,          TCP, ::1,       80,   , 80",
        "udp:127.0.0.2:5-10.0.2.20:6, UDP, 127.0.0.2, 5, 10.0.2.20, 6",
        "tcp:[::1]:5-10.0.2.20:6, TCP, ::1, 5, 10.0.2.20, 6",
        "tcp:[::1]:5-[fd00::20]:6, TCP, ::1, 5, fd00::20, 6",
        "udp:127.0.0.2:5-[fd00::20]:6, UDP, 127.0.0.2, 5, fd00::20, 6",
        "tcp::0x16-:026,            TCP, 127.0.0.1, 22,   , 22",
    })
    void listensOnTheLoopbackUnlessAskedOtherwise(
            String rule, Protocol protocol, String host, int port, String guest, int guestPort) {
        assertThat(parse(rule))
                .isEqualTo(new ForwardRule(
                        rule,
                        protocol,
                        new InetSocketAddress(IpAddress.parse(host).toInetAddress(), port),
                        guest == null ? null : IpAddress.parse(guest),
                        guestPort));
    }

    @Test
    void rangesMakeAForwardForEachPort() {
        GatewayConfig gateway = Objects.requireNonNull(
                PortStrings.parse(List.of("user,hostfwd=tcp:0.0.0.0:8000-8002-10.0.2.20:80-82"), HostNames.ofSystem())
                        .gateway());
        assertThat(gateway.forwards())
                .extracting(ForwardRule::description)
                .containsExactly(
                        "tcp:0.0.0.0:8000-10.0.2.20:80",
                        "tcp:0.0.0.0:8001-10.0.2.20:81",
                        "tcp:0.0.0.0:8002-10.0.2.20:82");
        assertThat(gateway.forwards().get(2).guestPort()).isEqualTo(82);
        assertThat(parse("udp:[::1]:7-7-[fd00::20]:9-9").description()).isEqualTo("udp:[::1]:7-[fd00::20]:9");
    }

    @Test
    void unixPathMayHaveDashes() {
        assertThat(parse("unix:/tmp/no-such-dir/a-b.sock-:22"))
                .isEqualTo(new ForwardRule(
                        "unix:/tmp/no-such-dir/a-b.sock-:22",
                        Protocol.UNIX,
                        new DomainSocketAddress("/tmp/no-such-dir/a-b.sock"),
                        null,
                        22));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | No : separators",
                "tcp | No : separators",
                "sctp::1-:2 | Bad protocol name",
                "tcp:5 | Missing : separator",
                "tcp:host:1-:2 | Bad host address",
                "tcp:::1:1-:2 | Bad host port",
                "tcp:[10.0.0]:1-:2 | Bad host address",
                "tcp::22 | Bad host port separator",
                "tcp:1.2.3.4:x-:22 | Bad host port",
                "tcp::65536-:22 | Bad host port",
                "tcp::-1-:22 | Bad guest address",
                "tcp::1-2 | Missing guest address",
                "tcp::1-x:2 | Bad guest address",
                "tcp::1-10.1.2.3:2 | Bad guest address: 10.1.2.3 is not in 10.0.2.0/24",
                "tcp::1-10.0.2.2:2 | Bad guest address: 10.0.2.2 is the gateway's or the resolver's",
                "tcp::1-10.0.2.3:2 | Bad guest address: 10.0.2.3 is the gateway's or the resolver's",
                "tcp::1-10.0.2.0:2 | Bad guest address: 10.0.2.0 is no address of a guest in 10.0.2.0/24",
                "tcp::1-[fd01::1]:2 | Bad guest address: fd01::1 is not in fd00::/64",
                "tcp::1-[fd00::2]:2 | Bad guest address: fd00::2 is the gateway's or the resolver's",
                "tcp::1-[fd00::]:2 | Bad guest address: fd00:: is no address of a guest in fd00::/64",
                "tcp::1-[fd00::20:2 | Missing guest address",
                "tcp::1-[x]:2 | Bad guest address",
                "tcp::1-10.0.2.255:2 | Bad guest address: 10.0.2.255 is no address of a guest in 10.0.2.0/24",
                "tcp:127.0.0.1:0-:0 | Bad guest port",
                "tcp::1-: | Bad guest port",
                "tcp::1-3-:1-2 | 3 ports of the host and 2 of the guest",
                "tcp::3-1-:3-1 | a range of ports goes from the lower to the higher one",
                "tcp::0-1-:1-2 | Bad host port",
                "tcp::1-2-:2-1 | a range of ports goes from the lower to the higher one",
                "tcp::1-2-:65535-65536 | Bad guest port",
                "tcp::1-1025-:1-1025 | 1025 ports are more than 1024",
                "tcp::1-:70000 | Bad guest port",
                "unix:/x | Missing - separator",
                "unix:-:22 | Missing unix socket path",
                "unix:x-:22 | unix socket path must be absolute",
                "unix:/tmp-:22 | file exists and it's not unix socket",
            })
    void errorsAreThoseOfQemu(String rule, String reason) {
        assertThatThrownBy(() -> parse(rule))
                .isInstanceOf(UsageException.class)
                .hasMessage("PORT 'user,hostfwd=" + rule + "': Invalid host forwarding rule '" + rule + "' (" + reason
                        + ")");
    }

    @Test
    void unixPathMustNotBeAFileNorTooLong(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("f"));
        assertThatThrownBy(() -> parse("unix:" + file + "-:22"))
                .hasMessageEndingWith("(file exists and it's not unix socket)");
        assertThatThrownBy(() -> parse("unix:/" + "x".repeat(107) + "-:22"))
                .hasMessageEndingWith("(Unix socket path is too long)");
    }
}
