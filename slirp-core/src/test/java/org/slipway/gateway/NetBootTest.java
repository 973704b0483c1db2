package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.wire.IpAddress;

class NetBootTest {

    @ParameterizedTest
    @CsvSource({
        "boot.efi, tftp://[fd00::2]/boot.efi",
        "/a/b, tftp://[fd00::2]/a/b",
        "'', ''",
        "http://10.0.2.2/x, http://10.0.2.2/x",
        "tftp://[fd00::9]/x, tftp://[fd00::9]/x",
    })
    void urlNamesTheGatewayUnlessItIsOneAlready(String bootFile, String url) {
        assertThat(new NetBoot(null, bootFile).url(IpAddress.parse("fd00::2"))).isEqualTo(url);
    }

    @Test
    void longestFileFitsIntoItsFieldWithANul() {
        assertThat(new NetBoot(null, "x".repeat(127)).bootFile()).hasSize(127);
        assertThatThrownBy(() -> new NetBoot(null, "x".repeat(128)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 127");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\n", "gr\u00fcn"})
    void namesThatFirmwareWouldNotUnderstandAreRefused(String bootFile) {
        assertThatThrownBy(() -> new NetBoot(null, bootFile)).isInstanceOf(IllegalArgumentException.class);
    }
}
