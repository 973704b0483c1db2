package org.slipway.service;

/**
 * Whose an address is.
 *
 * @param mac Ethernet address of the guest
 * @param association which of the guest's addresses; always 0 in DHCPv4
 */
record LeaseHolder(long mac, int association) {

    /** The guest of DHCPv4, who has one address. */
    static LeaseHolder of(long mac) {
        return new LeaseHolder(mac, 0);
    }
}
