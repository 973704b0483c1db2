package org.slipway.cli.top;

import java.io.IOException;

/** A running network, as far as the screen needs it. One thread; the methods wait for the network. */
public interface NetworkSource extends AutoCloseable {

    /**
     * Asks for everything.
     *
     * @throws IOException if nobody answers; the next call tries anew
     */
    Snapshot snapshot() throws IOException;

    /**
     * Ends a flow.
     *
     * @throws org.slipway.cli.control.RequestException with one line that says why it cannot be ended
     * @throws IOException if nobody answers
     */
    void kill(String flow) throws IOException;

    @Override
    void close();
}
