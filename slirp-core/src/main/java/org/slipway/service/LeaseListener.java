package org.slipway.service;

/** Told who holds which address. Called on the network's loop: be quick. */
public interface LeaseListener {

    /** Hears nothing. */
    LeaseListener SILENT = new LeaseListener() {
        @Override
        public void bound(Lease lease) {}

        @Override
        public void released(Lease lease) {}
    };

    /**
     * A guest got a lease: each time that it configures itself, also with the address that it had before, but not when it
     * renews.
     */
    void bound(Lease lease);

    /** A lease ended: given back, expired, or declined by the guest itself. */
    void released(Lease lease);
}
