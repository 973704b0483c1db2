/**
 * Flows: what joins a guest's TCP connection, UDP port or ping to a host socket, and a host listener to a guest. Start with {@code TcpNat}.
 */
@NullMarked
package org.slipway.nat;

import org.jspecify.annotations.NullMarked;
