package org.slipway.integration;

/** The scenarios over {@code socket,connect=…}. */
final class SocketConnectTest extends GuestScenarios {

    SocketConnectTest() {
        super(Carrier.SOCKET_CONNECT);
    }
}
