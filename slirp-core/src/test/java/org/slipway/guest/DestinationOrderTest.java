package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.IpAddress;

/** RFC 6724 6; some are the examples of its 10.2. */
class DestinationOrderTest {

    private static List<IpAddress> parse(String addresses) {
        return Arrays.stream(addresses.split(" ")).map(IpAddress::parse).toList();
    }

    /** {@code sources}: that of IPv4, that of the link, another one of IPv6. */
    @ParameterizedTest
    @CsvSource({
        "10.0.2.15 fe80::1 2001:db8::2, 198.51.100.121 2001:db8:1::1, 2001:db8:1::1 198.51.100.121, rule 6",
        "10.0.2.15 fe80::1 fd00::15, 2001:db8:1::1 198.51.100.121, 198.51.100.121 2001:db8:1::1, rule 5",
        "10.0.2.15 fe80::1 fd00::15, fd00:9::1 2001:db8:1::1 10.1.1.1, 10.1.1.1 fd00:9::1 2001:db8:1::1, rules 5 and 6",
        "10.0.2.15 fe80::1 fe80::1, 2001:db8:1::1 198.51.100.121, 198.51.100.121 2001:db8:1::1, rule 2",
        "10.0.2.15 :: ::, 2001:db8:1::1 198.51.100.121, 198.51.100.121 2001:db8:1::1, rule 1",
        "0.0.0.0 fe80::1 2001:db8::2, 198.51.100.121 2001:db8:1::1, 2001:db8:1::1 198.51.100.121, rule 1",
        "10.0.2.15 fe80::1 2001:db8::2, 2001:db8:1::2 2001:db8:1::1, 2001:db8:1::2 2001:db8:1::1, rule 10",
        "10.0.2.15 fe80::1 2001:db8::2, 2002:c633:6401::1 2001:db8:1::1, 2001:db8:1::1 2002:c633:6401::1, rule 5",
    })
    void bestDestinationComesFirst(String sources, String destinations, String ordered, String why) {
        List<IpAddress> own = parse(sources);
        UnaryOperator<IpAddress> sourceFor =
                destination -> own.get(destination.isIpv4() ? 0 : destination.isLinkLocal() ? 1 : 2);
        assertThat(new DestinationOrder(sourceFor).sort(parse(destinations)))
                .as(why)
                .isEqualTo(parse(ordered));
    }
}
