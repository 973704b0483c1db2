package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CNumberTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "22, 22",
        "0x16, 22",
        "0XfF, 255",
        "026, 22",
        "'', -1",
        "x, -1",
        "08, -1",
        "0x, -1",
        "-1, -1",
        "+1, -1",
        "0x-1, -1",
        "1 , 1",
        "' 1', -1",
        "\u0661, -1",
        "99999999999999999999, -1",
    })
    void readsAsStrtolDoes(String text, long number) {
        assertThat(CNumber.parse(text)).isEqualTo(number);
    }
}
