package org.slipway.integration;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.slipway.cli.guest.GuestOptions;

/** QEMU's own user network, for checking the scenarios: one guest, or a second one on the first one's hub. */
final class LibslirpNetwork implements TestNetwork {

    private final Forwards forwards = new Forwards();
    private final Path recording;
    private final int hubPort = Environment.freePort().getPort();
    private boolean plugged;

    LibslirpNetwork(Path recording) {
        this.recording = recording;
    }

    @Override
    public GuestOptions plug(GuestOptions guest) {
        if (plugged && !guest.mac().equals(GuestOptions.DEFAULT_MAC)) {
            return guest.withNetdev("socket,id=n0,connect=127.0.0.1:" + hubPort);
        }
        // QEMU would begin the file anew.
        String dump = plugged ? recording + ".2" : recording.toString();
        plugged = true;
        String user = FORWARDED.stream().map(forwards::option).collect(Collectors.joining(",", "user,id=u0,", ""));
        return guest.withNetdev(user)
                .withNetdev("hubport,id=h0,hubid=0,netdev=u0")
                .withNetdev("socket,id=s0,listen=127.0.0.1:" + hubPort)
                .withNetdev("hubport,id=h1,hubid=0,netdev=s0")
                .withNetdev("hubport,id=n0,hubid=0")
                .withQemuArgument("-object")
                .withQemuArgument("filter-dump,id=dump,netdev=n0,file=" + dump);
    }

    @Override
    public int forwardTo(int guestPort) {
        return forwards.to(guestPort);
    }

    @Override
    public void close() {
        // Ends with its guest.
    }

    @Override
    public Path recording() {
        return recording;
    }
}
