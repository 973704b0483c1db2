package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.guest.CommandResult;
import org.slipway.cli.guest.LinuxGuest;

/** What a real guest can do over IPv6, with nothing configured by hand: its address comes by advertisements. */
@RequiresGuest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class Ipv6GuestTest {

    private static final Duration BULK_LIMIT = Duration.ofSeconds(60);

    /** EUI-64 of the guest's Ethernet address (RFC 4291 appendix A). */
    private static final String INTERFACE = "5054:ff:fe12:3456";

    private HostServices host;
    private TestNetwork network;
    private LinuxGuest guest;

    @BeforeAll
    void boot(@TempDir Path directory) throws IOException {
        assumeThat(Environment.onOracle()).as("libslirp has other addresses").isFalse();
        host = new HostServices(InetAddress.getByName("::1"));
        network = Networks.start(Carrier.UNIX_STREAM, directory, host.resolver());
        guest = LinuxGuest.boot(Networks.guest(network, directory));
        guest.run(GuestCommands.AWAIT_IPV6).orThrow();
    }

    @AfterAll
    void close() throws Exception {
        if (guest != null) {
            guest.close();
        }
        if (network != null) {
            network.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @Test
    void addressAndRouterComeByAdvertisements() {
        assertThat(guest.run("ip -6 address show dev eth0").orThrow())
                .contains("inet6 fd00::" + INTERFACE + "/64 scope global dynamic")
                .contains("inet6 fe80::" + INTERFACE + "/64 scope link");
        assertThat(guest.run("ip -6 route").orThrow()).contains("default via fe80::2 dev eth0");
    }

    @Test
    void gatewayAndResolverAnswerPing() {
        for (String address : new String[] {"fd00::2", "fd00::3", "fe80::2%eth0"}) {
            assertThat(guest.run("ping6 -c 3 -i 0.2 -W 2 -s 3000 " + address).orThrow())
                    .as(address)
                    .contains("3 packets received");
        }
    }

    @Test
    void nobodyAnswersPingAtAnUnusedAddress() {
        assertThat(guest.run("ping6 -c 1 -W 1 fd00::77").output()).contains("0 packets received");
    }

    @Test
    void namesOfBothFamiliesAreResolvedOverIpv6() {
        assertThat(guest.run("nslookup " + HostServices.KNOWN_NAME + " fd00::3").orThrow())
                .contains("fd00::3")
                .contains("Address: " + HostServices.KNOWN_ADDRESS)
                .contains("Address: " + HostServices.KNOWN_IPV6_ADDRESS);
    }

    @Test
    void datagramsReachTheHostsLoopback() throws IOException {
        int port = host.resolver().getPort();
        assertThat(guest.run("nslookup -port=" + port + " " + HostServices.KNOWN_NAME + " fd00::2")
                        .orThrow())
                .contains("Address: " + HostServices.KNOWN_IPV6_ADDRESS);
    }

    @Test
    void pageComesFromTheHostsLoopback() throws IOException {
        assertThat(guest.run("wget -q -O - http://[fd00::2]:" + host.http() + "/hello")
                        .orThrow())
                .isEqualTo(HostServices.GREETING);
    }

    @Test
    void twentyMebibytesReachTheGuestUnchanged() throws IOException {
        assertThat(guest.run("wget -q -O - http://[fd00::2]:" + host.http() + "/bulk | sha256sum", BULK_LIMIT)
                        .orThrow())
                .startsWith(host.bulkDigest());
    }

    @Test
    void twentyMebibytesReachTheHostUnchanged() throws IOException {
        int port = host.tcp(peer -> peer.getOutputStream()
                .write(HostServices.digestOf(peer.getInputStream()).getBytes(StandardCharsets.UTF_8)));
        String sent = guest.run(GuestCommands.makeBulk("/tmp/up"), BULK_LIMIT).orThrow();
        String received = guest.run("nc fd00::2 " + port + " < /tmp/up; rm /tmp/up", BULK_LIMIT)
                .orThrow();
        assertThat(received).hasSize(64);
        assertThat(sent).startsWith(received);
    }

    @Test
    void closedPortOfTheHostIsRefused() {
        CommandResult refused = guest.run("nc fd00::2 " + Environment.freePort().getPort());
        assertThat(refused.output()).contains("Connection refused");
    }

    @Test
    void otherSpellingsOfTheLoopbackAreRefusedAtOnce() throws IOException {
        int port = host.http();
        for (String address : new String[] {"fd00::99", "2002:7f00:1::", "64:ff9b::7f00:1"}) {
            long before = System.nanoTime();
            assertThat(guest.run("nc -w 10 " + address + " " + port).output())
                    .as(address)
                    .containsAnyOf("unreachable", "No route");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).as(address).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void recordingIsWithoutFault() throws Exception {
        guest.close();
        network.close();
        Tshark recording = Tshark.read(network.recording());
        assertThat(recording.count("icmpv6.type", "134"))
                .as("router advertisements")
                .isPositive();
        assertThat(recording.count("icmpv6.type", "129")).as("echo replies").isGreaterThanOrEqualTo(9);
        assertThat(recording.faulty()).isEmpty();
    }
}
