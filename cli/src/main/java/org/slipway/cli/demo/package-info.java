/** What {@code slipway demo} shows, with a real guest or a built-in one. Start with {@link org.slipway.cli.demo.Demonstration}. */
@NullMarked
package org.slipway.cli.demo;

import org.jspecify.annotations.NullMarked;
