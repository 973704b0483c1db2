package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpOptionsTest {

    /** The options of a SYN as Linux sends it. */
    private static final String LINUX_SYN = "020405b4 0402080a 01020304 00000000 01030307";

    private static TcpOptions parse(String hex) {
        byte[] bytes = Packets.hexBytes(hex);
        TcpOptions options = new TcpOptions();
        options.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
        return options;
    }

    @Test
    void optionsOfASynAsLinuxSendsIt() {
        TcpOptions options = parse(LINUX_SYN);

        assertThat(options.mss).isEqualTo(1460);
        assertThat(options.sackPermitted).isTrue();
        assertThat(options.timestamps).isTrue();
        assertThat(options.timestampValue).isEqualTo(0x01020304);
        assertThat(options.timestampEcho).isZero();
        assertThat(options.windowScale).isEqualTo(7);
        assertThat(options.sackCount).isZero();
        ByteBuf emitted = Unpooled.buffer(20).writerIndex(20);
        options.emit(emitted, 0);
        assertThat(options.length()).isEqualTo(20);
        assertThat(Packets.hexOf(emitted)).isEqualTo(LINUX_SYN.replace(" ", ""));
    }

    @Test
    void parseOfWhatWasEmittedIsTheSame() {
        for (int seed = 0; seed < 1000; seed++) {
            TcpOptions options = randomOptions(new Random(seed));
            int length = options.length();
            ByteBuf buf = Unpooled.buffer(42).writeZero(42);
            buf.setByte(40, 0x55);
            options.emit(buf, 0);
            TcpOptions parsed = new TcpOptions();
            parsed.parse(buf.slice(0, length), 0, length);

            assertThat(length).as("seed %d", seed).isLessThanOrEqualTo(40).matches(bytes -> bytes % 4 == 0);
            assertThat(buf.getByte(40)).isEqualTo((byte) 0x55);
            assertThat(parsed.mss).isEqualTo(options.mss);
            assertThat(parsed.windowScale).isEqualTo(options.windowScale);
            assertThat(parsed.sackPermitted).isEqualTo(options.sackPermitted);
            assertThat(parsed.timestamps).isEqualTo(options.timestamps);
            assertThat(parsed.timestampValue).isEqualTo(options.timestamps ? options.timestampValue : 0);
            assertThat(parsed.sackCount).isLessThanOrEqualTo(options.sackCount);
            for (int i = 0; i < parsed.sackCount; i++) {
                assertThat(parsed.sackLeft(i)).isEqualTo(options.sackLeft(i));
                assertThat(parsed.sackRight(i)).isEqualTo(options.sackRight(i));
            }
        }
    }

    private static TcpOptions randomOptions(Random random) {
        TcpOptions options = new TcpOptions();
        options.mss = random.nextBoolean() ? random.nextInt(65_536) : -1;
        options.windowScale = random.nextBoolean() ? random.nextInt(15) : -1;
        options.sackPermitted = random.nextBoolean();
        options.timestamps = random.nextBoolean();
        options.timestampValue = random.nextInt();
        options.timestampEcho = random.nextInt();
        for (int i = random.nextInt(5); i > 0; i--) {
            options.addSack(random.nextInt(), random.nextInt());
        }
        return options;
    }

    @Test
    void asManySackBlocksAreEmittedAsThereIsRoomFor() {
        TcpOptions options = new TcpOptions();
        for (int i = 0; i < 6; i++) {
            options.addSack(i, i + 1);
        }
        assertThat(options.sackCount).isEqualTo(4);
        assertThat(options.length()).isEqualTo(36);
        options.timestamps = true;
        assertThat(options.length()).isEqualTo(40);
        options.mss = 1460;
        assertThat(options.length()).isEqualTo(36);
    }

    @Test
    void windowScaleBeyondFourteenIsFourteen() {
        assertThat(parse("030e0f 00").windowScale).isEqualTo(-1);
        assertThat(parse("03030f 00").windowScale).isEqualTo(14);
        assertThat(parse("0303ff 00").windowScale).isEqualTo(14);
    }

    @Test
    void unknownOptionsAreSkipped() {
        assertThat(parse("1e04abcd fe02 01 01 020405b4").mss).isEqualTo(1460);
    }

    @Test
    void nothingCountsBehindTheEnd() {
        assertThat(parse("00 020405b4 000000").mss).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "020405b4 0300",
                "020405b4 0301",
                "020405b4 03ff07",
                "020405b4 03",
                "020405b4 0800",
                "020405b4 05ff",
                "020405b4 0506 0000",
                "020405b4 0902"
            })
    void wrongLengthEndsTheReadingAndKeepsWhatCameBefore(String hex) {
        TcpOptions options = parse(hex);

        assertThat(options.mss).isEqualTo(1460);
        assertThat(options.windowScale).isEqualTo(-1);
        assertThat(options.timestamps).isFalse();
        assertThat(options.sackCount).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0203 05", "0205 05b4 00", "0302", "0403 00", "0804 0000", "0503 00", "0506 00000000"})
    void knownOptionOfAnotherLengthDoesNotCount(String hex) {
        TcpOptions options = parse(hex);

        assertThat(options.mss).isEqualTo(-1);
        assertThat(options.windowScale).isEqualTo(-1);
        assertThat(options.sackPermitted).isFalse();
        assertThat(options.timestamps).isFalse();
        assertThat(options.sackCount).isZero();
    }

    @Test
    void anyBytesAreReadWithoutReadingBeyond() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(41)];
            for (int i = 0; i < bytes.length; i++) {
                // Small values, so that kinds and lengths are hit often.
                bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(12));
            }
            TcpOptions options = new TcpOptions();
            options.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length);

            assertThat(options.sackCount).isBetween(0, TcpOptions.MAX_SACK_BLOCKS);
            assertThat(options.windowScale).isBetween(-1, TcpOptions.MAX_WINDOW_SCALE);
        }
    }

    @Test
    void clearForgetsEverything() {
        TcpOptions options = parse(LINUX_SYN + "050a 00000001 00000002 0101");
        assertThat(options.sackCount).isOne();

        options.clear();

        assertThat(options.length()).isZero();
        assertThat(options.mss).isEqualTo(-1);
        assertThat(options.timestampValue).isZero();
    }
}
