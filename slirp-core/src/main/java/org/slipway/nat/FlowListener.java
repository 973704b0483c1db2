package org.slipway.nat;

/** Told of flows that begin and end. Called on the network's loop, in the midst of its work: be quick, change nothing. */
public interface FlowListener {

    /** A flow has begun: TCP with the guest's SYN or the host's client, UDP and pings with the first packet. */
    void began(FlowSnapshot flow);

    /** A flow is over; {@code flow} is what it was in the end. */
    void ended(FlowSnapshot flow);
}
