package org.slipway.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.GatewayConfig;
import org.slipway.link.LinkConfig;

/**
 * What all PORT strings of a command line say together.
 *
 * @param gateway what {@code user} asks for, or null without one
 * @param links the sockets over which guests plug in, in the order given
 * @param notes what the user should know of how they were read, a line each
 */
record Ports(@Nullable GatewayConfig gateway, List<LinkConfig> links, List<String> notes) {}
