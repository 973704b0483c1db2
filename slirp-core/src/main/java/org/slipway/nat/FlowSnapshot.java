package org.slipway.nat;

import org.slipway.wire.IpAddress;

/**
 * One flow as it is at a moment: what a guest and somebody outside have with each other.
 *
 * @param protocol what it carries
 * @param number tells it from all flows of its protocol that the network ever had; from 1 on
 * @param state of TCP, the state of the connection with the guest in the words of RFC 9293, or CONNECTING while the host's
 *     attempt has no answer; else OPEN
 * @param fromHost whether somebody outside began it, by a forward
 * @param guest the guest's address
 * @param guestPort the guest's port; of a ping, its identifier
 * @param remote the other side, as the guest sees it; of UDP, whom the guest wrote to last
 * @param remotePort the other side's port; 0 for a ping
 * @param share {@link org.slipway.ip.IpHost#share} of the guest's station
 * @param ageNanos since it began
 * @param idleNanos since something passed
 * @param packetsFromGuest datagrams or segments that the guest sent
 * @param bytesFromGuest data in them, headers not counted; what is sent again counts again
 * @param packetsToGuest datagrams, or segments before they are cut for the guest's link
 * @param bytesToGuest data in them
 * @param queuedFromGuest bytes of the guest that the host has not taken; 0 but for TCP
 * @param queuedToGuest bytes that the guest has not acknowledged; 0 but for TCP
 * @param rttNanos smoothed round-trip time to the guest (RFC 6298), 0 if there is none yet
 */
public record FlowSnapshot(
        Protocol protocol,
        long number,
        String state,
        boolean fromHost,
        IpAddress guest,
        int guestPort,
        IpAddress remote,
        int remotePort,
        long share,
        long ageNanos,
        long idleNanos,
        long packetsFromGuest,
        long bytesFromGuest,
        long packetsToGuest,
        long bytesToGuest,
        long queuedFromGuest,
        long queuedToGuest,
        long rttNanos) {

    /** What a flow carries. */
    public enum Protocol {
        TCP,
        UDP,
        ICMP
    }

    static FlowSnapshot ofDatagrams(
            Protocol protocol,
            long number,
            IpAddress guest,
            int guestPort,
            IpAddress remote,
            int remotePort,
            long share,
            FlowTraffic traffic,
            long nowNanos) {
        return new FlowSnapshot(
                protocol,
                number,
                "OPEN",
                false,
                guest,
                guestPort,
                remote,
                remotePort,
                share,
                nowNanos - traffic.beganAt,
                nowNanos - traffic.usedAt,
                traffic.packetsFromGuest,
                traffic.bytesFromGuest,
                traffic.packetsToGuest,
                traffic.bytesToGuest,
                0,
                0,
                0);
    }
}
