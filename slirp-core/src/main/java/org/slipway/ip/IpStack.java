package org.slipway.ip;

import org.slipway.wire.IpAddress;

/** One family of an {@link IpHost}: its input, output, neighbours and ICMP, which the other family does not know. */
interface IpStack {

    /** Where packets are received. */
    IpInput input();

    /** Where packets are sent by. */
    IpOutput output();

    /** Where ICMP messages are received. */
    IcmpInput icmp();

    /** Where ICMP errors are sent by. */
    IcmpErrors errors();

    /** Who has which address. */
    Neighbours neighbours();

    /** See {@link IpHost#announce}. */
    void announce(IpAddress address);

    /** See {@link IpHost#forwarding}. */
    default void forwarding(boolean forwarding) {
        input().forwarding(forwarding);
    }

    /** See {@link IpHost#guard}. */
    default void guard(SourceGuard guard) {
        input().guard(guard);
    }

    /** Frees what waits. */
    default void close() {
        neighbours().close();
        input().close();
    }
}
