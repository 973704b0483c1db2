package org.slipway.tcp;

import org.slipway.wire.TcpOptions;

/** Takes the peer's SACK blocks (RFC 2018, RFC 2883) to the flight; what cannot be true is ignored. */
final class SackReader {

    private final Flight flight;
    private final Rack rack;

    SackReader(Flight flight, Rack rack) {
        this.flight = flight;
        this.rack = rack;
    }

    /**
     * Takes the blocks of a segment.
     *
     * @param next what is behind everything in flight
     * @param largestWindow the peer can have reported nothing older
     * @return how many bytes the peer reports to have got twice
     */
    int take(Segment segment, int una, int next, int largestWindow) {
        TcpOptions options = segment.options;
        int doubled = 0;
        for (int i = 0; i < options.sackCount; i++) {
            int from = options.sackLeft(i);
            int to = options.sackRight(i);
            if (i == 0 && isDuplicateReport(options, segment.acknowledgment, largestWindow)) {
                doubled = to - from;
            } else if (isInFlight(from, to, una, next)) {
                flight.sack(from, to, rack);
            }
        }
        return doubled;
    }

    /**
     * By distances from una: a block of a quarter of the sequence space stands the right way round to each of its neighbours.
     * RFC 2018 4: below a block something is missing, so none begins at una.
     */
    private static boolean isInFlight(int from, int to, int una, int next) {
        int inFlight = next - una;
        return inFlight > 1
                && Integer.compareUnsigned(from - una - 1, inFlight - 1) < 0
                && Integer.compareUnsigned(to - una, inFlight) <= 0
                && Seq.lessThan(from, to);
    }

    /** RFC 2883 4: the first block lies below the acknowledgment, or in the second block. */
    private static boolean isDuplicateReport(TcpOptions options, int ack, int largestWindow) {
        int from = options.sackLeft(0);
        int to = options.sackRight(0);
        int length = to - from;
        if (length <= 0 || length > largestWindow) {
            return false;
        }
        boolean below = Seq.atMost(to, ack) && Integer.compareUnsigned(ack - from, largestWindow) <= 0;
        boolean inside =
                options.sackCount > 1 && Seq.atMost(options.sackLeft(1), from) && Seq.atMost(to, options.sackRight(1));
        return below || inside;
    }
}
