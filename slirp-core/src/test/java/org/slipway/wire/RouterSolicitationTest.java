package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class RouterSolicitationTest {

    private static final String SOLICITATION = "8500 0000 00000000 0101 525400123456";
    private static final int AT = Packets.ROOM;

    @Test
    void messagesAreTheBytesOfRfc4861() {
        for (RouterSolicitation message :
                new RouterSolicitation[] {new RouterSolicitation(0x5254_0012_3456L), new RouterSolicitation(-1)}) {
            byte[] expected = java.util.Arrays.copyOf(Packets.hexBytes(SOLICITATION), message.length());
            ByteBuf emitted = Packets.buffer(Packets.hexBytes("ff".repeat(message.length())));
            message.emit(emitted, AT);

            assertThat(Packets.bytesOf(emitted)).isEqualTo(expected);
            assertThat(RouterSolicitation.check(emitted, AT, message.length())).isNull();
            assertThat(RouterSolicitation.parse(emitted, AT, message.length())).isEqualTo(message);
        }
        assertThat(new RouterSolicitation(-1).length()).isEqualTo(8);
        assertThat(new RouterSolicitation(1).length()).isEqualTo(16);
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes(SOLICITATION);
        for (int length = 0; length < whole.length; length++) {
            assertThat(RouterSolicitation.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(length == 8 ? null : DropReason.NDP_MALFORMED);
        }
    }

    @Test
    void checkRefusesAnotherCodeAndAnOptionOfLengthZero() {
        assertThat(RouterSolicitation.check(Packets.hex("8501 0000 00000000"), AT, 8))
                .isEqualTo(DropReason.NDP_MALFORMED);
        assertThat(RouterSolicitation.check(Packets.hex("8500 0000 00000000 0100 525400123456"), AT, 16))
                .isEqualTo(DropReason.NDP_MALFORMED);
    }

    @Test
    void otherOptionsAreSkipped() {
        ByteBuf buf = Packets.hex("8500 0000 00000000 fd02 0000000000000000000000000000 0101 525400123456");

        assertThat(RouterSolicitation.check(buf, AT, 32)).isNull();
        assertThat(RouterSolicitation.parse(buf, AT, 32)).isEqualTo(new RouterSolicitation(0x5254_0012_3456L));
    }
}
