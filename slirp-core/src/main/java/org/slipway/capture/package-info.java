/**
 * What passed: pcapng recording, one-line summaries, live view; all by a port around a port. Start with {@code RecordingPort}.
 */
@NullMarked
package org.slipway.capture;

import org.jspecify.annotations.NullMarked;
