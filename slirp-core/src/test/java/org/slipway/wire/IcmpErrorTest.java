package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IcmpErrorTest {

    @ParameterizedTest
    @CsvSource({
        // error, ICMP type and code (RFC 792, RFC 1122, RFC 1812), ICMPv6 type and code (RFC 4443 3, RFC 7112 5)
        "NET_UNREACHABLE, 3, 0, 1, 0",
        "PROHIBITED, 3, 13, 1, 1",
        "BEYOND_SCOPE, 3, 0, 1, 2",
        "HOST_UNREACHABLE, 3, 1, 1, 3",
        "PORT_UNREACHABLE, 3, 3, 1, 4",
        "PACKET_TOO_BIG, 3, 4, 2, 0",
        "TIME_EXCEEDED, 11, 0, 3, 0",
        "REASSEMBLY_EXCEEDED, 11, 1, 3, 1",
        "PARAMETER_PROBLEM, 12, 0, 4, 0",
        "PROTOCOL_UNREACHABLE, 3, 2, 4, 1",
        "UNKNOWN_OPTION, 12, 0, 4, 2",
        "INCOMPLETE_HEADERS, 12, 0, 4, 3",
    })
    void typesAndCodesAreThoseOfTheRfcs(IcmpError error, int type4, int code4, int type6, int code6) {
        assertThat(error.type(true)).isEqualTo(type4);
        assertThat(error.code(true)).isEqualTo(code4);
        assertThat(error.type(false)).isEqualTo(type6);
        assertThat(error.code(false)).isEqualTo(code6);
    }

    @ParameterizedTest
    @CsvSource({
        // error, value, the second 32 bits in IPv4, and in IPv6
        "PACKET_TOO_BIG, 1400, 1400, 1400",
        "PARAMETER_PROBLEM, 20, 335544320, 20",
        "PROTOCOL_UNREACHABLE, 40, 0, 40",
        "UNKNOWN_OPTION, 42, 704643072, 42",
        "PORT_UNREACHABLE, 0, 0, 0",
        "REASSEMBLY_EXCEEDED, 0, 0, 0",
    })
    void valueStandsWhereTheFamilyHasIt(IcmpError error, int value, int ipv4, int ipv6) {
        assertThat(error.restOfHeader(true, value)).isEqualTo(ipv4);
        assertThat(error.restOfHeader(false, value)).isEqualTo(ipv6);
    }
}
