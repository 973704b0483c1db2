package org.slipway.service;

import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/**
 * An address that a guest holds.
 *
 * @param address from the pool
 * @param mac the guest's Ethernet address
 * @param hostname what the guest calls itself (option 12): printable ASCII, at most 63 characters; empty if it did not say
 * @param expiresAtNanos when the lease ends on the clock of {@link org.slipway.loop.Loop#nanoTime}; {@link Long#MAX_VALUE}
 *     for a BOOTP client, which never renews (RFC 1534 2)
 */
public record Lease(IpAddress address, MacAddress mac, String hostname, long expiresAtNanos) {}
