package org.slipway.integration;

/** The scenarios over {@code socket,listen=…}. */
final class SocketListenTest extends GuestScenarios {

    SocketListenTest() {
        super(Carrier.SOCKET_LISTEN);
    }
}
