package org.slipway.cli.demo;

/** The guest of the demonstration: what it is told to do, and what it found, in words. Each fails with a {@link StepException}. */
interface DemoGuest extends AutoCloseable {

    /** Asks for an address by DHCP; says which one it got. */
    String lease();

    /** Pings the gateway; says what came back. */
    String ping(String address);

    /** Looks up a name; says the address. */
    String resolve(String name);

    /** Gets a page over HTTP; returns its body. */
    String fetch(String address, int port);

    /** Begins to serve {@code page} over HTTP on {@code port}. */
    void serve(int port, String page);

    /** Turns the guest off. */
    @Override
    void close();
}
