/**
 * A small guest of our own, in memory: it leases an address, or makes itself one, pings, resolves names, and talks UDP and
 * TCP. Start with {@code Guest}.
 */
@NullMarked
package org.slipway.guest;

import org.jspecify.annotations.NullMarked;
