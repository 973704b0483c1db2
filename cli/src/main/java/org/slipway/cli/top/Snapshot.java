package org.slipway.cli.top;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a network answered at one moment. Up is from guests, down is to guests; all counters are since the network, the guest's
 * port or the flow began. No text has characters that a terminal would obey.
 *
 * @param uptime of the network, in seconds: the clock of all rates
 * @param networks the guests' addresses, as in 10.0.2.0/24
 * @param flowsEver how many flows there ever were
 * @param traffic of all guests' ports
 * @param drops how often each reason struck
 */
public record Snapshot(
        double uptime,
        List<String> networks,
        long flowsEver,
        Counters traffic,
        Map<String, Long> drops,
        List<Guest> guests,
        List<Flow> flows) {

    /** Whole Ethernet frames of guests' ports, data without headers of flows. */
    record Counters(long framesUp, long bytesUp, long framesDown, long bytesDown) {

        static final Counters ZERO = new Counters(0, 0, 0, 0);
    }

    /**
     * A guest that is plugged in.
     *
     * @param name of its port
     * @param up whether its link is up
     * @param macs the Ethernet addresses behind it
     * @param addresses what it leased, IPv4 first
     * @param hostname as it calls itself; may be empty
     * @param drops in both directions
     */
    record Guest(
            String name,
            boolean up,
            List<String> macs,
            List<String> addresses,
            String hostname,
            Counters traffic,
            long drops) {}

    /**
     * A flow.
     *
     * @param name as requests have it: tcp12
     * @param fromHost it came over a forward
     * @param port the name of its guest, or null
     * @param guest address and port
     * @param remote address and port
     * @param age in seconds
     * @param rtt in seconds, or null
     */
    record Flow(
            String name,
            String state,
            boolean fromHost,
            @Nullable String port,
            String guest,
            String remote,
            double age,
            Counters traffic,
            @Nullable Double rtt) {}
}
