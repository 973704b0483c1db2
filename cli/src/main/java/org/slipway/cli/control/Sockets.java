package org.slipway.cli.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slipway.nat.ForwardRule;
import org.slipway.network.Control;
import org.slipway.wire.IpAddress;

/** Opens the sockets through which a network is controlled. */
public final class Sockets {

    private Sockets() {}

    /**
     * The control protocol at {@code path}.
     *
     * @param rules reads a rule of {@code hostfwd=} for the network; throws RuntimeException with one line
     * @param version of the program
     * @throws IOException if the socket cannot be had; the message is one line
     */
    public static ControlServer control(
            Path path, Control control, Function<String, List<ForwardRule>> rules, String version) throws IOException {
        Protocol protocol = new Protocol(new Commands(control, rules, version));
        return ControlServer.start("slipway-control", path, ControlServer.lines(protocol));
    }

    /**
     * slirp4netns's API at {@code path}.
     *
     * @param defaultGuest where a forward leads that names no guest; null if it has to name one
     * @throws IOException if the socket cannot be had; the message is one line
     */
    public static ControlServer slirp4netns(Path path, Control control, @Nullable IpAddress defaultGuest)
            throws IOException {
        Slirp4netnsApi api = new Slirp4netnsApi(control, defaultGuest);
        return ControlServer.start("slipway-api", path, ControlServer.oneRequest(api));
    }
}
