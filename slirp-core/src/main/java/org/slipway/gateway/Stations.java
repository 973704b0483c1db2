package org.slipway.gateway;

/** What the gateway asks the Lan about stations, which are named by {@link org.slipway.wire.MacAddress#value}. */
@FunctionalInterface
public interface Stations {

    /** Whether the port behind {@code station} takes frames now; see {@link Gateway#portsWritable}. */
    boolean writable(long station);

    /**
     * By which name the share of {@code station} of what is bounded goes: that of all stations behind its port, so that a guest
     * with many Ethernet addresses has no more than others. A name of a share is its own.
     */
    default long share(long station) {
        return station;
    }

    /** Whether two stations are both present, and behind different ports; never where there is one port only. */
    default boolean apart(long station, long other) {
        return false;
    }
}
