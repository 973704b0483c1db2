package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as a TFTP message. */
class TftpMessageFuzzTest {

    @FuzzTest
    void whatIsParsedIsEmittedAgain(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        TftpMessage message = TftpMessage.parse(buf, 0, input.length);
        assertThat(TftpMessage.check(buf, 0, input.length) == null).isEqualTo(message != null);
        if (message == null) {
            return;
        }
        ByteBuf again = Unpooled.buffer();
        message.emit(again);
        assertThat(TftpMessage.parse(again, 0, again.writerIndex())).isEqualTo(message);
    }
}
