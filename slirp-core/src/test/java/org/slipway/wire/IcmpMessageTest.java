package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class IcmpMessageTest {

    /** An echo request, identifier 0x1234, sequence number 1, "abcd". */
    private static final String REQUEST = "0800 2104 1234 0001 61626364";

    private static final int AT = Packets.ROOM;

    @Test
    void fieldsStandWhereRfc792HasThem() {
        ByteBuf message = Packets.hex(REQUEST);

        assertThat(IcmpMessage.check(message, AT, 12)).isNull();
        assertThat(IcmpMessage.type(message, AT)).isEqualTo(IcmpMessage.ECHO_REQUEST);
        assertThat(IcmpMessage.code(message, AT)).isZero();
        assertThat(IcmpMessage.checksum(message, AT)).isEqualTo(0x2104);
        assertThat(IcmpMessage.identifier(message, AT)).isEqualTo(0x1234);
        assertThat(IcmpMessage.sequence(message, AT)).isEqualTo(1);
        assertThat(IcmpMessage.restOfHeader(message, AT)).isEqualTo(0x12340001);
    }

    @Test
    void writtenMessageIsTheMessage() {
        ByteBuf message = Packets.hex("ffff ffff ffff ffff 61626364");

        IcmpMessage.write(message, AT, IcmpMessage.ECHO_REQUEST, 0, 0x12340001);
        IcmpMessage.writeChecksum(message, AT, 12);

        assertThat(Packets.hexOf(message)).isEqualTo(REQUEST.replace(" ", ""));
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes(REQUEST);
        for (int length = 0; length < whole.length; length++) {
            assertThat(IcmpMessage.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(DropReason.ICMP_MALFORMED);
        }
    }

    @Test
    void checkRefusesAnyFlippedBit() {
        for (int bit = 0; bit < 96; bit++) {
            ByteBuf message = Packets.hex(REQUEST);
            message.setByte(AT + bit / 8, message.getByte(AT + bit / 8) ^ 1 << bit % 8);

            assertThat(IcmpMessage.check(message, AT, 12)).isEqualTo(DropReason.ICMP_MALFORMED);
        }
    }

    @Test
    void onlyKnownQueriesAreNoErrors() {
        for (int type = 0; type < 256; type++) {
            boolean query = type == 0 || type == 8 || type == 9 || type == 10 || type >= 13 && type <= 18;

            assertThat(IcmpMessage.isError(type)).as("type %d", type).isEqualTo(!query);
        }
    }
}
