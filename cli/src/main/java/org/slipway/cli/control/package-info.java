/**
 * Control of a running network from outside of it: a Unix socket on which requests and answers are lines of JSON, and the client
 * that writes them.
 */
@NullMarked
package org.slipway.cli.control;

import org.jspecify.annotations.NullMarked;
