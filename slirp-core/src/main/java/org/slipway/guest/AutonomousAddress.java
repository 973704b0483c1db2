package org.slipway.guest;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.slipway.ip.IpHost;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.RouterAdvertisement.Prefix;

/** An address that a guest makes of a prefix which routers tell of (RFC 4862 5.5), and how long they say that it lives. */
final class AutonomousAddress {

    enum State {
        /** Waits to hear whether another station has it (RFC 4862 5.4). */
        TENTATIVE,
        /** Can be used. */
        ASSIGNED,
        /** Another station has it: of no use. Kept, so that it is not asked for at each advertisement. */
        DUPLICATE
    }

    /** RFC 4862 5.5.3 (e): nobody who is not authenticated shortens a life to less. */
    private static final long TWO_HOURS_NANOS = TimeUnit.HOURS.toNanos(2);

    final IpAddress address;
    private final IpPrefix prefix;
    private final IpHost ip;
    private State state = State.TENTATIVE;
    private Lifetime valid;
    private Lifetime preferred;
    private Lifetime onLink;

    /** {@code told} is usable. */
    AutonomousAddress(IpAddress address, Prefix told, IpHost ip, long nowNanos) {
        this.address = address;
        this.ip = ip;
        prefix = told.prefix();
        valid = Lifetime.ofSeconds(told.validSeconds(), nowNanos);
        preferred = Lifetime.ofSeconds(told.preferredSeconds(), nowNanos);
        onLink = Lifetime.ofSeconds(isOnLink(told) ? told.validSeconds() : 0, nowNanos);
    }

    private static boolean isOnLink(Prefix told) {
        return (told.flags() & Prefix.ON_LINK) != 0;
    }

    /**
     * Whether hosts may make an address of a prefix (RFC 4862 5.5.3 a to d): identifiers have 64 bits, and nothing that
     * begins with 64 zeros is a network of this kind.
     */
    static boolean isUsable(Prefix told) {
        IpPrefix prefix = told.prefix();
        IpAddress network = prefix.address();
        return (told.flags() & Prefix.AUTONOMOUS) != 0
                && prefix.length() == 64
                && !network.isLinkLocal()
                && !network.isMulticast()
                && network.high() != 0
                && told.preferredSeconds() <= told.validSeconds();
    }

    State state() {
        return state;
    }

    /** A router tells of the prefix again. */
    void told(Prefix again, long nowNanos) {
        preferred = Lifetime.ofSeconds(again.preferredSeconds(), nowNanos);
        if (isOnLink(again)) {
            onLink = Lifetime.ofSeconds(again.validSeconds(), nowNanos);
        }
        // RFC 4862 5.5.3 (e), with the numbers of its cases.
        Lifetime said = Lifetime.ofSeconds(again.validSeconds(), nowNanos);
        long left = valid.leftNanos(nowNanos);
        if (said.leftNanos(nowNanos) > Math.min(left, TWO_HOURS_NANOS)) {
            valid = said; // 1
        } else if (left > TWO_HOURS_NANOS) {
            valid = new Lifetime(false, nowNanos + TWO_HOURS_NANOS); // 3
        } // 2: else it stays as it is
    }

    boolean isOver(long nowNanos) {
        return valid.isOver(nowNanos);
    }

    /** How long nothing changes by itself; {@code Long.MAX_VALUE} if nothing will. */
    long leftNanos(long nowNanos) {
        return LongStream.of(valid.leftNanos(nowNanos), preferred.leftNanos(nowNanos), onLink.leftNanos(nowNanos))
                .filter(left -> left > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Nobody else has the address: it is the host's from the next {@link #refresh} on. */
    void assign() {
        state = State.ASSIGNED;
    }

    void duplicate() {
        state = State.DUPLICATE;
    }

    /** Gives the address to the host, if it may have it, as it is now: neighbours of its prefix or none, deprecated or not. */
    void refresh(long nowNanos) {
        if (state == State.ASSIGNED) {
            ip.address(address, onLink.isOver(nowNanos) ? IpPrefix.of(address, 128) : prefix);
            if (preferred.isOver(nowNanos)) {
                ip.deprecateAddress(address);
            }
        }
    }
}
