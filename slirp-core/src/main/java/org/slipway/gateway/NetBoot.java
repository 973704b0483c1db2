package org.slipway.gateway;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slipway.service.TftpDirectory;
import org.slipway.service.TftpFiles;
import org.slipway.wire.IpAddress;

/**
 * What guests boot from the network.
 *
 * @param tftp the directory whose files TFTP hands out; null: none
 * @param bootFile what DHCP tells guests to boot: a file of that directory, or a URL; empty: nothing
 * @param serverName the name of the TFTP server that DHCPv4 tells (option 66); empty: none
 */
public record NetBoot(@Nullable Path tftp, String bootFile, String serverName) {

    /** Nothing to boot. */
    public static final NetBoot NONE = new NetBoot(null, "", "");

    /** What the {@code file} field of DHCPv4 takes, with a NUL behind it. */
    public static final int MAX_BOOT_FILE_LENGTH = 127;

    /** What UEFI firmware takes for a URL to boot from, and not for a file. */
    private static final String HTTP = "http://";

    /** What one instance of a DHCP option takes. */
    private static final int MAX_SERVER_NAME_LENGTH = 255;

    /** Without a name of the server. */
    public NetBoot(@Nullable Path tftp, String bootFile) {
        this(tftp, bootFile, "");
    }

    public NetBoot {
        if (serverName.length() > MAX_SERVER_NAME_LENGTH) {
            throw new IllegalArgumentException("'tftp-server-name' parameter cannot exceed " + MAX_SERVER_NAME_LENGTH
                    + " bytes, and has " + serverName.length());
        }
        if (!serverName.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "tftp-server-name=" + serverName + " is not of printable characters without blanks");
        }
        if (bootFile.length() > MAX_BOOT_FILE_LENGTH || !bootFile.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("bootfile=" + bootFile + " is not at most " + MAX_BOOT_FILE_LENGTH
                    + " printable characters without blanks");
        }
    }

    TftpFiles files() {
        return tftp == null ? TftpFiles.NONE : new TftpDirectory(tftp);
    }

    /** Whether guests boot over HTTP; their firmware takes an answer for that only if it says so. */
    boolean isHttp() {
        return bootFile.startsWith(HTTP);
    }

    /** What DHCPv6 says (RFC 5970 3.1): the URL, of the file on {@code server} if it is no URL itself; or empty. */
    String url(IpAddress server) {
        return bootFile.isEmpty() || bootFile.contains("://") ? bootFile : "tftp://[" + server + "]/" + relative();
    }

    private String relative() {
        return bootFile.startsWith("/") ? bootFile.substring(1) : bootFile;
    }
}
