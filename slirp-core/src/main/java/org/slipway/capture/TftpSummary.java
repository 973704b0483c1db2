package org.slipway.capture;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/** TFTP (RFC 1350) with options (RFC 2347). A transfer is known by the client that asked for it on port 69. */
final class TftpSummary {

    private static final int PORT = 69;

    /** Transfers that are remembered. */
    private static final int MAX_TRANSFERS = 256;

    /** RFC 1350 2: unless the option blksize says otherwise. */
    private static final int DEFAULT_BLOCK = 512;

    private static final String[] ERRORS = {
        "Not defined", "File not found", "Access violation", "Disk full or allocation exceeded",
        "Illegal TFTP Operation", "Unknown transfer ID", "File already exists", "No such user",
        "Option negotiation failed"
    };

    private record Client(IpAddress address, int port) {}

    private static final class Transfer {
        private int blockBytes = DEFAULT_BLOCK;
    }

    private final Map<Client, Transfer> transfers = new RecentMap<>(MAX_TRANSFERS);

    /** Describes the datagram, if it belongs to a transfer. */
    void describe(
            SummaryLine line,
            PacketSlice data,
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort) {
        Client sender = new Client(source, sourcePort);
        Transfer transfer = transfers.get(sender);
        if (transfer == null) {
            transfer = transfers.get(new Client(destination, destinationPort));
        }
        if (destinationPort == PORT && (transfer == null || data.length() >= 2 && isRequest(data.u16(0)))) {
            transfer = new Transfer();
            transfers.put(sender, transfer);
        }
        if (transfer != null || sourcePort == PORT) {
            message(line.begin("TFTP"), data, transfer);
        }
    }

    private static boolean isRequest(int opcode) {
        return opcode == 1 || opcode == 2;
    }

    private static void message(SummaryLine line, PacketSlice data, @Nullable Transfer transfer) {
        int opcode = data.u16(0);
        switch (opcode) {
            case 1 -> request(line.add("Read Request"), data);
            case 2 -> request(line.add("Write Request"), data);
            case 3 -> {
                int block = transfer == null ? DEFAULT_BLOCK : transfer.blockBytes;
                line.add("Data Packet, Block: ", data.u16(2), data.length() - 4 < block ? " (last)" : "");
            }
            case 4 -> line.add("Acknowledgement, Block: ", data.u16(2));
            case 5 -> {
                int code = data.u16(2);
                line.add("Error Code, Code: ", code < ERRORS.length ? ERRORS[code] : "Unknown (" + code + ")");
                line.add(", Message: ", data.text(4, data.lengthUntilZero(4)));
            }
            case 6 -> {
                OptionalInt block = options(line.add("Option Acknowledgement"), data, 2);
                if (transfer != null) {
                    transfer.blockBytes = block.orElse(DEFAULT_BLOCK);
                }
            }
            default -> line.add("Unknown (").hex(opcode, 4).add(")");
        }
    }

    private static void request(SummaryLine line, PacketSlice data) {
        int file = data.lengthUntilZero(2);
        line.add(", File: ", data.text(2, file));
        int mode = data.lengthUntilZero(3 + file);
        line.add(", Transfer type: ", data.text(3 + file, mode));
        options(line, data, 4 + file + mode);
    }

    /** Appends {@code name=value} pairs. Returns the block size among them. */
    private static OptionalInt options(SummaryLine line, PacketSlice data, int options) {
        OptionalInt block = OptionalInt.empty();
        int at = options;
        while (at < data.length()) {
            int nameLength = data.lengthUntilZero(at);
            int valueLength = data.lengthUntilZero(at + nameLength + 1);
            String name = data.text(at, nameLength);
            String value = data.text(at + nameLength + 1, valueLength);
            line.add(", ", name, "=", value);
            if (name.equalsIgnoreCase("blksize") && value.matches("[0-9]{1,5}")) {
                block = OptionalInt.of(Integer.parseInt(value));
            }
            at += nameLength + valueLength + 2;
        }
        return block;
    }
}
