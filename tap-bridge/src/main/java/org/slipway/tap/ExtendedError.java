package org.slipway.tap;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * What the kernel says in a socket's error queue about a packet that did not arrive ({@code struct sock_extended_err}): an
 * ICMP error was the cause, or it was too big for the host itself, which then is the same in the words of ICMP.
 *
 * @param mtu for "packet too big", otherwise 0
 * @param offender who sent the ICMP error; null if it was the host itself
 */
record ExtendedError(int type, int code, int mtu, @Nullable IpAddress offender) {

    /** The flag of {@code recvmsg} that reads the error queue. */
    static final int MSG_ERRQUEUE = 0x2000;

    private static final int ORIGIN = 4;
    private static final int TYPE = 5;
    private static final int CODE = 6;
    private static final int INFO = 8;

    /** The offender's socket address follows. */
    private static final int LENGTH = 16;

    private static final int ORIGIN_LOCAL = 1;
    private static final int ORIGIN_ICMP = 2;
    private static final int ORIGIN_ICMP6 = 3;

    /** The error that came with a message from the error queue, or null if there is none that means a failure. */
    static @Nullable ExtendedError of(NativeMessage message, IcmpFamily family) {
        int at = message.control(family.level, family.errors, LENGTH);
        if (at < 0) {
            return null;
        }
        int origin = message.byteAt(at + ORIGIN);
        if (origin == ORIGIN_LOCAL && message.intAt(at) == Errno.EMSGSIZE) {
            return new ExtendedError(family.tooBigType(), family.tooBigCode(), message.intAt(at + INFO), null);
        }
        int type = message.byteAt(at + TYPE);
        int code = message.byteAt(at + CODE);
        if (origin != ORIGIN_ICMP && origin != ORIGIN_ICMP6 || !family.isFailure(type)) {
            return null;
        }
        int mtu = family.isTooBig(type, code) ? message.intAt(at + INFO) : 0;
        return new ExtendedError(type, code, mtu, message.sockaddrAt(at + LENGTH));
    }
}
