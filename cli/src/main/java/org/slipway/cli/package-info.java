/** The {@code slipway} command. */
@NullMarked
package org.slipway.cli;

import org.jspecify.annotations.NullMarked;
