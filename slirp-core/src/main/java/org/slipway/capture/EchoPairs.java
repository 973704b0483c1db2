package org.slipway.capture;

import java.util.Map;
import org.slipway.wire.IpAddress;

/** Finds the echo request of an echo reply, of both families. */
final class EchoPairs {

    /** Pings whose reply may still come. */
    private static final int MAX_REQUESTS = 1_024;

    private record Echo(IpAddress from, IpAddress to, int id, int sequence) {}

    private final Map<Echo, Integer> requests = new RecentMap<>(MAX_REQUESTS);

    /** Remembers a request, whose identifier and sequence number stand at offset 4 of {@code message}. */
    void request(SummaryLine line, IpAddress source, IpAddress destination, PacketSlice message) {
        requests.put(new Echo(source, destination, message.u16(4), message.u16(6)), line.number);
    }

    /** Appends the number of the reply's request, if it was seen. */
    void reply(SummaryLine line, IpAddress source, IpAddress destination, PacketSlice message) {
        Integer number = requests.get(new Echo(destination, source, message.u16(4), message.u16(6)));
        if (number != null) {
            line.add(" (request in ", number, ")");
        }
    }
}
