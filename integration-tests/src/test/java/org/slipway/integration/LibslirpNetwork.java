package org.slipway.integration;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.slipway.cli.guest.GuestOptions;

/** QEMU's own user network, for checking the scenarios; takes one guest. */
final class LibslirpNetwork implements TestNetwork {

    private final Forwards forwards = new Forwards();
    private final Path recording;
    private boolean plugged;

    LibslirpNetwork(Path recording) {
        this.recording = recording;
    }

    @Override
    public GuestOptions plug(GuestOptions guest) {
        // QEMU would begin the file anew when it starts again.
        String dump = plugged ? recording + ".2" : recording.toString();
        plugged = true;
        return guest.withNetdev(
                        FORWARDED.stream().map(forwards::option).collect(Collectors.joining(",", "user,id=n0,", "")))
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
