/**
 * How guests plug in over sockets: QEMU's stream framing, servers and clients. Start with {@code QemuListener}.
 */
@NullMarked
package org.slipway.link;

import org.jspecify.annotations.NullMarked;
