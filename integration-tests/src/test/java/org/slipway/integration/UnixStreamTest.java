package org.slipway.integration;

/** The scenarios over {@code stream,…}. */
final class UnixStreamTest extends GuestScenarios {

    UnixStreamTest() {
        super(Carrier.UNIX_STREAM);
    }
}
