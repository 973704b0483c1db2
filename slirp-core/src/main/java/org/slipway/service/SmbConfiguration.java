package org.slipway.service;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The smb.conf of one share. With all that Samba keeps in one private directory it needs no rights, and knows nothing of a
 * file server that the host may have.
 */
final class SmbConfiguration {

    /** What guests ask for: {@code \\SERVER\qemu}, as with QEMU. */
    static final String SHARE = "qemu";

    /**
     * Samba replaces {@code %}, joins lines at a backslash, and has no way to quote them. Text that it might take for another is
     * not given to it.
     */
    private static final Pattern PLAIN =
            Pattern.compile("[^\\p{Cntrl}%\\\\\"';#\\s]([^\\p{Cntrl}%\"';#]*[^\\p{Cntrl}%\\\\\"';#\\s])?");

    /** In KiB; the log begins anew then, and the former one is kept. */
    private static final int MAX_LOG_SIZE = 1000;

    private SmbConfiguration() {}

    /** Whether Samba would read {@code text} as it stands. */
    static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches();
    }

    /**
     * The text of the file.
     *
     * @param directory Samba's own, plain
     * @param share what guests see, plain
     * @param user whose rights guests have, plain
     */
    static String text(Path directory, Path share, String user) {
        return String.format(Locale.ROOT, """
                [global]
                private dir = %1$s
                pid directory = %1$s
                lock directory = %1$s
                state directory = %1$s
                cache directory = %1$s
                ncalrpc dir = %1$s/ncalrpc
                smb passwd file = %1$s/smbpasswd
                log file = %1$s/log.smbd
                max log size = %4$d
                enable core files = no
                interfaces = 127.0.0.1
                bind interfaces only = yes
                security = user
                map to guest = Bad User
                usershare max shares = 0
                load printers = no
                printing = bsd
                disable spoolss = yes
                [%5$s]
                path = %2$s
                read only = no
                guest ok = yes
                force user = %3$s
                """, directory, share, user, MAX_LOG_SIZE, SHARE);
    }
}
