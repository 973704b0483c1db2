package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as neighbor discovery: solicitations and advertisements of neighbours and routers. */
class NdpMessageFuzzTest {

    @FuzzTest
    void whatIsParsedIsEmittedAgain(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        int length = input.length;
        if (length < IcmpMessage.HEADER_LENGTH) {
            return;
        }
        switch (IcmpMessage.type(buf, 0)) {
            case Icmpv6Message.NEIGHBOUR_SOLICITATION, Icmpv6Message.NEIGHBOUR_ADVERTISEMENT -> neighbour(buf, length);
            case Icmpv6Message.ROUTER_SOLICITATION -> routerSolicitation(buf, length);
            default -> routerAdvertisement(buf, length);
        }
    }

    private static ByteBuf room(int length) {
        return Unpooled.buffer(length, length).writerIndex(length);
    }

    private static void neighbour(ByteBuf buf, int length) {
        if (NeighbourMessage.check(buf, 0, length) != null) {
            return;
        }
        NeighbourMessage message = NeighbourMessage.parse(buf, 0, length);
        ByteBuf again = room(message.length());
        message.emit(again, 0);
        assertThat(NeighbourMessage.check(again, 0, message.length())).isNull();
        assertThat(NeighbourMessage.parse(again, 0, message.length())).isEqualTo(message);
    }

    private static void routerSolicitation(ByteBuf buf, int length) {
        if (RouterSolicitation.check(buf, 0, length) != null) {
            return;
        }
        RouterSolicitation message = RouterSolicitation.parse(buf, 0, length);
        ByteBuf again = room(message.length());
        message.emit(again, 0);
        assertThat(RouterSolicitation.check(again, 0, message.length())).isNull();
        assertThat(RouterSolicitation.parse(again, 0, message.length())).isEqualTo(message);
    }

    /** A lifetime of resolvers is told with resolvers only; more than one option holds does not fit into one. */
    private static void routerAdvertisement(ByteBuf buf, int length) {
        if (RouterAdvertisement.check(buf, 0, length) != null) {
            return;
        }
        RouterAdvertisement message = RouterAdvertisement.parse(buf, 0, length);
        boolean resolvers =
                !message.dnsServers().isEmpty() || !message.dnsSearch().isEmpty();
        int searchLength =
                message.dnsSearch().stream().mapToInt(name -> name.length() + 2).sum();
        if (!resolvers && message.dnsLifetimeSeconds() != 0
                || message.dnsServers().size() > 127
                || searchLength > 2000) {
            return;
        }
        ByteBuf again = room(message.length());
        message.emit(again, 0);
        assertThat(RouterAdvertisement.check(again, 0, message.length())).isNull();
        assertThat(RouterAdvertisement.parse(again, 0, message.length())).isEqualTo(message);
    }
}
