package org.slipway.network;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.DropReason;

/**
 * What a network did so far.
 *
 * @param guests how many times a guest plugged in
 * @param framesFromGuests frames that came in on guest ports
 * @param framesToGuests frames that went out on guest ports
 * @param bytesFromGuests bytes of those frames
 * @param bytesToGuests bytes of those frames
 * @param flows flows opened, by either side
 * @param drops how often each reason struck
 * @param recording what the recorder did, or null without {@link NetworkBuilder#record}
 * @param packetsShown packets of the live view, 0 without it
 */
public record NetworkSummary(
        long guests,
        long framesFromGuests,
        long framesToGuests,
        long bytesFromGuests,
        long bytesToGuests,
        long flows,
        Map<DropReason, Long> drops,
        @Nullable Recording recording,
        long packetsShown) {

    /**
     * What the recorder did.
     *
     * @param captured packets seen
     * @param written packets that are in the file
     * @param lost packets that could not be written, because the disk was slow or full
     * @param error why writing stopped, or null
     */
    public record Recording(
            long captured,
            long written,
            long lost,
            @Nullable String error) {}
}
