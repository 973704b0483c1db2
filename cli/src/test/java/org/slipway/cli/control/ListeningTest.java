package org.slipway.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.ForwardRule.Protocol;

/** What QEMU's hostfwd_remove takes. */
class ListeningTest {

    @ParameterizedTest
    @CsvSource({
        "tcp::22, TCP, 127.0.0.1:22",
        ":127.0.0.1:22, TCP, 127.0.0.1:22",
        "udp:*:53, UDP, 0.0.0.0:53",
        "udp:0.0.0.0:65535, UDP, 0.0.0.0:65535",
        "tcp:[::1]:80, TCP, [0:0:0:0:0:0:0:1]:80",
        "unix:/run/vm.sock, UNIX, /run/vm.sock",
    })
    void placeIsRead(String text, Protocol protocol, String endpoint) {
        assertThat(Listening.parse(text)).isEqualTo(new Listening(protocol, endpoint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "22", "tcp:22", "tcp::", "tcp::65536", "tcp::-1", "sctp::22", "tcp:1.2.3:22", "unix:x"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Listening.parse(text))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("invalid format: '" + text + "'");
    }
}
