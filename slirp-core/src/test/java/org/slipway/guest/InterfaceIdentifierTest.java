package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

class InterfaceIdentifierTest {

    /** The first is the example of RFC 2464 4. */
    @ParameterizedTest
    @CsvSource({
        "34:56:78:9a:bc:de, fe80::, fe80::3656:78ff:fe9a:bcde",
        "52:54:00:12:34:56, fe80::, fe80::5054:ff:fe12:3456",
        "52:54:00:12:34:56, fd00:1:2:3::, fd00:1:2:3:5054:ff:fe12:3456",
        "fe:ff:ff:ff:ff:ff, fe80::, fe80::fcff:ffff:feff:ffff",
        "00:00:00:00:00:01, fe80::, fe80::200:ff:fe00:1",
    })
    void identifierIsTheModifiedEui64(String mac, String network, String address) {
        IpPrefix prefix = IpPrefix.of(IpAddress.parse(network), 64);
        assertThat(InterfaceIdentifier.address(prefix, MacAddress.parse(mac))).hasToString(address);
    }
}
