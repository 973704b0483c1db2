/**
 * One TCP connection as a pure state machine: segments and time in, segments and stream events out; no sockets, no clock,
 * no channel. Start with {@link org.slipway.tcp.TcpConnection}.
 */
@NullMarked
package org.slipway.tcp;

import org.jspecify.annotations.NullMarked;
