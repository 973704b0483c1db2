/**
 * A small Linux guest in QEMU, made from the host's own kernel and busybox, and driven through its serial port: for the
 * demonstration and for tests. Start with {@link org.slipway.cli.guest.LinuxGuest}.
 */
@NullMarked
package org.slipway.cli.guest;

import org.jspecify.annotations.NullMarked;
