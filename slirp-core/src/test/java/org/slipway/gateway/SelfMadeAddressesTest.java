package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slipway.wire.IpAddress;

class SelfMadeAddressesTest {

    private static final long GREEDY = 1L << 48;
    private static final long OTHER = GREEDY + 1;

    private static IpAddress address(long number) {
        return new IpAddress(0xfd00L << 48, number);
    }

    @Test
    void guestWithManyNamesAndAddressesPushesOutItsOwnAlone() {
        SelfMadeAddresses made = new SelfMadeAddresses();
        made.claim(address(0), 7, OTHER);
        for (int i = 1; i <= 10_000; i++) {
            made.claim(address(i), 1000 + i, GREEDY);
        }

        assertThat(made.size()).isEqualTo(1 + SelfMadeAddresses.MAX_OF_A_SHARE);
        assertThat(made.holder(address(0))).isEqualTo(7);
        assertThat(made.holder(address(1))).isEqualTo(SelfMadeAddresses.NOBODY);
        assertThat(made.holder(address(10_000))).isEqualTo(11_000);
        made.claim(address(20_000), 8, OTHER);
        assertThat(made.holder(address(20_000))).isEqualTo(8);
    }

    @Test
    void addressGoesToWhoClaimsItLast() {
        SelfMadeAddresses made = new SelfMadeAddresses();
        made.claim(address(1), 7, OTHER);
        made.claim(address(1), 8, GREEDY);
        assertThat(made.holder(address(1))).isEqualTo(8);
        assertThat(made.size()).isEqualTo(1);
    }
}
