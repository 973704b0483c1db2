package org.slipway.integration;

import java.nio.file.Path;
import java.util.List;
import org.slipway.cli.guest.GuestOptions;

/** A network for one guest or more, with forwards to the ports of {@link #FORWARDED}, and a recording. */
interface TestNetwork extends AutoCloseable {

    /** The guest's port for HTTP. */
    int HTTP = 80;

    /** Two ports for netcat, and one that nobody in the guest listens on. */
    int NETCAT_A = 7001;

    int NETCAT_B = 7002;
    int CLOSED = 7003;

    /** What {@link #forwardTo} knows. */
    List<Integer> FORWARDED = List.of(HTTP, NETCAT_A, NETCAT_B, CLOSED);

    /** Plugs a guest's card {@code n0} into this network. */
    GuestOptions plug(GuestOptions guest);

    /** The port of the host's loopback that leads to that port of the first guest. */
    int forwardTo(int guestPort);

    /** Stops the network; the recording is complete then. */
    @Override
    void close();

    /** Where the recording is. */
    Path recording();
}
