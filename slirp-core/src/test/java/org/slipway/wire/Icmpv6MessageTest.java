package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class Icmpv6MessageTest {

    /** An echo request from fd00::15 to fd00::2, identifier 0x1234, sequence number 1, "abcd": as scapy writes it. */
    private static final String REQUEST = "8000 aea4 1234 0001 61626364";

    private static final IpAddress GUEST = IpAddress.parse("fd00::15");
    private static final IpAddress GATEWAY = IpAddress.parse("fd00::2");
    private static final int AT = Packets.ROOM;

    @Test
    void checkVerifiesTheChecksumOverThePseudoHeader() {
        ByteBuf message = Packets.hex(REQUEST);

        assertThat(Icmpv6Message.check(message, AT, 12, GUEST, GATEWAY)).isNull();
        assertThat(Icmpv6Message.check(message, AT, 12, GUEST, IpAddress.parse("fd00::3")))
                .isEqualTo(DropReason.ICMP_MALFORMED);
        assertThat(Icmpv6Message.check(message, AT, 12, IpAddress.parse("fd00::16"), GATEWAY))
                .isEqualTo(DropReason.ICMP_MALFORMED);
        assertThat(IcmpMessage.type(message, AT)).isEqualTo(Icmpv6Message.ECHO_REQUEST);
        assertThat(IcmpMessage.identifier(message, AT)).isEqualTo(0x1234);
        assertThat(IcmpMessage.sequence(message, AT)).isEqualTo(1);
    }

    @Test
    void writtenMessageIsTheMessage() {
        ByteBuf message = Packets.hex("ffff ffff ffff ffff 61626364");

        IcmpMessage.write(message, AT, Icmpv6Message.ECHO_REQUEST, 0, 0x12340001);
        Icmpv6Message.writeChecksum(message, AT, 12, GUEST, GATEWAY);

        assertThat(Packets.hexOf(message)).isEqualTo(REQUEST.replace(" ", ""));
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes(REQUEST);
        for (int length = 0; length < whole.length; length++) {
            assertThat(Icmpv6Message.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length, GUEST, GATEWAY))
                    .as("%d bytes", length)
                    .isEqualTo(DropReason.ICMP_MALFORMED);
        }
    }

    @Test
    void checkRefusesAnyFlippedBit() {
        for (int bit = 0; bit < 96; bit++) {
            ByteBuf message = Packets.hex(REQUEST);
            message.setByte(AT + bit / 8, message.getByte(AT + bit / 8) ^ 1 << bit % 8);

            assertThat(Icmpv6Message.check(message, AT, 12, GUEST, GATEWAY)).isEqualTo(DropReason.ICMP_MALFORMED);
        }
    }

    @Test
    void typesBelow128AndRedirectsCountAsErrors() {
        for (int type = 0; type < 256; type++) {
            assertThat(Icmpv6Message.isError(type)).as("type %d", type).isEqualTo(type < 128 || type == 137);
        }
    }

    @Test
    void neighbourDiscoveryIsTheTypesOfRfc4861() {
        for (int type = 0; type < 256; type++) {
            assertThat(Icmpv6Message.isNeighbourDiscovery(type))
                    .as("type %d", type)
                    .isEqualTo(type >= 133 && type <= 137);
        }
    }
}
