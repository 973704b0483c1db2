package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.TcpHeader;

/** RFC 6093: whatever the urgent pointer says, the bytes are part of the stream. */
class UrgentTest extends Scenario {

    private static final int URGENT_POINTER = 18;
    private static final int LENGTH = 100;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LENGTH, LENGTH + 1, 65_535})
    void urgentPointerChangesNothing(int pointer) {
        established();
        ByteBuf packet = Pattern.bytes(0, LENGTH);
        ByteBuf bytes =
                packet.alloc().directBuffer().writeZero(TcpHeader.MIN_LENGTH).writeBytes(packet);
        packet.release();
        int flags = TcpHeader.ACK | TcpHeader.URG;
        TcpHeader.write(bytes, 0, 1000, 80, PEER_ISS + 1, OUR_ISS + 1, TcpHeader.MIN_LENGTH, flags, 65_535);
        bytes.setShort(URGENT_POINTER, pointer);
        assertThat(TcpHeader.check(bytes, 0, bytes.readableBytes())).isNull();
        Segment segment = new Segment().read(bytes, 0, bytes.readableBytes());
        assertThat(connection.receive(segment, 5_000_000_000L)).isNull();
        bytes.release();
        assertThat(user.received).isEqualTo(LENGTH);
    }
}
