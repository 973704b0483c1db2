package org.slipway.ip;

/** An upper protocol of an {@link IpHost}: gets whole packets, reassembled and with a valid IP header. */
@FunctionalInterface
public interface IpProtocolHandler {

    /**
     * One packet came in. It is borrowed: valid until this method returns. The upper checksum has not been looked at
     * (see {@link IpPacket#checksumVouched}), nor has the time to live: 0 and 1 are the handler's to refuse.
     */
    void receive(IpPacket packet);
}
