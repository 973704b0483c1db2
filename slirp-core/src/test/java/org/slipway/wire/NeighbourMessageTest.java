package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighbourMessageTest {

    /** As scapy writes them, but for the checksum. */
    private static final String SOLICITATION = "8700 0000 00000000 fd000000000000000000000000000002 0101 525400123456";

    private static final String ADVERTISEMENT = "8800 0000 e0000000 fd000000000000000000000000000002 0201 52550a000202";

    private static final IpAddress TARGET = IpAddress.parse("fd00::2");
    private static final int AT = Packets.ROOM;

    private static void assertBytes(NeighbourMessage message, String hex) {
        ByteBuf buf = Packets.hex(hex);
        ByteBuf emitted = Packets.buffer(Packets.hexBytes("ff".repeat(message.length())));
        message.emit(emitted, AT);

        assertThat(message.length()).isEqualTo(buf.readableBytes());
        assertThat(Packets.hexOf(emitted)).isEqualTo(Packets.hexOf(buf));
        assertThat(NeighbourMessage.check(buf, AT, message.length())).isNull();
        assertThat(NeighbourMessage.parse(buf, AT, message.length())).isEqualTo(message);
    }

    @Test
    void messagesAreTheBytesOfRfc4861() {
        assertBytes(new NeighbourMessage(false, 0, TARGET, 0x5254_0012_3456L), SOLICITATION);
        assertBytes(new NeighbourMessage(false, 0, TARGET, -1), SOLICITATION.substring(0, 51));
        assertBytes(
                new NeighbourMessage(
                        true,
                        NeighbourMessage.ROUTER | NeighbourMessage.SOLICITED | NeighbourMessage.OVERRIDE,
                        TARGET,
                        0x5255_0a00_0202L),
                ADVERTISEMENT);
        assertBytes(
                new NeighbourMessage(true, NeighbourMessage.ROUTER, TARGET, -1),
                ADVERTISEMENT.substring(0, 51).replace("e0000000", "80000000"));
        assertBytes(
                new NeighbourMessage(true, NeighbourMessage.SOLICITED, TARGET, -1),
                ADVERTISEMENT.substring(0, 51).replace("e0000000", "40000000"));
        assertBytes(
                new NeighbourMessage(true, NeighbourMessage.OVERRIDE, TARGET, -1),
                ADVERTISEMENT.substring(0, 51).replace("e0000000", "20000000"));
    }

    @Test
    void parseOfWhatWasEmittedIsTheSame() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            boolean advertisement = random.nextBoolean();
            NeighbourMessage message = new NeighbourMessage(
                    advertisement,
                    advertisement ? random.nextInt(8) << 29 : 0,
                    new IpAddress(random.nextLong() >>> 1, random.nextLong()),
                    random.nextBoolean() ? -1 : random.nextLong() >>> 16);
            ByteBuf buf = Unpooled.buffer(message.length());
            message.emit(buf, 0);

            assertThat(NeighbourMessage.check(buf, 0, message.length())).isNull();
            assertThat(NeighbourMessage.parse(buf, 0, message.length())).isEqualTo(message);
        }
    }

    @Test
    void reservedBitsOfFlagsAreIgnored() {
        ByteBuf solicitation = Packets.hex(SOLICITATION.replace("00000000 fd", "ffffffff fd"));
        ByteBuf advertisement = Packets.hex(ADVERTISEMENT.replace("e0000000", "1fffffff"));

        assertThat(NeighbourMessage.parse(solicitation, AT, 32).flags()).isZero();
        assertThat(NeighbourMessage.parse(advertisement, AT, 32).flags()).isZero();
    }

    @Test
    void optionOfTheOtherMessageIsNoAddress() {
        ByteBuf buf = Packets.hex(ADVERTISEMENT.replace("0201", "0101"));

        assertThat(NeighbourMessage.parse(buf, AT, 32).linkLayerAddress()).isEqualTo(-1);
    }

    @Test
    void checkRefusesEveryTruncationWithoutReadingBeyond() {
        byte[] whole = Packets.hexBytes(SOLICITATION);
        for (int length = 0; length < whole.length; length++) {
            assertThat(NeighbourMessage.check(Unpooled.wrappedBuffer(whole, 0, length), 0, length))
                    .as("%d bytes", length)
                    .isEqualTo(length == 24 ? null : DropReason.NDP_MALFORMED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // another code, a multicast target, a mapped target, an option of length 0
                "8701 0000 00000000 fd000000000000000000000000000002",
                "8700 0000 00000000 ff020000000000000000000000000001",
                "8700 0000 00000000 00000000000000000000ffff0a000202",
                "8700 0000 00000000 fd000000000000000000000000000002 0100 525400123456",
                "8800 0000 00000000 fd000000000000000000000000000002 0e00 000000000000 0201 525400123456",
            })
    void checkRefusesWhatRfc4861Refuses(String message) {
        ByteBuf buf = Packets.hex(message);

        assertThat(NeighbourMessage.check(buf, AT, buf.readableBytes())).isEqualTo(DropReason.NDP_MALFORMED);
    }
}
