package org.slipway.guest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.ip.IpHost;
import org.slipway.loop.Loop;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.DnsMessage;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/** One question: the addresses of one family that a name has. The same query goes to one resolver after the other. */
final class DnsQuestion implements GuestUdpListener {

    private final DropCounters drops;
    private final IpHost ip;
    private final UdpPorts udp;
    private final List<IpAddress> servers;
    private final boolean ipv4;
    private final Runnable answered;
    private final ByteBuf query = Unpooled.buffer();
    private final Retransmission retransmission;
    private List<IpAddress> addresses = List.of();
    private @Nullable String failure;
    private boolean done;
    private int port;

    /**
     * @param servers whom to ask, not none
     * @param answered called once, when there is an answer, or none has come
     */
    DnsQuestion(
            Loop loop,
            DropCounters drops,
            IpHost ip,
            UdpPorts udp,
            List<IpAddress> servers,
            boolean ipv4,
            Runnable answered) {
        this.drops = drops;
        this.ip = ip;
        this.udp = udp;
        this.servers = servers;
        this.ipv4 = ipv4;
        this.answered = answered;
        retransmission = new Retransmission(loop, this::send, () -> end(List.of(), "no resolver answers"));
    }

    /** Asks for {@code name}; {@code id} is unpredictable. */
    void start(int id, String name) {
        port = udp.bindAny(this);
        DnsAddresses.writeQuery(query, id, name, ipv4);
        retransmission.start();
    }

    private void send(int tries) {
        IpAddress server = servers.get(tries % servers.size());
        udp.send(ip.sourceFor(server), port, server, DnsMessage.PORT, query);
    }

    @Override
    public void received(IpAddress source, int sourcePort, IpAddress destination, ByteBuf payload) {
        if (sourcePort != DnsMessage.PORT || !servers.contains(source) || !answers(payload)) {
            drops.count(DropReason.DNS_MALFORMED);
            return;
        }
        int responseCode = DnsMessage.responseCode(payload, 0);
        List<IpAddress> found = DnsAddresses.readAnswer(payload, 0, payload.readableBytes(), ipv4);
        end(found == null ? List.of() : found, responseCode == 0 ? null : error(responseCode));
    }

    /** RFC 5452 9.1. */
    private boolean answers(ByteBuf message) {
        int questionEnd = query.readableBytes();
        return message.readableBytes() >= questionEnd
                && DnsMessage.isResponse(message, 0)
                && DnsMessage.id(message, 0) == DnsMessage.id(query, 0)
                && DnsMessage.questionEnd(message, 0, message.readableBytes()) == questionEnd
                && DnsMessage.sameQuestion(message, 0, query, 0, questionEnd);
    }

    private static String error(int responseCode) {
        return switch (responseCode) {
            case DnsMessage.RCODE_NAME_ERROR -> "no such name (NXDOMAIN)";
            case DnsMessage.RCODE_SERVER_FAILURE -> "the resolver failed (SERVFAIL)";
            case DnsMessage.RCODE_REFUSED -> "the resolver refuses (REFUSED)";
            default -> "the resolver answered with code " + responseCode;
        };
    }

    private void end(List<IpAddress> found, @Nullable String why) {
        stop();
        done = true;
        addresses = why == null ? found : List.of();
        failure = why;
        answered.run();
    }

    /** Nobody wants to know any more. Harmless when repeated. */
    void stop() {
        retransmission.stop();
        if (port != 0) {
            udp.unbind(port);
            port = 0;
        }
    }

    /** Whether it has ended. */
    boolean done() {
        return done;
    }

    /** What came out; empty if nothing did. */
    List<IpAddress> addresses() {
        return addresses;
    }

    /** Why nothing came out, in a few words; null if an answer was had. */
    @Nullable
    String failure() {
        return failure;
    }
}
