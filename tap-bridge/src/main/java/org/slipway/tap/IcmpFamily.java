package org.slipway.tap;

import org.slipway.nat.EchoListener.Failure;
import org.slipway.wire.IpAddress;

/** What differs between ICMP for IPv4 (RFC 792) and for IPv6 (RFC 4443), and the system's numbers for either. */
enum IcmpFamily {
    IPV4(NativeMessage.AF_INET, 1, 8, 0, 0, 2, 12, 2, 11, 1, 10),
    IPV6(NativeMessage.AF_INET6, 58, 128, 129, 41, 16, 51, 52, 25, 67, 23);

    final int domain;

    /** The IP protocol number of ICMP. */
    final int protocol;

    final int echoRequest;
    final int echoReply;

    /** SOL_IP or SOL_IPV6. */
    final int level;

    /** IP_TTL or IPV6_UNICAST_HOPS. */
    final int timeToLive;

    /** IP_RECVTTL or IPV6_RECVHOPLIMIT: asks for a control message… */
    final int receiveTimeToLive;

    /** … of this type: IP_TTL or IPV6_HOPLIMIT. */
    final int receivedTimeToLive;

    /** IP_RECVERR or IPV6_RECVERR, an option and the type of the control messages. */
    final int errors;

    /** IP_TOS or IPV6_TCLASS. */
    final int typeOfService;

    /** IP_MTU_DISCOVER or IPV6_MTU_DISCOVER. */
    final int discovery;

    IcmpFamily(
            int domain,
            int protocol,
            int echoRequest,
            int echoReply,
            int level,
            int timeToLive,
            int receiveTimeToLive,
            int receivedTimeToLive,
            int errors,
            int typeOfService,
            int discovery) {
        this.domain = domain;
        this.protocol = protocol;
        this.echoRequest = echoRequest;
        this.echoReply = echoReply;
        this.level = level;
        this.timeToLive = timeToLive;
        this.receiveTimeToLive = receiveTimeToLive;
        this.receivedTimeToLive = receivedTimeToLive;
        this.errors = errors;
        this.typeOfService = typeOfService;
        this.discovery = discovery;
    }

    static IcmpFamily of(IpAddress address) {
        return address.isIpv4() ? IPV4 : IPV6;
    }

    /** Whether an ICMP message of that type says that a packet did not arrive; a redirect, say, does not. */
    boolean isFailure(int type) {
        return this == IPV4 ? type == 3 || type == 11 || type == 12 : type >= 1 && type <= 4;
    }

    /** The ICMP type with which a packet is said to be too big. */
    int tooBigType() {
        return this == IPV4 ? 3 : 2;
    }

    /** The ICMP code with which a packet is said to be too big. */
    int tooBigCode() {
        return this == IPV4 ? 4 : 0;
    }

    /** Whether an ICMP error says that a packet was too big. */
    boolean isTooBig(int type, int code) {
        return type == tooBigType() && (this == IPV6 || code == tooBigCode());
    }

    /** The ICMP error that says the same as the error number with which this host refused to send. */
    Failure failure(int errno, int mtu, int sequence) {
        boolean four = this == IPV4;
        return switch (errno) {
            case Errno.EMSGSIZE -> new Failure(tooBigType(), tooBigCode(), mtu, null, sequence);
            case Errno.EPERM, Errno.EACCES -> new Failure(four ? 3 : 1, four ? 13 : 1, 0, null, sequence);
            case Errno.EHOSTUNREACH -> new Failure(four ? 3 : 1, four ? 1 : 3, 0, null, sequence);
            default -> new Failure(four ? 3 : 1, 0, 0, null, sequence);
        };
    }
}
