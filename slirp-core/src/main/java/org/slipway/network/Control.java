package org.slipway.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.FlowSnapshot;
import org.slipway.nat.ForwardRule;
import org.slipway.nat.OpenForward;
import org.slipway.service.Lease;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * What can be asked of a running network, and changed in it. Its methods may be called from any thread but the network's own,
 * and wait for it; each throws {@link NetworkException}, with one line for a person, if it cannot do as asked, or if the
 * network is closed.
 */
public interface Control {

    /** A flow, and the name of the port that its guest is behind; null if nobody knows any more. */
    record GuestFlow(FlowSnapshot flow, @Nullable String port) {}

    /** A lease, and for how long it is held: in nanoseconds, {@link Long#MAX_VALUE} for ever. */
    record HeldLease(Lease lease, long nanosLeft) {}

    /**
     * The network as a whole.
     *
     * @param uptimeNanos for how long it runs
     * @param networks the guests' addresses, IPv4 first; none without a gateway
     */
    record About(long uptimeNanos, List<IpPrefix> networks) {}

    /** The network as a whole. */
    About about();

    /** The guests that are plugged in. */
    List<PortSnapshot> ports();

    /** What the guests hold of the gateway's addresses. */
    List<HeldLease> leases();

    /** What is between guests and the outside. */
    List<GuestFlow> flows();

    /** The forwards from the host to guests. */
    List<OpenForward> forwards();

    /** Opens a forward. */
    OpenForward addForward(ForwardRule rule);

    /** Closes a forward of {@link #forwards}; its connections go on. */
    void removeForward(OpenForward forward);

    /** The user's names for addresses, in lower case. */
    Map<String, List<IpAddress>> hostRecords();

    /** Gives a name one more address, for guests that ask the network's resolver. */
    void addHostRecord(String name, IpAddress address);

    /** Takes all addresses of {@link #hostRecords} away from a name. */
    void removeHostRecord(String name);

    /** Unplugs a guest. One that connects again is let in. */
    void kick(String port);

    /** Sets a guest's link up or down; it stays so when the guest leaves and comes back. */
    void link(String port, boolean up);

    /** Ends a flow: a connection with a reset to both sides. {@code number} as in {@link FlowSnapshot#number}. */
    void kill(FlowSnapshot.Protocol protocol, long number);

    /** Records to {@code file} from now on, and no more to the file of before, which is complete when this returns. */
    void record(Path file);

    /** Ends the recording, whose file is complete when this returns. */
    void stopRecording();

    /** Where the recording goes, or null if there is none. */
    @Nullable
    Path recording();

    /** See {@link Network#summary}. */
    NetworkSummary summary();
}
