package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.TftpMessage.Request;

class TftpMessageTest {

    private static @Nullable TftpMessage parse(byte[] bytes) {
        // The buffer ends where the message ends: a read beyond it throws.
        return TftpMessage.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsARequestWithOptions() {
        assertThat(parse(bytes("|\u0001pxelinux.0|OcTet|BLKSIZE|1456|tsize|0|")))
                .isEqualTo(new Request(false, "pxelinux.0", "OcTet", Map.of("blksize", "1456", "tsize", "0")));
        assertThat(parse(bytes("|\u0002a|netascii|"))).isEqualTo(new Request(true, "a", "netascii", Map.of()));
        assertThat(parse(bytes("|\u0001||"))).isEqualTo(new Request(false, "", "", Map.of()));
    }

    @Test
    void firstOfTwoOptionsCountsAndAnEmptyNameEndsThem() {
        assertThat(parse(bytes("|\u0001a|octet|tsize|0|TSIZE|1|||||")))
                .isEqualTo(new Request(false, "a", "octet", Map.of("tsize", "0")));
    }

    @Test
    void requestIsRefusedWhereverAStringIsCutOff() {
        byte[] whole = bytes("|\u0001boot/a|octet|blksize|1456|tsize|0|");
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        List<Integer> ends = List.of(text.indexOf("blksize"), text.indexOf("tsize"), whole.length);
        for (int length = 0; length <= whole.length; length++) {
            assertThat(parse(Arrays.copyOf(whole, length)) != null)
                    .as("length %d", length)
                    .isEqualTo(ends.contains(length));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "0000",
                "0007",
                "0300",
                "ffff00000000",
                "0003",
                "000300",
                "0004",
                "000400",
                "0005",
                "000500",
                "0001",
                "000100",
                "00016100",
                "0006610062"
            })
    void malformedMessagesAreRefused(String hex) {
        ByteBuf buf = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        assertThat(TftpMessage.check(buf, 0, buf.readableBytes())).isEqualTo(DropReason.TFTP_MALFORMED);
    }

    @Test
    void textOfAnErrorNeedNotEnd() {
        assertThat(parse(new byte[] {0, 5, 0, 1})).isEqualTo(new TftpMessage.Failure(1, ""));
        assertThat(parse(bytes("|\u0005|\u0001no"))).isEqualTo(new TftpMessage.Failure(1, "no"));
        assertThat(parse(bytes("|\u0005|\u0001no|more"))).isEqualTo(new TftpMessage.Failure(1, "no"));
    }

    @Test
    void moreOptionsThanThereAreAreRefused() {
        StringBuilder request = new StringBuilder("|\u0001a|octet|");
        for (int i = 0; i < TftpMessage.MAX_OPTIONS; i++) {
            request.append('o').append(i).append("|1|");
        }
        assertThat(parse(bytes(request.toString()))).isNotNull();
        assertThat(parse(bytes(request + "x|1|"))).isNull();
    }

    @Test
    void writesByteForByte() {
        ByteBuf buf = Unpooled.buffer();
        new TftpMessage.Data(0xfffe).emit(buf);
        new TftpMessage.Acknowledgment(1).emit(buf);
        new TftpMessage.Failure(2, "no").emit(buf);
        new TftpMessage.OptionAcknowledgment(Map.of("a", "1")).emit(buf);
        assertThat(ByteBufUtil.hexDump(buf)).isEqualTo("0003fffe" + "00040001" + "000500026e6f00" + "000661003100");
        assertThatThrownBy(() -> new TftpMessage.Failure(0, "a\0b").emit(buf))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsEmittedIsParsedBack() {
        for (int seed = 0; seed < 2000; seed++) {
            TftpMessage message = randomMessage(new Random(seed));
            ByteBuf buf = Unpooled.buffer();
            int at = seed % 7;
            buf.writeZero(at);
            message.emit(buf);
            assertThat(TftpMessage.parse(buf, at, buf.writerIndex() - at))
                    .as("seed %d", seed)
                    .isEqualTo(message);
        }
    }

    @Test
    void randomBytesNeverThrow() {
        byte[] whole = bytes("|\u0001boot/a|octet|blksize|1456|tsize|0|");
        int parsed = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] mutated = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int i = random.nextInt(4); i > 0 && mutated.length > 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(8);
            }
            parsed += parse(mutated) == null ? 0 : 1;
        }
        assertThat(parsed).isPositive();
    }

    private static TftpMessage randomMessage(Random random) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            options.put("o" + random.nextInt(10), randomText(random));
        }
        return switch (random.nextInt(5)) {
            case 0 -> new Request(random.nextBoolean(), randomText(random), randomText(random), options);
            case 1 -> new TftpMessage.Data(random.nextInt(0x1_0000));
            case 2 -> new TftpMessage.Acknowledgment(random.nextInt(0x1_0000));
            case 3 -> new TftpMessage.Failure(random.nextInt(0x1_0000), randomText(random));
            default -> new TftpMessage.OptionAcknowledgment(options);
        };
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append((char) (1 + random.nextInt(255)));
        }
        return text.toString();
    }
}
