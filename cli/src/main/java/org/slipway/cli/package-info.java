/**
 * The {@code slipway} command: parses what the user wrote, starts a network, shows what it does, stops it. Start with
 * {@link org.slipway.cli.Main}; how PORT strings are read begins in {@code PortStrings}.
 */
@NullMarked
package org.slipway.cli;

import org.jspecify.annotations.NullMarked;
