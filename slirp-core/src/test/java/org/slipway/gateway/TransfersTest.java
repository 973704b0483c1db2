package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.slipway.gateway.Transfers.Carried;

/** What the tests of bounds measure with notices a loss of two in a hundred, and none that is smaller than one. */
class TransfersTest {

    private static final int TIME = 200;

    private static Carried without(int lost) {
        try (TwoGuests network = new TwoGuests()) {
            return network.carry(TIME, time -> {
                if (time % 100 < lost) {
                    network.standStill();
                }
            });
        }
    }

    @Test
    void lossOfTwoInAHundredIsNoticed() {
        Carried usual = TwoGuests.undisturbed(TIME);
        without(0).assertIsNearly(usual);
        Carried less = without(2);
        assertThatThrownBy(() -> less.assertIsNearly(usual)).isInstanceOf(AssertionError.class);
    }
}
