package org.slipway.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that runs a network. */
final class NetworkOptions {

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "Write every packet to FILE (pcapng: Wireshark and tshark read it). An existing FILE is replaced.")
    @Nullable
    Path record;

    @Option(names = "--live", description = "Print one line a packet to standard output.")
    boolean live;

    @Option(
            names = "--ready-fd",
            paramLabel = "N",
            description = "When guests can plug in, write \"1\" to the open file descriptor N and close it.")
    @Nullable
    Integer readyFd;

    @Option(
            names = "--control",
            paramLabel = "PATH",
            description = "Answer 'slipway ctl' on a Unix socket at PATH, which you alone can connect to.")
    @Nullable
    Path control;

    @Option(
            names = "--api-socket",
            paramLabel = "PATH",
            description = "Answer clients of slirp4netns's API (add_hostfwd, ...) on a Unix socket at PATH.")
    @Nullable
    Path apiSocket;

    @Option(
            names = "--events",
            paramLabel = "FILE|-",
            description = "Write what happens (guests, leases, flows, drops) as lines of JSON at the end of FILE,"
                    + " or to standard output.")
    @Nullable
    String events;

    @Option(
            names = "--metrics",
            paramLabel = "[ADDR:]PORT",
            description =
                    "Answer Prometheus at http://ADDR:PORT/metrics; ADDR is 127.0.0.1, or another of the loopback.")
    @Nullable
    String metrics;

    @Option(
            names = "--host-record",
            paramLabel = "NAME=ADDRESS",
            description = "The same as host-record=NAME=ADDRESS of PORT 'user'. May be given many times.")
    List<String> hostRecords = List.of();

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "When guests can plug in, write the process id to FILE; removed at the end.")
    @Nullable
    Path pidFile;
}
