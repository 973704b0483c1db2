package org.slipway.network;

import org.slipway.gateway.Stations;
import org.slipway.lan.Lan;

/** The Lan, as the gateway asks it. */
record LanStations(Lan lan) implements Stations {

    @Override
    public boolean writable(long station) {
        return lan.writable(station);
    }

    @Override
    public long share(long station) {
        return lan.share(station);
    }

    @Override
    public boolean apart(long station, long other) {
        return lan.apart(station, other);
    }
}
