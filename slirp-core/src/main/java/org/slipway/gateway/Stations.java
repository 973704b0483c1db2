package org.slipway.gateway;

/** What the gateway asks the Lan about stations, which are named by {@link org.slipway.wire.MacAddress#value}. */
@FunctionalInterface
public interface Stations {

    /** Whether the port behind {@code station} takes frames now; see {@link Gateway#portsWritable}. */
    boolean writable(long station);

    /** Whether two stations are both present, and behind different ports; never where there is one port only. */
    default boolean apart(long station, long other) {
        return false;
    }
}
