package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.StationQuota;
import org.slipway.loop.Loop;
import org.slipway.service.DnsUpstream.Transport;
import org.slipway.wire.DnsAnswers;
import org.slipway.wire.DnsMessage;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/**
 * The virtual resolver: hands queries of guests, over UDP and TCP, to the host's resolvers and their answers back
 * (RFC 5625). It changes nothing but the id; EDNS and every type of record pass, no answer is kept.
 *
 * <p>What it answers itself: {@link LocalNames}; SERVFAIL if no resolver answers, or there is none; REFUSED if too many queries are on their
 * way, or guests may ask nothing; FORMERR to what has not one question; NOTIMP to other opcodes (a resolver of the host has no use for a guest's
 * NOTIFY or UPDATE) and to zone transfers over TCP (their answers are many messages); and, to an answer that is larger than
 * the guest takes over UDP, an empty one that says so (TC), upon which the guest asks over TCP.
 */
public final class DnsRelay implements DatagramService, StreamService {

    /** Queries on their way for all guests: each holds one socket. */
    static final int MAX_QUERIES = 512;

    /** Of these, for one guest. */
    static final int MAX_QUERIES_PER_GUEST = 256;

    /** TCP connections of all guests. */
    static final int MAX_SESSIONS = 128;

    /** Of these, of one guest. */
    static final int MAX_SESSIONS_PER_GUEST = 32;

    /** A query is a name and some options: 300 bytes at most in practice, a few more with padding and cookies. */
    static final int MAX_QUERY_LENGTH = 4096;

    /** More cannot be tried in the time that a guest waits. */
    static final int MAX_RESOLVERS = 8;

    /** RFC 1035 4.2.2: over TCP two bytes of length stand in front of each message. */
    static final int LENGTH_PREFIX = 2;

    /** For how long guests may believe what the relay knows by itself: leases and records come and go. */
    private static final int KNOWN_SECONDS = 5;

    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    private final Loop loop;
    private final LocalNames names;
    private final boolean asks;
    private final Supplier<List<InetSocketAddress>> resolvers;
    private final DnsUpstream upstream;
    private final DatagramSender sender;
    private final DropCounters drops;
    private final RandomGenerator random;
    private final ResolverOrder order;
    private final StationQuota queries = new StationQuota(MAX_QUERIES, MAX_QUERIES_PER_GUEST);
    private final StationQuota sessions = new StationQuota(MAX_SESSIONS, MAX_SESSIONS_PER_GUEST);
    private final Set<DnsLookup> lookups = new HashSet<>();
    private boolean closed;

    /** Where an answer to one guest goes. */
    interface ReplyPath {

        /** Sends an answer; over TCP with its length in front. Ownership passes. Called once for a query, or never. */
        void send(ByteBuf answer);
    }

    /**
     * A relay that asks the resolvers which {@code resolvers} names at the time of a query.
     *
     * @param names what it knows by itself
     * @param asks whether queries of guests go anywhere; if not, all are REFUSED
     * @param drops counts what is dropped over TCP; over UDP the caller of {@link #receive} counts
     * @param random of ids; nobody must be able to guess what it gives
     */
    public DnsRelay(
            Loop loop,
            LocalNames names,
            boolean asks,
            Supplier<List<InetSocketAddress>> resolvers,
            DnsUpstream upstream,
            DatagramSender sender,
            DropCounters drops,
            RandomGenerator random) {
        this.loop = loop;
        this.names = names;
        this.asks = asks;
        this.resolvers = resolvers;
        this.upstream = upstream;
        this.sender = sender;
        this.drops = drops;
        this.random = random;
        order = new ResolverOrder(loop);
    }

    @Override
    public @Nullable DropReason receive(Datagram datagram) {
        if (datagram.sourcePort() == 0 || datagram.source().isUnspecified()) {
            return DropReason.DNS_MALFORMED;
        }
        IpAddress self = datagram.destination();
        int selfPort = datagram.destinationPort();
        IpAddress guest = datagram.source();
        int guestPort = datagram.sourcePort();
        // To the station itself: nobody need be searched for, however many addresses it asks from.
        long station = datagram.sourceMac();
        return ask(
                datagram.share(),
                Transport.UDP,
                datagram.payload(),
                answer -> sender.send(self, selfPort, guest, guestPort, station, answer));
    }

    @Override
    public @Nullable Session accept(long station, Output out) {
        if (closed || !sessions.take(station)) {
            drops.count(DropReason.DNS_QUERIES_FULL);
            return null;
        }
        return new DnsTcpSession(this, loop, drops, station, out);
    }

    /** A session that {@link #accept} gave is gone. */
    void sessionClosed(long station) {
        sessions.giveBack(station);
    }

    /** Forgets all queries on their way; later ones are dropped. Sessions end by {@link Session#closed}. */
    public void close() {
        closed = true;
        lookups.forEach(DnsLookup::cancel);
        lookups.clear();
    }

    /** How many queries are on their way. */
    int queriesInFlight() {
        return lookups.size();
    }

