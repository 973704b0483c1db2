/**
 * What a network runs on: one thread, its clock, its timers, its end of a turn. Start with {@link org.slipway.loop.Loop}.
 */
@NullMarked
package org.slipway.loop;

import org.jspecify.annotations.NullMarked;
