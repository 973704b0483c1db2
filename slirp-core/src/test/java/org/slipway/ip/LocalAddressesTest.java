package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

class LocalAddressesTest {

    private final LocalAddresses locals = new LocalAddresses();

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    @BeforeEach
    void addAddresses() {
        locals.add(ip("10.0.2.2"), IpPrefix.of(ip("10.0.2.0"), 24));
        locals.add(ip("10.0.2.3"), IpPrefix.of(ip("10.0.2.0"), 24));
        locals.add(ip("192.168.7.1"), IpPrefix.of(ip("192.168.7.0"), 30));
        locals.add(ip("192.0.2.1"), IpPrefix.of(ip("192.0.2.1"), 32));
        locals.add(ip("fd00::2"), IpPrefix.of(ip("fd00::"), 64));
    }

    @ParameterizedTest
    @CsvSource({
        // address, ours, on link, broadcast, foreign unicast
        "10.0.2.2, true, true, false, false",
        "10.0.2.3, true, true, false, false",
        "10.0.2.15, false, true, false, true",
        "10.0.2.0, false, true, false, false",
        "10.0.2.255, false, true, true, false",
        "10.0.3.255, false, false, false, true",
        "192.168.7.3, false, true, true, false",
        "192.168.7.7, false, false, false, true",
        "192.0.2.1, true, true, false, false",
        "192.0.2.2, false, false, false, true",
        "255.255.255.255, false, false, true, false",
        "224.0.0.1, false, false, false, false",
        "240.0.0.1, false, false, false, false",
        "0.0.0.0, false, false, false, false",
        "0.1.2.3, false, false, false, false",
        "127.0.0.1, false, false, false, false",
        "fd00::2, true, true, false, false",
        "fd00::15, false, true, false, true",
        "2001:db8::1, false, false, false, true",
        "ff02::1, false, false, false, false",
        "::1, false, false, false, false",
        "::, false, false, false, false",
    })
    void whatAnAddressIsToUs(String address, boolean ours, boolean onLink, boolean broadcast, boolean foreign) {
        assertThat(locals.contains(ip(address))).as("ours").isEqualTo(ours);
        assertThat(locals.isOnLink(ip(address))).as("on link").isEqualTo(onLink);
        assertThat(locals.isBroadcast(ip(address))).as("broadcast").isEqualTo(broadcast);
        assertThat(locals.isForeignUnicast(ip(address))).as("foreign unicast").isEqualTo(foreign);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.2.15, 10.0.2.2",
        "10.0.2.3, 10.0.2.3",
        "192.168.7.2, 192.168.7.1",
        "8.8.8.8, 10.0.2.2",
        "fd00::15, fd00::2",
        "2001:db8::1, fd00::2",
    })
    void sourceIsOnTheNetworkOfThePeerOrTheFirstOfItsFamily(String peer, String source) {
        assertThat(locals.sourceFor(ip(peer))).hasToString(source);
    }

    /** RFC 6724 5, rules 2 and 8. */
    @ParameterizedTest
    @CsvSource({
        "fe80::9, fe80::2",
        "ff02::1, fe80::2",
        "ff05::1, fd00::2",
        "fd00::9, fd00::2",
        "2001:db8:9::9, 2001:db8::2",
        "fd00:9::9, fd00::2",
    })
    void sourceIsOfThePeersScopeAndNearIt(String peer, String source) {
        LocalAddresses three = new LocalAddresses();
        three.add(ip("fe80::2"), IpPrefix.of(ip("fe80::"), 64));
        three.add(ip("fd00::2"), IpPrefix.of(ip("fd00::"), 64));
        three.add(ip("2001:db8::2"), IpPrefix.of(ip("2001:db8::"), 64));
        assertThat(three.sourceFor(ip(peer))).hasToString(source);
    }

    /** RFC 6724 5, rule 3. */
    @Test
    void deprecatedAddressIsASourceOnlyWithoutAnotherOfTheScope() {
        LocalAddresses two = new LocalAddresses();
        two.add(ip("fe80::2"), IpPrefix.of(ip("fe80::"), 64));
        two.add(ip("fd00::2"), IpPrefix.of(ip("fd00::"), 64));
        two.deprecate(ip("fd00::2"));
        assertThat(two.sourceFor(ip("fd00::9"))).hasToString("fd00::2");
        two.add(ip("2001:db8::2"), IpPrefix.of(ip("2001:db8::"), 64));
        assertThat(two.sourceFor(ip("fd00::9"))).hasToString("2001:db8::2");
        two.add(ip("fd00::2"), IpPrefix.of(ip("fd00::"), 64));
        assertThat(two.sourceFor(ip("fd00::9"))).hasToString("fd00::2");
    }

    /** RFC 4862 5.4: it is listened for, and is not ours. */
    @Test
    void tentativeAddressIsNotLocal() {
        LocalAddresses one = new LocalAddresses();
        one.addTentative(ip("fe80::2"));
        assertThat(one.isTentative(ip("fe80::2"))).isTrue();
        assertThat(one.isSolicitedNode(ip("ff02::1:ff00:2"))).isTrue();
        assertThat(one.contains(ip("fe80::2"))).isFalse();
        assertThat(one.sourceFor(ip("fe80::9"))).hasToString("::");
        one.add(ip("fe80::2"), IpPrefix.of(ip("fe80::"), 64));
        assertThat(one.isTentative(ip("fe80::2"))).isFalse();
        assertThat(one.contains(ip("fe80::2"))).isTrue();
        one.addTentative(ip("fe80::3"));
        one.remove(ip("fe80::3"));
        assertThat(one.isSolicitedNode(ip("ff02::1:ff00:3"))).isFalse();
    }

    @Test
    void sourceWithoutAnyAddressIsUnspecified() {
        assertThat(new LocalAddresses().sourceFor(ip("10.0.2.15"))).hasToString("0.0.0.0");
    }

    @Test
    void addressOutsideItsNetworkIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> locals.add(ip("10.0.3.2"), IpPrefix.of(ip("10.0.2.0"), 24)))
                .withMessage("address 10.0.3.2 is not in 10.0.2.0/24");
    }

    @Test
    void addressAddedAgainIsThereOnce() {
        locals.add(ip("10.0.2.2"), IpPrefix.of(ip("10.0.0.0"), 16));
        locals.remove(ip("10.0.2.2"));

        assertThat(locals.contains(ip("10.0.2.2"))).isFalse();
        assertThat(locals.isOnLink(ip("10.0.2.15"))).isTrue();
    }
}
