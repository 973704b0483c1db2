/**
 * The switch: frames, the ports that carry them, and ports around ports. Start with {@link org.slipway.lan.Port}.
 */
@NullMarked
package org.slipway.lan;

import org.jspecify.annotations.NullMarked;
