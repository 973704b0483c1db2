package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as a UDP datagram. */
class UdpDatagramFuzzTest {

    @FuzzTest
    void checkedDatagramsAreReadAndWrittenWithinTheirBytes(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        if (UdpDatagram.check(buf, 0, input.length) != null) {
            return;
        }
        int length = UdpDatagram.length(buf, 0);
        assertThat(length).isBetween(UdpDatagram.HEADER_LENGTH, input.length);
        ByteBuf again = buf.copy(0, length);
        UdpDatagram.write(again, 0, UdpDatagram.sourcePort(buf, 0), UdpDatagram.destinationPort(buf, 0), length);
        assertThat(again.getInt(0)).isEqualTo(buf.getInt(0));
        assertThat(UdpDatagram.check(again, 0, length)).isNull();

        UdpDatagram.writeChecksum(again, 0, InternetChecksum.sum(again, 0, length));
        assertThat(UdpDatagram.checksum(again, 0)).isNotZero();
        assertThat(InternetChecksum.finish(InternetChecksum.sum(again, 0, length)))
                .isZero();
    }
}
