package org.slipway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.NeighbourMessage;
import org.slipway.wire.Packets;

/** TFTP and what DHCP says of it, through the whole gateway. */
class GatewayTftpTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private TestNetwork net;

    /** A datagram to the guest: the port that it came from, and its data. */
    private record Got(int port, byte[] data) {}

    @BeforeEach
    void open() throws IOException {
        Files.writeString(root.resolve("boot.efi"), "x".repeat(600));
        net = network(new NetBoot(root, "boot.efi"));
    }

    private static TestNetwork network(NetBoot boot) {
        TestNetwork net = new TestNetwork(
                new GatewayConfig(AddressPlan.DEFAULT, GatewayConfig.DEFAULT_MTU, List.of(), List.of()).booting(boot));
        // The router advertises itself.
        net.skip();
        return net;
    }

    @AfterEach
    void close() {
        net.close();
    }

    private static Packets guest(String address, String server) {
        return Packets.from(TestNetwork.GUEST_MAC, address).to(TestNetwork.GATEWAY_MAC, server);
    }

    private static byte[] request(String file) {
        return ("\0\1" + file + "\0octet\0").getBytes(ISO_8859_1);
    }

    private Got next(boolean ipv4) {
        byte[] frame = Packets.bytesOf(net.next());
        int udp = ipv4 ? 34 : 54;
        int port = (frame[udp] & 0xff) << 8 | frame[udp + 1] & 0xff;
        int length = (frame[udp + 4] & 0xff) << 8 | frame[udp + 5] & 0xff;
        return new Got(port, Arrays.copyOfRange(frame, udp + 8, udp + length));
    }

    /** The gateway learns where the guest is. */
    private void meet(Packets guest, String server) {
        if (server.contains(":")) {
            net.send(guest.ndp(new NeighbourMessage(false, 0, IpAddress.parse(server), guest.sourceMac())));
        }
        net.skip();
    }

    @ParameterizedTest
    @CsvSource({"10.0.2.15, 10.0.2.2", "fd00::15, fd00::2", "fe80::15, fe80::2"})
    void fileArrivesFromAPortOfItsOwn(String address, String server) {
        boolean ipv4 = server.startsWith("10.");
        Packets guest = guest(address, server);
        meet(guest, server);
        assertThat(net.send(guest.udp(2070, 69, request("\\boot.efi")))).isNull();
        Got first = next(ipv4);
        assertThat(first.port).isGreaterThanOrEqualTo(61_000);
        assertThat(first.data).hasSize(4 + 512).startsWith(0, 3, 0, 1);
        assertThat(net.send(guest.udp(2070, first.port, new byte[] {0, 4, 0, 1})))
                .isNull();
        Got second = next(ipv4);
        assertThat(second.port).isEqualTo(first.port);
        assertThat(second.data).hasSize(4 + 88).startsWith(0, 3, 0, 2);
        assertThat(net.send(guest.udp(2070, first.port, new byte[] {0, 4, 0, 2})))
                .isNull();
        net.assertSilent();
        assertThat(net.gateway.flowsOpened()).isZero();
        // From now on the port is the host's again.
        net.send(guest.udp(2070, first.port, new byte[] {0, 4, 0, 2}));
        assertThat(net.gateway.flowsOpened()).isOne();
    }

    @Test
    void whatLeadsOutIsAnAccessViolationFromARealPort() {
        assertThat(net.send(guest("10.0.2.15", "10.0.2.2").udp(2070, 69, request("../x"))))
                .isNull();
        Got error = next(true);
        assertThat(error.port).isGreaterThanOrEqualTo(61_000);
        assertThat(new String(error.data, ISO_8859_1)).isEqualTo("\0\5\0\2Access violation\0");
    }

    @Test
    void withoutADirectoryThereIsNothing() {
        net.close();
        net = network(NetBoot.NONE);
        assertThat(net.send(guest("10.0.2.15", "10.0.2.2").udp(2070, 69, request("boot.efi"))))
                .isNull();
        assertThat(new String(next(true).data, ISO_8859_1)).isEqualTo("\0\5\0\2Access violation\0");
    }

    @Test
    void malformedRequestsAreDroppedAndNotSentToTheHost() {
        assertThat(net.send(guest("10.0.2.15", "10.0.2.2").udp(2070, 69, new byte[] {0, 1, 'a'})))
                .isEqualTo(DropReason.TFTP_MALFORMED);
        net.assertSilent();
        assertThat(net.host.udps()).isEmpty();
    }

    @Test
    void dhcpv6TellsWhatToBoot() {
        byte[] ask = Packets.hexBytes("0b 123456 0006 0002 003b");
        net.send(Packets.from(TestNetwork.GUEST_MAC, "fe80::15")
                .to("33:33:00:01:00:02", "ff02::1:2")
                .udp(546, 547, ask));
        Got answer = next(false);
        assertThat(answer.port).isEqualTo(547);
        Dhcpv6Message reply = Objects.requireNonNull(
                Dhcpv6Message.parse(Packets.buffer(answer.data), Packets.ROOM, answer.data.length));
        assertThat(reply.options().text(Dhcpv6Options.BOOT_FILE_URL)).isEqualTo("tftp://[fd00::2]/boot.efi");
    }
}
