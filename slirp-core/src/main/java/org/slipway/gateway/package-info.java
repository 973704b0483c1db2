/**
 * The virtual router: the address plan, and {@code ip}, {@code service} and {@code nat} put together on one Port. Start with {@code Gateway}.
 */
@NullMarked
package org.slipway.gateway;

import org.jspecify.annotations.NullMarked;
