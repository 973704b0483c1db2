package org.slipway.service;

import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/** Where a service gets further ports of the gateway's own, for as long as it needs them. On the network's loop only. */
@FunctionalInterface
public interface DatagramPorts {

    /**
     * Hands what guests send to {@code address} and {@code port} to {@code service}.
     *
     * @param address of the gateway
     * @param port 1 to 65535
     * @return what gives the port back; or null if it serves something else already
     */
    @Nullable
    Runnable open(IpAddress address, int port, DatagramService service);
}
