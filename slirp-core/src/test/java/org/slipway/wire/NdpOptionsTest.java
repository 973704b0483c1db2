package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NdpOptionsTest {

    /** A nonce (RFC 3971) of sixteen bytes, then two source link-layer addresses. */
    private static final String OPTIONS =
            "0e02 000102030405060708090a0b0c0d" + "0101 525400123456" + "0101 525400123457";

    private static final int AT = Packets.ROOM;

    @Test
    void firstOptionOfATypeIsFound() {
        ByteBuf options = Packets.hex(OPTIONS);

        assertThat(NdpOptions.check(options, AT, 32)).isTrue();
        assertThat(NdpOptions.find(options, AT, 32, 14)).isEqualTo(AT);
        assertThat(NdpOptions.length(options, AT)).isEqualTo(16);
        assertThat(NdpOptions.find(options, AT, 32, NdpOptions.SOURCE_LINK_LAYER_ADDRESS))
                .isEqualTo(AT + 16);
        assertThat(NdpOptions.linkLayerAddress(options, AT, 32, NdpOptions.SOURCE_LINK_LAYER_ADDRESS))
                .isEqualTo(0x5254_0012_3456L);
        assertThat(NdpOptions.find(options, AT, 32, NdpOptions.MTU)).isEqualTo(-1);
        assertThat(NdpOptions.linkLayerAddress(options, AT, 32, NdpOptions.TARGET_LINK_LAYER_ADDRESS))
                .isEqualTo(-1);
        assertThat(NdpOptions.linkLayerAddress(options, AT, 0, 14)).isEqualTo(-1);
    }

    @Test
    void noOptionsAreWellFormed() {
        assertThat(NdpOptions.check(Packets.hex(""), AT, 0)).isTrue();
    }

    @Test
    void everyTruncationWithinAnOptionIsRefused() {
        byte[] whole = Packets.hexBytes(OPTIONS);
        for (int length = 0; length < whole.length; length++) {
            boolean between = length == 0 || length == 16 || length == 24;

            assertThat(NdpOptions.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(between);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0100 525400123456", "0101 525400123456 0200 525400123456", "0102 525400123456", "01", "0101"})
    void lengthOfZeroOrBeyondTheEndIsRefused(String options) {
        ByteBuf buf = Packets.hex(options);

        assertThat(NdpOptions.check(buf, AT, buf.readableBytes())).isFalse();
    }

    @Test
    void nothingIsReadBeyondOptionsThatWereTaken() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[8 * random.nextInt(6)];
            random.nextBytes(bytes);
            for (int i = 1; i < bytes.length; i += 8) {
                bytes[i] = (byte) random.nextInt(4);
            }
            ByteBuf buf = Unpooled.wrappedBuffer(bytes);
            if (NdpOptions.check(buf, 0, bytes.length)) {
                for (int type = 0; type < 256; type++) {
                    NdpOptions.linkLayerAddress(buf, 0, bytes.length, type);
                }
            }
        }
    }
}
