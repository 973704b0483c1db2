package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        MacAddress station = MacAddress.parse(mac);
        IpAddress made = InterfaceIdentifier.address(prefix, station);
        assertThat(made).hasToString(address);
        assertThat(InterfaceIdentifier.isOf(made, station.value())).isTrue();
        assertThat(InterfaceIdentifier.isOf(made, station.value() ^ 1)).isFalse();
    }
}
