package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999, 999",
        "999.4, 999",
        "999.5, 1.00k",
        "1234, 1.23k",
        "9994, 9.99k",
        "9995, 10.0k",
        "99949, 99.9k",
        "99950, 100k",
        "999499, 999k",
        "999500, 1.00M",
        "12345678, 12.3M",
        "9223372036854775807, 9.22E",
    })
    void numberHasThreeDigits(double number, String text) {
        assertThat(Amounts.count(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "-1, 0s",
        "59.9, 59s",
        "60, 1m00s",
        "599, 9m59s",
        "600, 10m",
        "3599, 59m",
        "3600, 1h00m",
        "35999, 9h59m",
        "36000, 10h",
        "86399, 23h",
        "86400, 1d00h",
        "864000, 10d",
    })
    void ageHasTheTwoUnitsThatMatter(double seconds, String text) {
        assertThat(Amounts.age(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.000085, 85us",
        "0.000999, 999us",
        "0.0012, 1.2ms",
        "0.00994, 9.9ms",
        "0.14, 140ms",
        "0.9994, 999ms",
        "2.1, 2.1s",
        "120, 2m00s",
    })
    void roundTripIsShort(double seconds, String text) {
        assertThat(Amounts.roundTrip(seconds)).isEqualTo(text);
    }

    @Test
    void unknownRateIsADash() {
        assertThat(Amounts.bits(Double.NaN)).isEqualTo("-");
        assertThat(Amounts.frequency(Double.NaN)).isEqualTo("-");
    }
}
