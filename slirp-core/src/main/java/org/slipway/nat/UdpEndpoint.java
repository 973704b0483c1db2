package org.slipway.nat;

import org.slipway.wire.IpAddress;

/** A guest's address and port. */
record UdpEndpoint(IpAddress address, int port) {}
