/**
 * The composition and public API: build a network, run it, see what it does. Start with {@link org.slipway.network.NetworkBuilder}.
 */
@NullMarked
package org.slipway.network;

import org.jspecify.annotations.NullMarked;
