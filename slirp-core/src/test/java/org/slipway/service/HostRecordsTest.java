package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.IpAddress;

class HostRecordsTest {

    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.1");

    private final HostRecords records = new HostRecords();

    @Test
    void recordsAreListedInTheirOrderAndWithoutCase() {
        records.add("Db.Example.", ADDRESS);
        records.add("a", IpAddress.parse("::1"));
        records.add("db.example", ADDRESS);
        assertThat(records.all()).hasToString("{db.example=[192.0.2.1], a=[::1]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b", "a!", "\u00e9", "-.\u0000"})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> records.add(name, ADDRESS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + name + "' is no host name");
        assertThat(records.all()).isEmpty();
    }

    @Test
    void namesAndAddressesAreBounded() {
        for (int i = 0; i < HostRecords.MAX_ADDRESSES; i++) {
            records.add("a", IpAddress.ipv4(i));
        }
        assertThatThrownBy(() -> records.add("a", ADDRESS)).hasMessageContaining("has 16 addresses");
        for (int i = 1; i < HostRecords.MAX_NAMES; i++) {
            records.add("a" + i, ADDRESS);
        }
        assertThatThrownBy(() -> records.add("b", ADDRESS)).hasMessageContaining("there are 4096 host records");
        assertThat(records.addresses("a")).hasSize(HostRecords.MAX_ADDRESSES);
        assertThat(records.addresses("b")).isEqualTo(List.of());
    }
}
