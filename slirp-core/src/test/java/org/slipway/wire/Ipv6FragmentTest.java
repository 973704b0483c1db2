package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class Ipv6FragmentTest {

    private static final int AT = Packets.ROOM;

    @Test
    void fieldsStandWhereRfc8200HasThem() {
        ByteBuf first = Packets.hex("11 00 0001 12345678");
        ByteBuf second = Packets.hex("3a ff 0031 fedcba98");
        ByteBuf last = Packets.hex("06 00 fff8 00000000");

        assertThat(Ipv6Fragment.nextHeader(first, AT)).isEqualTo(IpProtocol.UDP);
        assertThat(Ipv6Fragment.offset(first, AT)).isZero();
        assertThat(Ipv6Fragment.more(first, AT)).isTrue();
        assertThat(Ipv6Fragment.identification(first, AT)).isEqualTo(0x12345678);
        assertThat(Ipv6Fragment.nextHeader(second, AT)).isEqualTo(IpProtocol.ICMPV6);
        assertThat(Ipv6Fragment.offset(second, AT)).isEqualTo(48);
        assertThat(Ipv6Fragment.more(second, AT)).isTrue();
        assertThat(Ipv6Fragment.identification(second, AT)).isEqualTo(0xfedcba98);
        assertThat(Ipv6Fragment.offset(last, AT)).isEqualTo(65_528);
        assertThat(Ipv6Fragment.more(last, AT)).isFalse();
    }

    @Test
    void reservedBitsAreIgnored() {
        ByteBuf header = Packets.hex("11 ff 0006 12345678");

        assertThat(Ipv6Fragment.offset(header, AT)).isZero();
        assertThat(Ipv6Fragment.more(header, AT)).isFalse();
    }

    @Test
    void writtenHeaderHasReservedBitsOfZero() {
        ByteBuf header = Packets.hex("ff ff ffff ffffffff");

        Ipv6Fragment.write(header, AT, IpProtocol.UDP, 1448, true, 0x12345678);
        assertThat(Packets.hexOf(header)).isEqualTo("110005a912345678");

        Ipv6Fragment.write(header, AT, IpProtocol.UDP, 65_528, false, 0x9abcdef0);
        assertThat(Packets.hexOf(header)).isEqualTo("1100fff89abcdef0");
    }
}
