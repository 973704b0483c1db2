package org.slipway.gateway;

/** What the gateway asks the Lan about stations, which are named by {@link org.slipway.wire.MacAddress#value}. */
public interface Stations {

    /** Whether the port behind {@code station} takes frames now; see {@link Gateway#portsWritable}. */
    boolean writable(long station);

    /** Whether two stations are both present, and behind different ports. */
    boolean apart(long station, long other);
}
