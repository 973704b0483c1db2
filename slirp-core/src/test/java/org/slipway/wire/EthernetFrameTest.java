package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class EthernetFrameTest {

    private static final String HEADER = "52550a000202525400123456" + "0800";

    @Test
    void fieldsStandWhereIeee8023HasThem() {
        ByteBuf frame = Packets.hex(HEADER);

        assertThat(EthernetFrame.destination(frame, Packets.ROOM)).isEqualTo(0x5255_0a00_0202L);
        assertThat(EthernetFrame.source(frame, Packets.ROOM)).isEqualTo(0x5254_0012_3456L);
        assertThat(EthernetFrame.type(frame, Packets.ROOM)).isEqualTo(EtherType.IPV4);
    }

    @Test
    void writtenHeaderIsTheHeader() {
        ByteBuf frame = Packets.buffer(new byte[EthernetFrame.HEADER_LENGTH]);

        EthernetFrame.write(frame, Packets.ROOM, 0x5255_0a00_0202L, 0x5254_0012_3456L, EtherType.IPV4);

        assertThat(Packets.hexOf(frame)).isEqualTo(HEADER);
    }

    @Test
    void typeIsUnsigned() {
        ByteBuf frame = Packets.ethernet(0, 0, EtherType.IPV6, new byte[0]);

        assertThat(EthernetFrame.type(frame, Packets.ROOM)).isEqualTo(0x86dd);
    }
}
