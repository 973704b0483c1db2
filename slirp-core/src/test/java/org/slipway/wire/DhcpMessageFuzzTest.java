package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.slipway.fuzz.FuzzInput;

/** Any bytes as a DHCP message: whole, or as options behind a head that is right. */
class DhcpMessageFuzzTest {

    private static final int HARDWARE = 1;
    private static final int COOKIE = 236;

    @FuzzTest
    void whatIsParsedIsEmittedAgain(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean mended = in.flag();
        ByteBuf buf = Unpooled.wrappedBuffer(in.rest());
        int length = buf.readableBytes();
        if (mended && length >= DhcpMessage.OPTIONS) {
            buf.setShort(HARDWARE, 0x0106);
            buf.setInt(COOKIE, 0x6382_5363);
        }
        DhcpMessage message = DhcpMessage.parse(buf, 0, length);
        assertThat(DhcpMessage.check(buf, 0, length) == null).isEqualTo(message != null);
        if (message == null) {
            return;
        }
        ByteBuf again = Unpooled.buffer();
        message.emit(again);
        assertThat(again.writerIndex()).isEqualTo(message.emittedLength());
        DhcpMessage reread = DhcpMessage.parse(again, 0, again.writerIndex());
        assertThat(reread).isEqualTo(message);
        assertThat(reread.type()).isEqualTo(message.type());
        assertThat(reread.hashCode()).isEqualTo(message.hashCode());
    }
}
