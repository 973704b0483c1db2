package org.slipway.cli;

import java.util.Optional;

/**
 * What the commands need of the world around them.
 *
 * @param console where messages go
 * @param starter starts networks
 * @param names looks host names up
 * @param demo what {@code slipway demo} does, if this build has it
 */
record Environment(Console console, NetworkStarter starter, HostNames names, Optional<Demo> demo) {}
