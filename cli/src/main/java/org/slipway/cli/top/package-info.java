/**
 * The live screen of {@code slipway top}. A {@link org.slipway.cli.top.Snapshot} is what a network answered at one moment; two
 * make a {@link org.slipway.cli.top.View} with rates; {@code Screen} makes lines of it, {@code Session} knows what the user
 * chose. All of these are pure; start reading at {@link org.slipway.cli.top.Top}, the thin loop around them.
 */
@NullMarked
package org.slipway.cli.top;

import org.jspecify.annotations.NullMarked;
