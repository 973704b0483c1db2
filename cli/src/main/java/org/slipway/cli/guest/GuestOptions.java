package org.slipway.cli.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a guest is to be run.
 *
 * @param image what it boots
 * @param directory where QEMU's messages and the kernel's console are written ({@code qemu.log}, {@code console.log});
 *     one for each guest, must exist
 * @param netdevs values of QEMU's {@code -netdev}; the one with {@code id=n0} is where the guest's card is plugged in
 * @param card model of the card: {@code virtio-net-pci} or {@code e1000}
 * @param mac address of the card, {@code 52:54:00:12:34:56}
 * @param networkBoot whether the card's firmware finds kernel and file system by itself, over the network; else QEMU hands
 *     them to the guest, and the card is without firmware
 * @param qemuArguments further arguments of QEMU
 */
public record GuestOptions(
        GuestImage image,
        Path directory,
        List<String> netdevs,
        String card,
        String mac,
        boolean networkBoot,
        List<String> qemuArguments) {

    /** What the kernel is told: a panic ends QEMU; what guards against other tenants of a processor only costs time here. */
    public static final String KERNEL_ARGUMENTS = "console=ttyS1 panic=-1 mitigations=off nokaslr audit=0";

    /** QEMU's own default. */
    public static final String DEFAULT_MAC = "52:54:00:12:34:56";

    /** A guest with one virtio card, which is not plugged in yet: {@link #withNetdev} is to follow. */
    public static GuestOptions of(GuestImage image, Path directory) {
        return new GuestOptions(image, directory, List.of(), "virtio-net-pci", DEFAULT_MAC, false, List.of());
    }

    /** The same with another address of the card. */
    public GuestOptions withMac(String mac) {
        return new GuestOptions(image, directory, netdevs, card, mac, networkBoot, qemuArguments);
    }

    /** The same with another model of the card. */
    public GuestOptions withCard(String card) {
        return new GuestOptions(image, directory, netdevs, card, mac, networkBoot, qemuArguments);
    }

    /** The same with one more {@code -netdev}. */
    public GuestOptions withNetdev(String netdev) {
        return new GuestOptions(image, directory, plus(netdevs, netdev), card, mac, networkBoot, qemuArguments);
    }

    /** The same, booting over the network. */
    public GuestOptions bootingFromNetwork() {
        return new GuestOptions(image, directory, netdevs, card, mac, true, qemuArguments);
    }

    /** The same with one more argument of QEMU. */
    public GuestOptions withQemuArgument(String argument) {
        return new GuestOptions(image, directory, netdevs, card, mac, networkBoot, plus(qemuArguments, argument));
    }

    private static List<String> plus(List<String> list, String more) {
        return Stream.concat(list.stream(), Stream.of(more)).toList();
    }
}
