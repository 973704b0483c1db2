package org.slipway.nat;

import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * Which destinations a guest may reach through the gateway: the one place that decides, for TCP, UDP and echo alike. Only
 * the gateway's address leads to the host's loopback; no other spelling of loopback or of "this host" does.
 *
 * @param network the virtual network
 * @param host the gateway, alias of the host's loopback
 */
public record AddressPolicy(IpPrefix network, IpAddress host) {

    /** What becomes of a packet. */
    public enum Verdict {
        /** Goes to the host's loopback. */
        HOST_LOOPBACK,
        /** Goes to where it is addressed. */
        OUTSIDE,
        /** Nobody there: inside the virtual network, but no station of it. */
        NOBODY,
        /** Refused. */
        DENIED
    }

    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    private static final IpPrefix[] REFUSED = {
        // RFC 6890: this network, loopback, link-local (cloud metadata among them), reserved and broadcast.
        prefix("0.0.0.0", 8), prefix("127.0.0.0", 8), prefix("169.254.0.0", 16), prefix("224.0.0.0", 3),
    };

    private static IpPrefix prefix(String address, int length) {
        return IpPrefix.of(IpAddress.parse(address), length);
    }

    /** Decides on a destination. */
    public Verdict decide(IpAddress destination) {
        if (destination.equals(host)) {
            return Verdict.HOST_LOOPBACK;
        }
        if (network.contains(destination)) {
            return Verdict.NOBODY;
        }
        if (!destination.isIpv4()) {
            return Verdict.DENIED;
        }
        for (IpPrefix refused : REFUSED) {
            if (refused.contains(destination)) {
                return Verdict.DENIED;
            }
        }
        return Verdict.OUTSIDE;
    }

    /** Where on the host a destination leads that {@link #decide} lets pass. */
    public IpAddress toHost(IpAddress destination) {
        return destination.equals(host) ? LOOPBACK : destination;
    }

    /**
     * How a host-side address looks to guests: as it is, if they can answer it and nobody of their own has it; else as the
     * gateway. So do loopback, IPv6, and a host network that happens to use the addresses of the virtual one.
     */
    public IpAddress toGuest(IpAddress address) {
        boolean answerable = address.isIpv4()
                && !address.isLoopback()
                && !address.isUnspecified()
                && !address.isMulticast()
                && !network.contains(address);
        return answerable ? address : host;
    }
}
