package org.slipway.cli;

/**
 * What the commands need of the world around them.
 *
 * @param console where messages go
 * @param starter starts networks
 * @param names looks host names up
 */
record Environment(Console console, NetworkStarter starter, HostNames names) {}
