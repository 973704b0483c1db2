package org.slipway.cli;

/** What {@code slipway demo} shows. */
@FunctionalInterface
interface Demo {

    /**
     * Runs the demonstration from start to end.
     *
     * @param options what the user asked for on the command line
     * @param environment console and network to use
     * @return the exit status
     */
    int run(DemoCommand options, Environment environment);
}
