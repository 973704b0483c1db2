package org.slipway.guest;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.wire.IpAddress;

/** Finds out whether an address is free (RFC 4862 5.4): it is, if nobody who has it, or wants it too, is heard for a second. */
final class AddressProbe {

    /** One probe (DupAddrDetectTransmits) and RetransTimer, as RFC 4862 5.1 and RFC 4861 10 have them. */
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Loop loop;
    private final IpHost ip;
    private final NdpSender ndp;
    private final IpAddress address;
    private final Runnable free;
    private final Runnable taken;
    private @Nullable Timer timer;

    /** Calls {@code free}, where the address is to be given to the host, or {@code taken}; not at once. */
    AddressProbe(Loop loop, IpHost ip, NdpSender ndp, IpAddress address, Runnable free, Runnable taken) {
        this.loop = loop;
        this.ip = ip;
        this.ndp = ndp;
        this.address = address;
        this.free = free;
        this.taken = taken;
    }

    void start() {
        ip.tentativeAddress(address);
        timer = loop.schedule(WAIT_NANOS, this::silent);
        ndp.probe(address);
    }

    private void silent() {
        timer = null;
        free.run();
    }

    /** Another station has the address, or wants it. */
    void contested() {
        if (timer != null) {
            stop();
            ip.removeAddress(address);
            taken.run();
        }
    }

    /** Nobody wants to know any more. Harmless when repeated. */
    void stop() {
        Timer armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
        }
    }
}
