/**
 * Bytes, no state: one file per protocol, each a view over a ByteBuf and, where something has to be said, a record with
 * {@code parse} and {@code emit}. Start with {@link org.slipway.wire.EthernetFrame}.
 */
@NullMarked
package org.slipway.wire;

import org.jspecify.annotations.NullMarked;
