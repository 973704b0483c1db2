package org.slipway.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.gateway.GatewayConfig;
import org.slipway.link.LinkConfig;

/** Reads PORT strings: QEMU's {@code -netdev} strings, where {@code id=} may be left out and is ignored if present. */
final class PortStrings {

    private static final List<String> TYPES = List.of("user", "socket", "stream");

    private static final Set<String> PLANNED_TYPES = Set.of("tap", "bridge", "dgram");

    /** Types of QEMU that a network of its own has no use for. */
    private static final Set<String> FOREIGN_TYPES = Set.of(
            "l2tpv3",
            "vde",
            "netmap",
            "hubport",
            "vhost-user",
            "vhost-vdpa",
            "vmnet-host",
            "vmnet-shared",
            "vmnet-bridged",
            "af-xdp",
            "passt",
            "nic",
            "none");

    private final HostNames names;
    private final List<LinkConfig> links = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private @Nullable GatewayConfig gateway;

    private PortStrings(HostNames names) {
        this.names = names;
    }

    /**
     * Reads all PORT strings of one command line.
     *
     * @throws UsageException if one of them, or all of them together, make no sense
     */
    static Ports parse(List<String> texts, HostNames names) {
        PortStrings strings = new PortStrings(names);
        texts.forEach(strings::read);
        return new Ports(strings.gateway, List.copyOf(strings.links), List.copyOf(strings.notes));
    }

    private void read(String text) {
        if (text.startsWith("{")) {
            throw UsageException.inPort(text, "JSON is not taken; write TYPE,KEY=VALUE,... as -netdev has it");
        }
        PortOptions options = PortOptions.split(text);
        switch (options.type()) {
            case "user" -> readUser(options);
            case "socket" -> links.add(SocketPort.read(options, names));
            case "stream" -> links.add(StreamPort.read(options, names));
            default -> throw unknownType(options);
        }
        String id = options.id();
        if (id != null && !ids.add(id)) {
            throw options.error("Duplicate ID '" + id + "' for netdev");
        }
    }

    private void readUser(PortOptions options) {
        if (gateway != null) {
            throw options.error("a network has one 'user' port at most, for now");
        }
        gateway = UserPort.read(options, names, notes);
    }

    private static UsageException unknownType(PortOptions options) {
        String type = options.type();
        if (PLANNED_TYPES.contains(type)) {
            return options.error("'" + type + "' is not supported yet; use " + String.join(", ", TYPES));
        }
        if (FOREIGN_TYPES.contains(type)) {
            return options.error("QEMU's '" + type + "' is not a port of Slipway; use " + String.join(", ", TYPES));
        }
        String near = Spelling.nearest(type, TYPES);
        return options.error("Parameter 'type' does not accept value '" + type + "'"
                + (near != null ? "; did you mean '" + near + "'?" : "; use " + String.join(", ", TYPES)));
    }
}
