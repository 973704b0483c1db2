package org.slipway.network;

import java.util.List;
import org.slipway.wire.MacAddress;

/**
 * A guest's port as it is at a moment.
 *
 * @param name how it is called in recordings and messages: {@code "guest1"}
 * @param link what it came over, as a PORT of the command line
 * @param up whether its link is up
 * @param stations the Ethernet addresses seen behind it of late, longest unseen first
 * @param framesIn frames from the guest
 * @param bytesIn bytes of these
 * @param dropsIn of these, those that went nowhere
 * @param framesOut frames to the guest
 * @param bytesOut bytes of these
 * @param dropsOut frames for the guest that its port did not take
 */
public record PortSnapshot(
        String name,
        String link,
        boolean up,
        List<MacAddress> stations,
        long framesIn,
        long bytesIn,
        long dropsIn,
        long framesOut,
        long bytesOut,
        long dropsOut) {}
