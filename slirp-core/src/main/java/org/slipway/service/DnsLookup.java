package org.slipway.service;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.loop.Timer;
import org.slipway.service.DnsUpstream.Transport;
import org.slipway.wire.DnsMessage;

/**
 * One query on its way through the resolvers: each in turn, each time with another random id from another socket, until
 * one answers or the time is over.
 *
 * <p>An answer of SERVFAIL or REFUSED makes it try the others, once; if no other knows better, that answer counts. A query
 * over TCP is asked over TCP, and if no resolver can be had that way, over UDP: an answer that is whole is as good.
 */
final class DnsLookup implements DnsUpstream.Listener {

    /** Shorter than the five seconds after which a guest's own resolver asks again. */
    static final long ATTEMPT_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Behind this a guest has given up or asked again anyway. */
    static final long TOTAL_NANOS = TimeUnit.SECONDS.toNanos(6);

    private static final int UDP_ROUNDS = 3;
    private static final int TCP_ROUNDS = 2;

    /** What becomes of a query. */
    interface Outcome {

        /**
         * It is over; called once, unless the lookup was cancelled.
         *
         * @param query as the guest sent it, from reader index. Borrowed
         * @param answer of a resolver, with an id of no meaning; borrowed; or null if none answered
         */
        void done(DnsLookup lookup, ByteBuf query, @Nullable ByteBuf answer);
    }

    private final Loop loop;
    private final DnsUpstream upstream;
    private final ResolverOrder order;
    private final RandomGenerator random;
    private final Transport transport;
    private final List<InetSocketAddress> resolvers;
    private final Outcome outcome;
    private final ByteBuf query;
    private final int guestId;
    private final int questionEnd;
    private final long deadlineNanos;
    private final long attemptNanos;

    private int attempts;
    private Transport attemptTransport;
    private InetSocketAddress resolver;
    private DnsUpstream.@Nullable Exchange exchange;
    private Timer timeout = () -> {};
    private @Nullable ByteBuf refusal;
    private boolean over;

    /**
     * A lookup that has not begun yet.
     *
     * @param resolvers in the order of asking, at least one
     * @param query the guest's, from reader index 0 to its end. Ownership passes
     * @param questionEnd {@link DnsMessage#questionEnd} of it
     */
    DnsLookup(
            Loop loop,
            DnsUpstream upstream,
            ResolverOrder order,
            RandomGenerator random,
            Transport transport,
            List<InetSocketAddress> resolvers,
            ByteBuf query,
            int questionEnd,
            Outcome outcome) {
        this.loop = loop;
        this.upstream = upstream;
        this.order = order;
        this.random = random;
        this.transport = transport;
        this.resolvers = resolvers;
        this.query = query;
        this.questionEnd = questionEnd;
        this.outcome = outcome;
        guestId = DnsMessage.id(query, 0);
        deadlineNanos = loop.nanoTime() + TOTAL_NANOS;
        attemptNanos = Math.min(ATTEMPT_NANOS, TOTAL_NANOS / resolvers.size());
        attemptTransport = transport;
        resolver = resolvers.get(0);
    }

    /** Asks the next resolver, or ends the lookup if there is none or no time. */
    void next() {
        endAttempt();
        int round = attempts / resolvers.size();
        long left = deadlineNanos - loop.nanoTime();
        boolean refusedByOne = refusal != null && round > 0;
        if (left <= 0 || refusedByOne || round >= (transport == Transport.UDP ? UDP_ROUNDS : TCP_ROUNDS)) {
            finish(refusal);
            return;
        }
        resolver = resolvers.get(attempts++ % resolvers.size());
        attemptTransport = round == 0 ? transport : Transport.UDP;
        DnsMessage.writeId(query, 0, random.nextInt(0x1_0000));
        timeout = loop.schedule(Math.min(attemptNanos, left), this::failed);
        exchange = upstream.send(attemptTransport, resolver, query, this);
    }

    @Override
    public void received(ByteBuf message) {
        int at = message.readerIndex();
        if (over || !isAnswer(message, at)) {
            return;
        }
        order.answered(resolver);
        int code = DnsMessage.responseCode(message, at);
        if (code == DnsMessage.RCODE_SERVER_FAILURE || code == DnsMessage.RCODE_REFUSED) {
            if (refusal == null) {
                refusal = message.copy();
            }
            next();
        } else if (transport == Transport.TCP && DnsMessage.isTruncated(message, at)) {
            next();
        } else {
            finish(message);
        }
    }

    /** RFC 5452 9.1: id and question are those of the query. Some refusals come without a question. */
    private boolean isAnswer(ByteBuf message, int at) {
        int length = message.readableBytes();
        if (DnsMessage.check(message, at, length) != null
                || !DnsMessage.isResponse(message, at)
                || DnsMessage.id(message, at) != DnsMessage.id(query, 0)
                || DnsMessage.opcode(message, at) != DnsMessage.OPCODE_QUERY) {
            return false;
        }
        if (DnsMessage.questionCount(message, at) == 0) {
            return DnsMessage.responseCode(message, at) != 0;
        }
        return DnsMessage.questionEnd(message, at, length) == questionEnd
                && DnsMessage.sameQuestion(query, 0, message, at, questionEnd);
    }

    @Override
    public void failed() {
        if (over) {
            return;
        }
        if (attemptTransport == Transport.UDP) {
            order.failed(resolver);
        }
        next();
    }

    private void finish(@Nullable ByteBuf answer) {
        over = true;
        DnsMessage.writeId(query, 0, guestId);
        outcome.done(this, query, answer);
        cancel();
    }

    /** Ends the lookup without an outcome and releases everything. Harmless when it is over. */
    void cancel() {
        over = true;
        endAttempt();
        if (query.refCnt() > 0) {
            query.release();
        }
        if (refusal != null) {
            refusal.release();
            refusal = null;
        }
    }

    private void endAttempt() {
        timeout.cancel();
        if (exchange != null) {
            exchange.cancel();
            exchange = null;
        }
    }
}
