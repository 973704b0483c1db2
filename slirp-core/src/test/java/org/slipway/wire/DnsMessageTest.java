package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsMessageTest {

    /** RFC 1035 shape: example.org, A, IN, with RD, one answer by compressed name, one OPT record of 4096 with DO. */
    private static final byte[] ANSWER = ByteBufUtil.decodeHexDump("1234" + "8380" + "0001000100000001"
            + "076578616d706c65036f726700" + "00010001" + "c00c" + "00010001" + "00000078" + "0004" + "c0000201" + "00"
            + "0029" + "1000" + "00008000" + "0004" + "000a0000");

    private static final int QUESTION_END = 12 + 13 + 4;

    @Test
    void readsTheHeader() {
        ByteBuf buf = Unpooled.copiedBuffer(ANSWER);
        assertThat(DnsMessage.check(buf, 0, ANSWER.length)).isNull();
        assertThat(DnsMessage.id(buf, 0)).isEqualTo(0x1234);
        assertThat(DnsMessage.isResponse(buf, 0)).isTrue();
        assertThat(DnsMessage.isTruncated(buf, 0)).isTrue();
        assertThat(DnsMessage.opcode(buf, 0)).isEqualTo(DnsMessage.OPCODE_QUERY);
        assertThat(DnsMessage.responseCode(buf, 0)).isZero();
        assertThat(DnsMessage.questionEnd(buf, 0, ANSWER.length)).isEqualTo(QUESTION_END);
        assertThat(DnsMessage.questionType(buf, 0, QUESTION_END)).isEqualTo(1);
        assertThat(DnsMessage.udpPayload(buf, 0, ANSWER.length)).isEqualTo(4096);
        assertThat(DnsMessage.findOpt(buf, 0, ANSWER.length)).isEqualTo(QUESTION_END + 16);
    }

    @Test
    void truncatedAtEveryLengthNothingIsReadBeyond() {
        for (int length = 0; length < ANSWER.length; length++) {
            ByteBuf buf = Unpooled.wrappedBuffer(Arrays.copyOf(ANSWER, length));
            if (length < DnsMessage.HEADER_LENGTH) {
                assertThat(DnsMessage.check(buf, 0, length)).isEqualTo(DropReason.DNS_MALFORMED);
                continue;
            }
            assertThat(DnsMessage.check(buf, 0, length)).isNull();
            assertThat(DnsMessage.questionEnd(buf, 0, length)).isEqualTo(length < QUESTION_END ? -1 : QUESTION_END);
            int fixedOfOpt = QUESTION_END + 16 + 11;
            assertThat(DnsMessage.findOpt(buf, 0, length)).isEqualTo(length < fixedOfOpt ? -1 : QUESTION_END + 16);
            assertThat(DnsMessage.udpPayload(buf, 0, length)).isEqualTo(length < fixedOfOpt ? 512 : 4096);
        }
    }

    @Test
    void smallEdnsSizeCountsAs512() {
        byte[] bytes = ANSWER.clone();
        bytes[QUESTION_END + 16 + 3] = 0;
        assertThat(DnsMessage.udpPayload(Unpooled.wrappedBuffer(bytes), 0, bytes.length))
                .isEqualTo(512);
    }

    @Test
    void questionsDifferByNameTypeAndClassButNotByCase() {
        ByteBuf one = Unpooled.copiedBuffer(ANSWER);
        ByteBuf other = Unpooled.copiedBuffer(new byte[5], ANSWER);
        assertThat(DnsMessage.sameQuestion(one, 0, other, 5, QUESTION_END)).isTrue();
        other.setByte(5 + 13, 'E');
        assertThat(DnsMessage.sameQuestion(one, 0, other, 5, QUESTION_END)).isTrue();
        other.setByte(5 + QUESTION_END - 3, 28);
        assertThat(DnsMessage.sameQuestion(one, 0, other, 5, QUESTION_END)).isFalse();
        other.setByte(5 + QUESTION_END - 3, 1);
        other.setByte(5 + 13, 'f');
        assertThat(DnsMessage.sameQuestion(one, 0, other, 5, QUESTION_END)).isFalse();
    }

    @Test
    void typesThatDifferAsLettersDoAreNotTheSame() {
        byte[] https = ANSWER.clone();
        byte[] other = ANSWER.clone();
        https[QUESTION_END - 3] = 'A';
        other[QUESTION_END - 3] = 'a';
        assertThat(DnsMessage.sameQuestion(
                        Unpooled.wrappedBuffer(https), 0, Unpooled.wrappedBuffer(other), 0, QUESTION_END))
                .isFalse();
    }

    @Test
    void refusalEchoesQuestionAndOpt() {
        byte[] query = ANSWER.clone();
        query[2] = 0x01;
        query[3] = 0x10;
        ByteBuf out = Unpooled.buffer(DnsMessage.maxEmptyLength(QUESTION_END), DnsMessage.maxEmptyLength(QUESTION_END));
        DnsMessage.writeRefusal(out, Unpooled.wrappedBuffer(query), 0, query.length, QUESTION_END, 5);
        assertThat(ByteBufUtil.hexDump(out))
                .isEqualTo("1234" + "8195" + "0001000000000001" + "076578616d706c65036f726700" + "00010001" + "00"
                        + "0029" + "04d0" + "00008000" + "0000");
    }

    @Test
    void randomBytesNeverThrow() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[12 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[4] = 0;
            bytes[5] = 1;
            ByteBuf buf = Unpooled.wrappedBuffer(bytes);
            int end = DnsMessage.questionEnd(buf, 0, bytes.length);
            assertThat(end).isLessThanOrEqualTo(bytes.length);
            assertThat(DnsMessage.udpPayload(buf, 0, bytes.length)).isGreaterThanOrEqualTo(512);
            ByteBuf out = Unpooled.buffer(0, DnsMessage.maxEmptyLength(end));
            DnsMessage.writeRefusal(out, buf, 0, bytes.length, end, 2);
        }
    }
}
