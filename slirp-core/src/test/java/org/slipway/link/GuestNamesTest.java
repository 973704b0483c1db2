package org.slipway.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuestNamesTest {

    @Test
    void lowestFreeNumberIsTakenSoThatAGuestGetsItsOldName() {
        GuestNames names = new GuestNames(3);
        assertThat(names.take()).isEqualTo("guest1");
        assertThat(names.take()).isEqualTo("guest2");
        assertThat(names.take()).isEqualTo("guest3");
        assertThat(names.take()).isNull();
        names.release("guest2");
        assertThat(names.take()).isEqualTo("guest2");
        assertThat(names.take()).isNull();
    }
}
