package org.slipway.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What an outside judge sees in a recording. */
final class Tshark {

    private static final List<String> FIELDS = List.of(
            "frame.number",
            "frame.protocols",
            "_ws.col.Info",
            "dhcp.option.dhcp",
            "dns.qry.name",
            "dns.a",
            "icmp.type",
            "icmpv6.type",
            "tftp.source_file",
            "tcp.flags.syn",
            "tcp.flags.ack",
            "tcp.flags.reset",
            "tcp.srcport",
            "tcp.dstport",
            "ip.checksum.status",
            "tcp.checksum",
            "tcp.checksum.status",
            "udp.checksum.status",
            "_ws.malformed",
            "arp.opcode");

    /** Protocols above TCP and UDP that are not the network's own. */
    private static final Pattern OTHERS = Pattern.compile(".*:(tcp|udp):(?!_ws\\.malformed|dns|dhcp).*");

    private final List<Map<String, String>> packets;

    private Tshark(List<Map<String, String>> packets) {
        this.packets = packets;
    }

    /** Reads a recording; without tshark the test ends here as skipped, or fails where {@code CI=true}. */
    static Tshark read(Path recording) throws IOException, InterruptedException {
        boolean found = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "tshark")));
        if (!Environment.isCi()) {
            Assumptions.assumeTrue(found, "tshark was not found: install tshark");
        }
        List<String> line = new ArrayList<>(List.of("tshark", "-n", "-r", recording.toString(), "-T", "fields"));
        for (String preference :
                List.of("ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE")) {
            line.addAll(List.of("-o", preference));
        }
        // Bodies of many megabytes, put together and perhaps unpacked, can take tshark minutes: the one of HTTP, and of
        // whatever protocol tshark thinks of at the port that a test was given.
        line.addAll(List.of("--disable-protocol", "http", "-o", "tcp.desegment_tcp_streams:FALSE"));
        FIELDS.forEach(field -> line.addAll(List.of("-e", field)));
        Path rows = Files.createTempFile("slipway-tshark-", ".txt");
        Path errors = Files.createTempFile("slipway-tshark-", ".err");
        try {
            Process tshark = new ProcessBuilder(line)
                    .redirectOutput(rows.toFile())
                    .redirectError(errors.toFile())
                    .start();
            boolean ended = tshark.waitFor(60, TimeUnit.SECONDS);
            tshark.destroyForcibly();
            if (!ended || tshark.exitValue() != 0) {
                throw new AssertionError("tshark " + (ended ? "cannot read " : "takes more than 60 s to read ")
                        + keep(recording) + ": " + Files.readString(errors));
            }
            try (Stream<String> lines = Files.lines(rows)) {
                return new Tshark(lines.map(Tshark::packet).toList());
            }
        } finally {
            Files.delete(rows);
            Files.delete(errors);
        }
    }

    /** A copy that is there after the test, to be looked at. */
    private static Path keep(Path recording) throws IOException {
        Path kept = Path.of("target", "recordings", System.nanoTime() + ".pcapng");
        Files.createDirectories(kept.getParent());
        return Files.copy(recording, kept);
    }

    private static Map<String, String> packet(String row) {
        String[] values = row.split("\t", -1);
        Map<String, String> packet = new HashMap<>();
        for (int i = 0; i < FIELDS.size(); i++) {
            if (!values[i].isEmpty()) {
                packet.put(FIELDS.get(i), values[i]);
            }
        }
        return packet;
    }

    /** How many packets there are. */
    int size() {
        return packets.size();
    }

    /** How many packets have all of those values: field, value, field, value… */
    long count(String... fieldsAndValues) {
        return packets.stream().filter(packet -> has(packet, fieldsAndValues)).count();
    }

    private static boolean has(Map<String, String> packet, String... fieldsAndValues) {
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            if (!FIELDS.contains(fieldsAndValues[i])) {
                throw new IllegalArgumentException(fieldsAndValues[i]);
            }
            if (!fieldsAndValues[i + 1].equals(packet.get(fieldsAndValues[i]))) {
                return false;
            }
        }
        return true;
    }

    /** The packets that tshark finds fault with, other than what applications say to each other. */
    List<Map<String, String>> faulty() {
        return packets.stream()
                // A checksum's status is 0 for "bad", 1 for "good", 2 for "not looked at". Linux's software checksum
                // writes ffff for 0, the same number in one's complement; tshark takes it amiss in TCP (RFC 1624).
                .filter(packet -> isMalformed(packet)
                        || "0".equals(packet.get("ip.checksum.status"))
                        || "0".equals(packet.get("tcp.checksum.status")) && !"0xffff".equals(packet.get("tcp.checksum"))
                        || "0".equals(packet.get("udp.checksum.status")))
                .toList();
    }

    /** A port picked at random may be that of a protocol that tshark knows, and random bytes may look like one. */
    private static boolean isMalformed(Map<String, String> packet) {
        return packet.containsKey("_ws.malformed")
                && !OTHERS.matcher(packet.getOrDefault("frame.protocols", "")).matches();
    }
}
