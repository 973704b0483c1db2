package org.slipway.link;

import io.netty.channel.EventLoop;
import org.slipway.loop.Loop;
import org.slipway.loop.Transport;
import org.slipway.wire.DropCounters;

/**
 * What all links of one network share.
 *
 * @param transport which kind of channels {@code eventLoop} carries
 * @param eventLoop where the channels live: the thread of {@code loop}
 * @param loop the network's loop
 * @param drops where ports count what they drop
 * @param names what guests are called
 * @param listener who is told of guests
 */
public record LinkContext(
        Transport transport,
        EventLoop eventLoop,
        Loop loop,
        DropCounters drops,
        GuestNames names,
        LinkListener listener) {}
