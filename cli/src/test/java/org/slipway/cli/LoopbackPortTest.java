package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.link.Endpoint;

class LoopbackPortTest {

    @ParameterizedTest
    @CsvSource({
        "9100, 127.0.0.1:9100",
        ":0, 127.0.0.1:0",
        "127.0.0.2:65535, 127.0.0.2:65535",
        "[::1]:80, [0:0:0:0:0:0:0:1]:80",
    })
    void placeIsRead(String text, String endpoint) {
        assertThat(Endpoint.text(LoopbackPort.parse("--metrics", text))).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "65536", "-1", "127.0.0.1:", "localhost:80", "127.0.0.1"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> LoopbackPort.parse("--metrics", text))
                .isInstanceOf(UsageException.class)
                .hasMessage("--metrics expects [ADDR:]PORT, the port 0 to 65535, not '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:80", "192.0.2.1:80", "[::]:80"})
    void placeThatOthersReachIsRefused(String text) {
        assertThatThrownBy(() -> LoopbackPort.parse("--metrics", text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("of the loopback only");
    }
}
