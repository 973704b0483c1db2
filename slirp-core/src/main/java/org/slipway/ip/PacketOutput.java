package org.slipway.ip;

import org.slipway.lan.Frame;

/** The output of one family, seen from the place where its packets wait for a neighbour. */
interface PacketOutput {

    /** Sends a packet, whose IP header is at the reader index, to the station {@code mac}. Borrowed. */
    void transmit(Frame packet, long mac);

    /** Is told that the neighbour did not answer, after the drop was counted. Borrowed. */
    void undeliverable(Frame packet);
}