    /**
     * Takes the readable bytes of {@code message}, borrowed, as a query. Returns why it went no further, or null; either
     * way an answer may go to {@code path}, at once or later.
     */
    @Nullable
    DropReason ask(long station, Transport transport, ByteBuf message, ReplyPath path) {
        int at = message.readerIndex();
        int length = message.readableBytes();
        if (closed || DnsMessage.check(message, at, length) != null || DnsMessage.isResponse(message, at)) {
            return DropReason.DNS_MALFORMED;
        }
        if (DnsMessage.opcode(message, at) != DnsMessage.OPCODE_QUERY) {
            path.send(refusal(transport, message, -1, DnsMessage.RCODE_NOT_IMPLEMENTED));
            return null;
        }
        int questionEnd = DnsMessage.questionEnd(message, at, length);
        if (questionEnd < 0 || length > MAX_QUERY_LENGTH) {
            path.send(refusal(transport, message, questionEnd, DnsMessage.RCODE_FORMAT_ERROR));
            return DropReason.DNS_MALFORMED;
        }
        int type = DnsMessage.questionType(message, at, questionEnd);
        if (transport == Transport.TCP && (type == DnsMessage.TYPE_AXFR || type == DnsMessage.TYPE_IXFR)) {
            path.send(refusal(transport, message, questionEnd, DnsMessage.RCODE_NOT_IMPLEMENTED));
            return null;
        }
        ByteBuf known = known(message, at, length, questionEnd, type);
        if (known != null) {
            try {
                path.send(reply(transport, message.slice(at, length), questionEnd, known));
            } finally {
                known.release();
            }
            return null;
        }
        if (!asks) {
            path.send(refusal(transport, message, questionEnd, DnsMessage.RCODE_REFUSED));
            return DropReason.POLICY_DENIED;
        }
        List<InetSocketAddress> ordered = order.of(resolvers.get());
        List<InetSocketAddress> candidates = ordered.subList(0, Math.min(ordered.size(), MAX_RESOLVERS));
        if (candidates.isEmpty()) {
            path.send(refusal(transport, message, questionEnd, DnsMessage.RCODE_SERVER_FAILURE));
            return null;
        }
        if (!queries.take(station)) {
            path.send(refusal(transport, message, questionEnd, DnsMessage.RCODE_REFUSED));
            return DropReason.DNS_QUERIES_FULL;
        }
        ByteBuf query = ALLOCATOR.directBuffer(length).writeBytes(message, at, length);
        DnsLookup lookup = new DnsLookup(
                loop, upstream, order, random, transport, candidates, query, questionEnd, (done, asked, answer) -> {
                    lookups.remove(done);
                    queries.giveBack(station);
                    path.send(reply(transport, asked, questionEnd, answer));
                });
        lookups.add(lookup);
        lookup.next();
        return null;
    }

    /** The answer that need not be asked for, in a new buffer; null if there is none. */
    private @Nullable ByteBuf known(ByteBuf query, int at, int length, int questionEnd, int type) {
        String name = DnsMessage.questionClass(query, at, questionEnd) == DnsAnswers.CLASS_INTERNET
                ? DnsMessage.questionName(query, at, questionEnd)
                : null;
        LocalNames.Answer answer = name == null ? null : names.find(name, type);
        if (answer == null) {
            return null;
        }
        if (answer instanceof LocalNames.Addresses found) {
            List<IpAddress> addresses = found.addresses();
            ByteBuf out = ALLOCATOR.directBuffer(DnsAnswers.maxLength(questionEnd, addresses.size()));
            DnsAnswers.writeAddresses(out, query, at, length, questionEnd, addresses, KNOWN_SECONDS);
            return out;
        }
        ByteBuf out = ALLOCATOR.directBuffer(DnsAnswers.maxLength(questionEnd));
        if (answer instanceof LocalNames.Pointer found) {
            DnsAnswers.writePointer(out, query, at, length, questionEnd, found.name(), KNOWN_SECONDS);
        } else if (answer instanceof LocalNames.None none) {
            DnsAnswers.writeNothing(
                    out, query, at, length, questionEnd, none.nothing(), LocalNames.GATEWAY, KNOWN_SECONDS);
        }
        return out;
    }

    /** What goes to the guest, in a new buffer. */
    private static ByteBuf reply(Transport transport, ByteBuf query, int questionEnd, @Nullable ByteBuf answer) {
        if (answer == null) {
            return refusal(transport, query, questionEnd, DnsMessage.RCODE_SERVER_FAILURE);
        }
        int length = answer.readableBytes();
        if (transport == Transport.UDP && length > DnsMessage.udpPayload(query, 0, query.readableBytes())) {
            ByteBuf out = ALLOCATOR.directBuffer(DnsMessage.maxEmptyLength(questionEnd));
            DnsMessage.writeTruncated(out, query, 0, query.readableBytes(), questionEnd, answer, answer.readerIndex());
            return out;
        }
        ByteBuf out = begin(transport, length).writeBytes(answer, answer.readerIndex(), length);
        DnsMessage.writeId(out, out.writerIndex() - length, DnsMessage.id(query, 0));
        return finish(transport, out);
    }

    private static ByteBuf refusal(Transport transport, ByteBuf query, int questionEnd, int responseCode) {
        ByteBuf out = begin(transport, DnsMessage.maxEmptyLength(questionEnd));
        DnsMessage.writeRefusal(out, query, query.readerIndex(), query.readableBytes(), questionEnd, responseCode);
        return finish(transport, out);
    }

    private static ByteBuf begin(Transport transport, int length) {
        int prefix = transport == Transport.TCP ? LENGTH_PREFIX : 0;
        return ALLOCATOR.directBuffer(prefix + length).writeZero(prefix);
    }

    private static ByteBuf finish(Transport transport, ByteBuf out) {
        return transport == Transport.TCP ? out.setShort(0, out.writerIndex() - LENGTH_PREFIX) : out;
    }
}
