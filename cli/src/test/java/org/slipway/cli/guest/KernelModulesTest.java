package org.slipway.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KernelModulesTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void writeLists() throws IOException {
        Files.writeString(directory.resolve("modules.dep"), """
                kernel/drivers/virtio/virtio.ko:
                kernel/drivers/virtio/virtio_ring.ko: kernel/drivers/virtio/virtio.ko
                kernel/net/core/failover.ko.xz:
                kernel/drivers/net/net_failover.ko: kernel/net/core/failover.ko.xz
                kernel/drivers/net/virtio-net.ko: kernel/drivers/net/net_failover.ko kernel/net/core/failover.ko.xz \
                kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko
                """);
        Files.writeString(directory.resolve("modules.builtin"), "kernel/net/packet/af_packet.ko\n");
    }

    @Test
    void whatAModuleNeedsIsLoadedFirstAndOnce() {
        assertThat(KernelModules.read(directory).inLoadingOrder(List.of("virtio_ring", "virtio_net")))
                .extracting(path -> path.getFileName().toString())
                .containsExactly("virtio.ko", "virtio_ring.ko", "failover.ko.xz", "net_failover.ko", "virtio-net.ko");
    }

    @Test
    void whatIsBuiltInIsNotLoaded() {
        assertThat(KernelModules.read(directory).inLoadingOrder(List.of("af_packet")))
                .isEmpty();
    }

    @Test
    void whatTheKernelDoesNotHaveIsNamed() {
        KernelModules modules = KernelModules.read(directory);
        assertThatThrownBy(() -> modules.inLoadingOrder(List.of("e1000")))
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("e1000");
    }

    @Test
    void releaseIsReadFromTheBootHeader() {
        byte[] image = new byte[0x800];
        image[0x202] = 'H';
        image[0x203] = 'd';
        image[0x204] = 'r';
        image[0x205] = 'S';
        image[0x20f] = 0x02;
        byte[] version = "6.1.0-56-amd64 (debian) #1 SMP".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(version, 0, image, 0x400, version.length);
        assertThat(KernelModules.releaseOf(image)).isEqualTo("6.1.0-56-amd64");
    }

    @Test
    void otherFilesHaveNoRelease() {
        assertThat(KernelModules.releaseOf(new byte[0])).isNull();
        assertThat(KernelModules.releaseOf(new byte[0x800])).isNull();
    }
}
