package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.slipway.fuzz.FuzzInput;

/** Any bytes as an ICMP message, with a right checksum or not. */
class IcmpMessageFuzzTest {

    @FuzzTest
    void checkedMessagesAreWrittenAgain(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        boolean mended = in.flag();
        ByteBuf buf = Unpooled.wrappedBuffer(in.rest());
        int length = buf.readableBytes();
        if (mended && length >= IcmpMessage.HEADER_LENGTH) {
            IcmpMessage.writeChecksum(buf, 0, length);
        }
        if (IcmpMessage.check(buf, 0, length) != null) {
            assertThat(mended && length >= leastLength(buf, length)).isFalse();
            return;
        }
        ByteBuf again = buf.copy();
        int type = IcmpMessage.type(buf, 0);
        IcmpMessage.write(again, 0, type, IcmpMessage.code(buf, 0), IcmpMessage.restOfHeader(buf, 0));
        IcmpMessage.writeChecksum(again, 0, length);
        assertThat(IcmpMessage.check(again, 0, length)).isNull();
        assertThat(again.getShort(0)).isEqualTo(buf.getShort(0));
        assertThat(again.slice(4, length - 4)).isEqualTo(buf.slice(4, length - 4));
        assertThat(IcmpMessage.identifier(buf, 0) << 16 | IcmpMessage.sequence(buf, 0))
                .isEqualTo(IcmpMessage.restOfHeader(buf, 0));
    }

    /** RFC 792: a timestamp message has three times behind the header. */
    private static int leastLength(ByteBuf buf, int length) {
        boolean timestamp = length > 0 && (buf.getByte(0) == 13 || buf.getByte(0) == 14);
        return timestamp ? 20 : IcmpMessage.HEADER_LENGTH;
    }
}
