package org.slipway.gateway;

import java.nio.file.Path;
import java.util.List;
import org.slipway.wire.IpAddress;

/**
 * A directory of the host that guests see by SMB, and may write to, as {@code \\SERVER\qemu}.
 *
 * @param directory absolute
 * @param servers where guests find it: addresses of their network that no station has
 */
public record SmbShare(Path directory, List<IpAddress> servers) {

    /** Of SMB itself, and of SMB over NetBIOS (RFC 1002 4.3). */
    public static final List<Integer> PORTS = List.of(445, 139);

    public SmbShare {
        servers = List.copyOf(servers);
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("the directory " + directory + " is not absolute");
        }
    }
}
