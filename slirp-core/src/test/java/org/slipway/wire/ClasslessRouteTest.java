package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClasslessRouteTest {

    private static final IpAddress ROUTER = IpAddress.parse("10.0.0.1");

    private static String encoded(ClasslessRoute... routes) {
        return new DhcpOptions.Builder()
                .putRoutes(DhcpOptions.CLASSLESS_STATIC_ROUTE, List.of(routes))
                .build()
                .toString();
    }

    /** The destinations of RFC 3442's own table. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0, 00",
        "10.0.0.0, 8, 080a",
        "10.0.0.0, 24, 180a0000",
        "10.17.0.0, 16, 100a11",
        "10.27.129.0, 24, 180a1b81",
        "10.229.0.128, 25, 190a e50080",
        "10.198.122.47, 32, 200ac67a2f",
        "172.16.0.0, 12, 0cac10",
    })
    void destinationIsAsLongAsItsPrefix(String destination, int length, String bytes) {
        IpPrefix prefix = IpPrefix.of(IpAddress.parse(destination), length);
        assertThat(encoded(new ClasslessRoute(prefix, ROUTER))).isEqualTo("121=" + bytes.replace(" ", "") + "0a000001");
    }

    @Test
    void routesFollowEachOther() {
        IpPrefix ten = IpPrefix.of(ROUTER, 8);
        IpPrefix all = IpPrefix.of(ROUTER, 0);
        assertThat(encoded(new ClasslessRoute(ten, ROUTER), new ClasslessRoute(all, ROUTER)))
                .isEqualTo("121=080a0a000001000a000001");
    }

    @Test
    void routeOfIpv6IsNone() {
        IpAddress ipv6 = IpAddress.parse("fd00::1");
        assertThatThrownBy(() -> new ClasslessRoute(IpPrefix.of(ipv6, 64), ROUTER))
                .hasMessageContaining("fd00::/64");
        assertThatThrownBy(() -> new ClasslessRoute(IpPrefix.of(ROUTER, 8), ipv6))
                .hasMessageContaining("fd00::1");
    }
}
