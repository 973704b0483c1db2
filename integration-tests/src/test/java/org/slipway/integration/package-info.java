/**
 * Real guests on real sockets. Start with {@link org.slipway.integration.GuestScenarios}.
 */
@NullMarked
package org.slipway.integration;

import org.jspecify.annotations.NullMarked;
