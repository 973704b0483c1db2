package org.slipway.nat;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * What the IP headers of a socket's datagrams carry. The host is told only what has changed since the last datagram, which
 * for most sockets is before the first one and never again. The JDK's own sockets take the traffic class alone.
 */
final class UdpMarks {

    /** DSCP alone: an ECN mark of the path towards the guest is not seen, so none may be asked for (RFC 3168 5). */
    private static final int DSCP = 0xfc;

    /** Linux's IP_PMTUDISC_DONT, IPV6_PMTUDISC_WANT and IP(V6)_PMTUDISC_DO. */
    private static final int NEVER_DONT_FRAGMENT = 0;

    private static final int FRAGMENT_TO_PATH_MTU = 1;
    private static final int DONT_FRAGMENT = 2;

    private static final int UNKNOWN = -1;

    /** Linux's numbers of the options of one family, the same on every processor. */
    private enum Family {
        IPV4(0, 2, 33, 1, 10, NEVER_DONT_FRAGMENT),
        // Nobody on an IPv6 path fragments, so a socket has to know how far it may go (RFC 8200 5).
        IPV6(41, 16, 18, 67, 23, FRAGMENT_TO_PATH_MTU);

        final ChannelOption<Integer> timeToLive;
        final ChannelOption<Integer> multicastTimeToLive;
        final ChannelOption<Integer> typeOfService;
        final ChannelOption<Integer> discovery;
        final int mayFragment;

        Family(int level, int timeToLive, int multicastTimeToLive, int typeOfService, int discovery, int mayFragment) {
            this.timeToLive = new IntegerUnixChannelOption(name() + "_TTL", level, timeToLive);
            this.multicastTimeToLive =
                    new IntegerUnixChannelOption(name() + "_MULTICAST_TTL", level, multicastTimeToLive);
            this.typeOfService = new IntegerUnixChannelOption(name() + "_TOS", level, typeOfService);
            this.discovery = new IntegerUnixChannelOption(name() + "_MTU_DISCOVER", level, discovery);
            this.mayFragment = mayFragment;
        }
    }

    private final DatagramChannel channel;
    private final boolean linux;
    private final boolean ipv4;
    private int timeToLive = UNKNOWN;
    private int multicastTimeToLive = UNKNOWN;
    private int typeOfService;
    private int discovery = UNKNOWN;

    UdpMarks(DatagramChannel channel, boolean ipv4) {
        this.channel = channel;
        this.ipv4 = ipv4;
        linux = channel instanceof EpollDatagramChannel;
    }

    /** Whether {@link #set} would change nothing. */
    boolean are(int timeToLive, int typeOfService, boolean dontFragment) {
        return (typeOfService & DSCP) == this.typeOfService
                && (!linux || timeToLive == this.timeToLive && discovery(dontFragment) == discovery);
    }

    private int discovery(boolean dontFragment) {
        return dontFragment ? DONT_FRAGMENT : family().mayFragment;
    }

    private Family family() {
        return ipv4 ? Family.IPV4 : Family.IPV6;
    }

    /** Has datagrams that the kernel is given from now on carry these marks; see {@link HostUdpSocket#mark}. */
    void set(int timeToLive, int typeOfService, boolean dontFragment) {
        int dscp = typeOfService & DSCP;
        if (dscp != this.typeOfService) {
            this.typeOfService = dscp;
            option(linux ? family().typeOfService : ChannelOption.IP_TOS, dscp);
        }
        if (linux && timeToLive != this.timeToLive) {
            this.timeToLive = timeToLive;
            option(family().timeToLive, timeToLive);
        }
        if (linux && discovery(dontFragment) != discovery) {
            discovery = discovery(dontFragment);
            option(family().discovery, discovery);
        }
    }

    /** Has datagrams to groups, for which Linux has an option of its own, go as far as {@link #set} said last. */
    void extendToGroups() {
        if (linux && timeToLive != UNKNOWN && timeToLive != multicastTimeToLive) {
            multicastTimeToLive = timeToLive;
            option(family().multicastTimeToLive, timeToLive);
        }
    }

    private void option(ChannelOption<Integer> option, int value) {
        try {
            channel.config().setOption(option, value);
        } catch (ChannelException e) {
            // What the host does not allow, or a socket that is closed: the datagram goes as the host would send its
            // own.
            return;
        }
    }
}
