package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

    @Test
    void firstByteOnTheWireIsMostSignificant() {
        ByteBuf buf = Packets.hex("52550a000202");

        assertThat(MacAddress.readValue(buf, Packets.ROOM)).isEqualTo(0x5255_0a00_0202L);
        assertThat(MacAddress.read(buf, Packets.ROOM)).hasToString("52:55:0a:00:02:02");
    }

    @Test
    void parseOfTextAndReadOfBytesGiveBackEveryAddress() {
        for (int seed = 0; seed < 200; seed++) {
            MacAddress address = new MacAddress(new Random(seed).nextLong() >>> 16);
            ByteBuf buf = Unpooled.buffer(8);
            address.write(buf, 1);

            assertThat(MacAddress.parse(address.toString())).isEqualTo(address);
            assertThat(MacAddress.read(buf, 1)).isEqualTo(address);
            assertThat(buf.getByte(0)).isZero();
            assertThat(buf.getByte(7)).isZero();
        }
    }

    @Test
    void groupBitIsTheLowestOfTheFirstByte() {
        assertThat(MacAddress.isGroup(MacAddress.BROADCAST.value())).isTrue();
        assertThat(MacAddress.isGroup(MacAddress.parse("01:00:5e:00:00:01").value()))
                .isTrue();
        assertThat(MacAddress.isGroup(MacAddress.parse("33:33:00:00:00:01").value()))
                .isTrue();
        assertThat(MacAddress.isGroup(MacAddress.parse("52:55:0a:00:02:02").value()))
                .isFalse();
        assertThat(MacAddress.isGroup(0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "52",
                "52:55:0a:00:02",
                "52:55:0a:00:02:02:03",
                "52-55-0a-00-02-02",
                "52:55:0a:00:02:0g",
                "5:255:0a:00:02:02",
                "+1:55:0a:00:02:02",
                "-1:55:0a:00:02:02",
                "52:55:0a:00:02: 2",
                "٥٢:55:0a:00:02:02",
                "52:55:0a:00:02:02:",
                ":::::::::::::::::"
            })
    void parseRefusesWhatIsNoMacAddressAndQuotesIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacAddress.parse(text))
                .withMessage("not a MAC address: '" + text + "'");
    }
}
