package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/** One family of an {@link IpHost}: its input, output, neighbours and ICMP, which the other family does not know. */
interface IpStack {

    /**
     * Handles the packet in the {@code available} bytes at {@code at}, which came in {@code frame}.
     *
     * @param toGroup whether the frame was sent to a group of stations
     * @return why the packet was dropped, or null if it was not or that is counted already
     */
    @Nullable
    DropReason receive(Frame frame, ByteBuf buf, int at, int available, long sourceMac, boolean toGroup);

    /** Where packets are sent by. */
    IpOutput output();

    /** Where ICMP errors are sent by. */
    IcmpErrors errors();

    /** Who has which address. */
    Neighbours neighbours();

    /** See {@link IpHost#handler}. */
    void handler(int protocol, IpProtocolHandler handler);

    /** See {@link IpHost#forwarding}. */
    void forwarding(boolean forwarding);

    /** See {@link IpHost#echoForwarder}. */
    void echoForwarder(IpProtocolHandler handler);

    /** See {@link IpHost#icmpListener}. */
    void icmpListener(IpProtocolHandler handler);

    /** See {@link IpHost#guard}. */
    void guard(SourceGuard guard);

    /** See {@link IpHost#announce}. */
    void announce(IpAddress address);

    /** Frees what waits. */
    void close();
}
