package org.slipway.cli;

import org.slipway.network.Network;
import org.slipway.network.NetworkBuilder;

/** Starts what a builder describes; tests put a network of their own here. */
@FunctionalInterface
interface NetworkStarter {

    /** As {@link NetworkBuilder#start}. */
    Network start(NetworkBuilder builder);
}
