package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsAddressesTest {

    private static final String QUESTION = "0377777704746573740000010001";

    /** www.test is an alias of a.test, which has 192.0.2.1 and 192.0.2.2; and there is an IPv6 address. */
    private static final String ANSWER = "1234" + "8180" + "0001" + "0004" + "0000" + "0000"
            + QUESTION
            + "c00c" + "0005" + "0001" + "00000078" + "0004" + "0161c010"
            + "c026" + "0001" + "0001" + "00000078" + "0004" + "c0000201"
            + "c026" + "001c" + "0001" + "00000078" + "0010" + "20010db8000000000000000000000001"
            + "c026" + "0001" + "0001" + "00000078" + "0004" + "c0000202";

    private static ByteBuf buffer(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.test", "www.test."})
    void queryAsksForIpv4AddressesRecursively(String name) {
        ByteBuf query = Unpooled.buffer();
        DnsAddresses.writeQuery(query, 0x1234, name, true);
        assertThat(ByteBufUtil.hexDump(query)).isEqualTo("1234" + "0100" + "0001" + "0000" + "00000000" + QUESTION);
    }

    @Test
    void queryForIpv6AddressesIsOfTypeAaaa() {
        ByteBuf query = Unpooled.buffer();
        DnsAddresses.writeQuery(query, 0x1234, "www.test", false);
        assertThat(ByteBufUtil.hexDump(query)).endsWith("0474657374" + "00" + "001c" + "0001");
    }

    @Test
    void answerGivesAddressesOfOneFamilyBehindAliases() {
        ByteBuf answer = buffer(ANSWER);
        assertThat(DnsAddresses.readAnswer(answer, 0, answer.readableBytes(), true))
                .containsExactly(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2"));
        assertThat(DnsAddresses.readAnswer(answer, 0, answer.readableBytes(), false))
                .containsExactly(IpAddress.parse("2001:db8::1"));
    }

    @Test
    void ipv6AddressesInMappedFormAreLeftOut() {
        String mapped = "00000000000000000000ffffc0000201";
        ByteBuf answer = buffer(ANSWER.replace("20010db8000000000000000000000001", mapped));
        assertThat(DnsAddresses.readAnswer(answer, 0, answer.readableBytes(), false))
                .isEmpty();
    }

    @Test
    void answerCutOffAnywhereIsMalformed() {
        for (int length = DnsMessage.HEADER_LENGTH; length < ANSWER.length() / 2; length++) {
            ByteBuf cut = buffer(ANSWER.substring(0, 2 * length));
            assertThat(DnsAddresses.readAnswer(cut, 0, length, true))
                    .as("%s bytes", length)
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a.b", "a.b.", "_dns.x-1.test", "1.2.3.4"})
    void namesAreLabels(String name) {
        assertThat(DnsAddresses.isName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a..", "müller.test"})
    void emptyLabelsAndOtherScriptsAreNoNames(String name) {
        assertThat(DnsAddresses.isName(name)).isFalse();
    }

    @Test
    void namesAreBounded() {
        String label = "a".repeat(63);
        assertThat(DnsAddresses.isName(label)).isTrue();
        assertThat(DnsAddresses.isName(label + "a")).isFalse();
        String longest = String.join(".", List.of(label, label, label, "a".repeat(61)));
        assertThat(DnsAddresses.isName(longest)).isTrue();
        assertThat(DnsAddresses.isName(longest + "a")).isFalse();
    }
}
