package org.slipway.service;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.StationQuota;
import org.slipway.loop.Loop;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TftpMessage;
import org.slipway.wire.TftpMessage.Failure;
import org.slipway.wire.TftpMessage.Request;

/**
 * A TFTP server to read from (RFC 1350, with the options of RFC 2348, 2349 and 7440), in mode octet. Each transfer has a
 * port of its own, refusals too. On the network's loop; files are opened and read elsewhere.
 */
public final class TftpServer implements DatagramService {

    /** Transfers of all guests: each holds a file and some hundred KiB. */
    static final int MAX_TRANSFERS = 32;

    /** Of these, of one guest, or of all that are behind one port. */
    static final int MAX_TRANSFERS_OF_A_GUEST = MAX_TRANSFERS / 2;

    /** Above what systems give to sockets by themselves: a guest may talk to such a port of the host by the same address. */
    static final int FIRST_PORT = 61_000;

    private static final int PORTS = 0x1_0000 - FIRST_PORT;

    /** Bytes of IPv4, UDP and TFTP headers. */
    private static final int IPV4_HEADERS = 20 + 8 + TftpMessage.DATA_HEADER_LENGTH;

    /** Bytes of IPv6, UDP and TFTP headers. */
    private static final int IPV6_HEADERS = 40 + 8 + TftpMessage.DATA_HEADER_LENGTH;

    private final TftpFiles files;
    private final int mtu;
    private final Loop loop;
    private final Executor elsewhere;
    private final Executor onLoop;
    private final DatagramPorts ports;
    private final DatagramSender sender;
    private final RandomGenerator random;
    private final Map<Client, Entry> transfers = new HashMap<>();
    private final StationQuota quota = new StationQuota(MAX_TRANSFERS, MAX_TRANSFERS_OF_A_GUEST);
    private boolean closed;

    private record Client(IpAddress address, int port) {}

    private record Entry(TftpTransfer transfer, Request request, long share, Runnable portCloser) {}

    /**
     * A server of {@code files}.
     *
     * @param mtu of the path to guests in bytes: no block is larger than what goes through unfragmented
     * @param elsewhere runs what may block; bounded, may reject
     * @param onLoop brings its results back to the loop's thread
     */
    public TftpServer(
            TftpFiles files,
            int mtu,
            Loop loop,
            Executor elsewhere,
            Executor onLoop,
            DatagramPorts ports,
            DatagramSender sender,
            RandomGenerator random) {
        this.files = files;
        this.mtu = mtu;
        this.loop = loop;
        this.elsewhere = elsewhere;
        this.onLoop = onLoop;
        this.ports = ports;
        this.sender = sender;
        this.random = random;
    }

    /** Ends all transfers without a word. */
    public void close() {
        closed = true;
        new ArrayList<>(transfers.keySet()).forEach(this::end);
    }

    /** How many transfers there are. */
    int transfers() {
        return transfers.size();
    }

    @Override
    public @Nullable DropReason receive(Datagram datagram) {
        ByteBuf payload = datagram.payload();
        TftpMessage message = TftpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
        if (closed
                || !(message instanceof Request request)
                || datagram.sourcePort() == 0
                || datagram.source().isUnspecified()) {
            return DropReason.TFTP_MALFORMED;
        }
        Client client = new Client(datagram.source(), datagram.sourcePort());
        Entry known = transfers.get(client);
        if (known != null && known.request.equals(request) && known.transfer.isUnanswered()) {
            known.transfer.requestRepeated();
            return null;
        }
        // Some firmware asks from the same port for each file, without a word about the one before.
        end(client);
        return begin(datagram, client, request);
    }

    private @Nullable DropReason begin(Datagram datagram, Client client, Request request) {
        boolean full = !quota.hasRoom(datagram.share());
        Failure refusal = full ? new Failure(Failure.NOT_DEFINED, "Too many transfers") : refusal(request);
        if (refusal != null) {
            peer(datagram, somePort()).send(refusal);
            return full ? DropReason.TFTP_TRANSFERS_FULL : null;
        }
        // A port that is taken is improbable, and several in a row are a fault.
        for (int attempt = 0; attempt < MAX_TRANSFERS; attempt++) {
            TftpPeer peer = peer(datagram, somePort());
            TftpTransfer transfer = new TftpTransfer(loop, peer, () -> end(client));
            Runnable portCloser = ports.open(datagram.destination(), peer.serverPort(), transfer);
            if (portCloser != null) {
                quota.take(datagram.share());
                transfers.put(client, new Entry(transfer, request, datagram.share(), portCloser));
                open(transfer, request, client.address);
                return null;
            }
        }
        return DropReason.TFTP_TRANSFERS_FULL;
    }

    /** Texts as libslirp has them. */
    private static @Nullable Failure refusal(Request request) {
        if (request.write()) {
            return new Failure(Failure.ACCESS_VIOLATION, "Access violation");
        }
        return request.mode().toLowerCase(Locale.ROOT).equals("octet")
                ? null
                : new Failure(Failure.ILLEGAL_OPERATION, "Unsupported transfer mode");
    }

    private void open(TftpTransfer transfer, Request request, IpAddress client) {
        try {
            elsewhere.execute(() -> {
                TftpFiles.Content content;
                try {
                    content = files.open(request.file());
                } catch (IOException | RuntimeException e) {
                    TftpReader.back(onLoop, () -> cannotOpen(transfer, e), null);
                    return;
                }
                TftpReader.back(onLoop, () -> opened(transfer, request, client, content), content);
            });
        } catch (RejectedExecutionException e) {
            transfer.refuse(new Failure(Failure.NOT_DEFINED, "Server busy"));
        }
    }

    private static void cannotOpen(TftpTransfer transfer, Exception cause) {
        if (!transfer.isClosed()) {
            transfer.refuse(
                    cause instanceof AccessDeniedException
                            ? new Failure(Failure.ACCESS_VIOLATION, "Access violation")
                            : new Failure(Failure.FILE_NOT_FOUND, "File not found"));
        }
    }

    private void opened(TftpTransfer transfer, Request request, IpAddress client, TftpFiles.Content content) {
        if (transfer.isClosed()) {
            TftpReader.closeElsewhere(content, elsewhere);
            return;
        }
        int maxBlock = mtu - (client.isIpv4() ? IPV4_HEADERS : IPV6_HEADERS);
        TftpTerms terms = TftpTerms.of(request.options(), maxBlock, content.size());
        transfer.begin(terms, (capacity, listener) -> new TftpReader(content, elsewhere, onLoop, capacity, listener));
    }

    private int somePort() {
        return FIRST_PORT + random.nextInt(PORTS);
    }

    private TftpPeer peer(Datagram datagram, int port) {
        return new TftpPeer(sender, datagram.destination(), port, datagram.source(), datagram.sourcePort());
    }

    private void end(Client client) {
        Entry entry = transfers.remove(client);
        if (entry != null) {
            quota.giveBack(entry.share);
            entry.portCloser.run();
            entry.transfer.close();
        }
    }
}
