/** What a network counts, for Prometheus. */
@NullMarked
package org.slipway.cli.metrics;

import org.jspecify.annotations.NullMarked;
