package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The checksum in large steps is the checksum of RFC 1071, wherever the bytes stand and however they are cut. */
class InternetChecksumFuzzTest {

    @FuzzTest
    void sumIsThatOfSixteenBitWords(byte[] input) {
        long words = 0;
        for (int i = 0; i < input.length; i++) {
            words += i % 2 == 0 ? (input[i] & 0xff) << 8 : input[i] & 0xff;
        }
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        int expected = InternetChecksum.fold(words);
        assertThat(InternetChecksum.fold(InternetChecksum.sum(buf, 0, input.length)))
                .isEqualTo(expected);
        int cut = input.length > 0 ? (input[0] & 0xff) % (input.length + 1) & ~1 : 0;
        long parts = InternetChecksum.sum(buf, 0, cut) + InternetChecksum.sum(buf, cut, input.length - cut);
        assertThat(InternetChecksum.fold(parts)).isEqualTo(expected);
    }
}
