package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.cli.guest.LinuxGuest;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.NetBoot;
import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;

/** A guest with nothing but a card: its firmware (iPXE) leases an address, and fetches all else by TFTP. */
@RequiresGuest
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class NetworkBootTest {

    private static final String SCRIPT = """
            #!ipxe
            kernel kernel %s
            initrd initramfs
            boot
            """;

    @Test
    void firmwareFetchesKernelAndFileSystemAndTheGuestReportsOverHttp(@TempDir Path directory) throws Exception {
        Path tftp = Files.createDirectory(directory.resolve("tftp"));
        Files.writeString(tftp.resolve("boot.ipxe"), SCRIPT.formatted(GuestOptions.KERNEL_ARGUMENTS));
        Files.copy(Environment.image().parts().kernel(), tftp.resolve("kernel"));
        Files.copy(Environment.image().initramfs(), tftp.resolve("initramfs"));
        Path recording = directory.resolve("all.pcapng");
        try (HostServices host = new HostServices()) {
            int port = host.http();
            try (Network network = new NetworkBuilder()
                            .gateway(GatewayConfig.DEFAULT.booting(new NetBoot(tftp, "boot.ipxe")))
                            .link(Carrier.UNIX_STREAM.link(directory))
                            .record(recording)
                            .start();
                    LinuxGuest guest = LinuxGuest.boot(GuestOptions.of(Environment.image(), directory)
                            .withNetdev(Carrier.UNIX_STREAM.netdev(
                                    network.listeningLinks().get(0).local()))
                            .bootingFromNetwork())) {
                guest.run(GuestCommands.LEASE).orThrow();
                assertThat(guest.run("wget -qO- http://10.0.2.2:" + port + "/booted")
                                .orThrow())
                        .contains(HostServices.GREETING);
            }
        }
        Tshark read = Tshark.read(recording);
        for (String file : List.of("boot.ipxe", "kernel", "initramfs")) {
            assertThat(read.count("tftp.source_file", file)).as(file).isPositive();
        }
        assertThat(read.faulty()).isEmpty();
    }
}
