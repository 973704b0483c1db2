package org.slipway.nat;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.slipway.wire.IpAddress;

/**
 * A forward from guests to the host ({@code guestfwd=}): TCP connections of guests to a port of an address of the virtual
 * network end at something of the host, each at one of its own.
 *
 * @param description the rule as the user wrote it, for messages
 * @param server where guests find it, an address of the virtual network that no station has
 * @param port 1 to 65535
 * @param target where it leads
 */
public record GuestForward(String description, IpAddress server, int port, Target target) {

    /** What a connection of a guest is joined to. */
    public sealed interface Target permits Socket, Command, Daemon {}

    /**
     * A new connection to a socket of the host.
     *
     * @param address an InetSocketAddress, or a Netty DomainSocketAddress
     */
    public record Socket(SocketAddress address) implements Target {}

    /**
     * A new process, as inetd starts one: its standard input is what the guest sends, its standard output and error what the
     * guest hears.
     *
     * @param words the program and its arguments; at least one
     */
    public record Command(List<String> words) implements Target {

        public Command {
            words = List.copyOf(words);
            if (words.isEmpty()) {
                throw new IllegalArgumentException("a command without a word");
            }
        }
    }

    /**
     * A new process that has the connection itself, as inetd gives it: its standard input and output are a TCP socket, whose
     * peer is the host. It is ended some seconds after the connection, if it has not ended by itself.
     *
     * @param words the program, with its directory, and its arguments
     * @param errors the file that takes what it writes to standard error
     * @param silent is run on the network's loop when such a process has gone before it said a word
     */
    public record Daemon(List<String> words, Path errors, Runnable silent) implements Target {

        public Daemon {
            words = List.copyOf(words);
        }
    }
}
