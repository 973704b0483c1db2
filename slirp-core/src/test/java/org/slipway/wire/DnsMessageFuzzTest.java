package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Any bytes as a DNS message. */
class DnsMessageFuzzTest {

    @FuzzTest
    void everyWalkStaysWithinTheMessage(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        int length = input.length;
        if (DnsMessage.check(buf, 0, length) != null) {
            assertThat(length).isLessThan(DnsMessage.HEADER_LENGTH);
            return;
        }
        assertThat(DnsMessage.responseCode(buf, 0)).isBetween(0, 15);
        assertThat(DnsMessage.opcode(buf, 0)).isBetween(0, 15);
        assertThat(DnsMessage.udpPayload(buf, 0, length)).isBetween(DnsMessage.MIN_UDP_PAYLOAD, 65_535);
        int opt = DnsMessage.findOpt(buf, 0, length);
        assertThat(opt).isBetween(-1, length - 11);
        for (boolean ipv4 : new boolean[] {true, false}) {
            List<IpAddress> addresses = DnsAddresses.readAnswer(buf, 0, length, ipv4);
            assertThat(addresses == null ? 0 : addresses.size()).isLessThanOrEqualTo(length / (ipv4 ? 4 : 16));
            assertThat(addresses == null ? List.of() : addresses)
                    .allMatch(address -> ((IpAddress) address).isIpv4() == ipv4);
        }
        int questionEnd = DnsMessage.questionEnd(buf, 0, length);
        refuse(buf, length, -1);
        if (questionEnd >= 0) {
            assertThat(questionEnd).isBetween(DnsMessage.HEADER_LENGTH + 5, length);
            assertThat(DnsMessage.questionType(buf, 0, questionEnd)).isBetween(0, 65_535);
            assertThat(DnsMessage.sameQuestion(buf, 0, buf, 0, questionEnd)).isTrue();
            ByteBuf refusal = refuse(buf, length, questionEnd);
            assertThat(DnsMessage.questionEnd(refusal, 0, refusal.writerIndex()))
                    .isEqualTo(questionEnd);
            assertThat(DnsMessage.sameQuestion(buf, 0, refusal, 0, questionEnd)).isTrue();
            assertThat(DnsMessage.findOpt(refusal, 0, refusal.writerIndex()) >= 0)
                    .isEqualTo(opt >= 0);
        }
    }

    private static ByteBuf refuse(ByteBuf query, int length, int questionEnd) {
        ByteBuf out = Unpooled.buffer(DnsMessage.maxEmptyLength(questionEnd), DnsMessage.maxEmptyLength(questionEnd));
        DnsMessage.writeRefusal(out, query, 0, length, questionEnd, DnsMessage.RCODE_REFUSED);
        assertThat(DnsMessage.check(out, 0, out.writerIndex())).isNull();
        assertThat(DnsMessage.isResponse(out, 0)).isTrue();
        assertThat(DnsMessage.id(out, 0)).isEqualTo(DnsMessage.id(query, 0));
        assertThat(DnsMessage.responseCode(out, 0)).isEqualTo(DnsMessage.RCODE_REFUSED);
        ByteBuf truncated =
                Unpooled.buffer(DnsMessage.maxEmptyLength(questionEnd), DnsMessage.maxEmptyLength(questionEnd));
        DnsMessage.writeTruncated(truncated, query, 0, length, questionEnd, out, 0);
        assertThat(DnsMessage.isTruncated(truncated, 0)).isTrue();
        return out;
    }
}
