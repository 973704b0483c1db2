package org.slipway.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slipway.cli.guest.GuestImage;
import org.slipway.cli.guest.GuestParts;

/** What all tests share: where they run, one image, free ports. */
final class Environment {

    private static final String ORACLE = System.getProperty("slipway.it.oracle", "");

    private Environment() {}

    /** Whether a missing tool is a failure. */
    static boolean isCi() {
        return "true".equals(System.getenv("CI"));
    }

    /**
     * Whether the scenarios are to run on QEMU's own {@code -netdev user} in place of Slipway, with
     * {@code -Dslipway.it.oracle=libslirp}: to see that a scenario is right before it judges the network.
     */
    static boolean onOracle() {
        return ORACLE.equals("libslirp");
    }

    /** The image, made once. */
    static GuestImage image() {
        return ImageHolder.IMAGE;
    }

    private static final class ImageHolder {

        static final GuestImage IMAGE = build();

        private static GuestImage build() {
            try {
                Path file = Files.createTempFile("slipway-guest-", ".cpio");
                file.toFile().deleteOnExit();
                return GuestImage.build(GuestParts.find(), file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A port of the loopback that nobody listens on at this moment. */
    static InetSocketAddress freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
