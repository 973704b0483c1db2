package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columnsAreAsWideAsTheyHaveToBe() {
        assertThat(new TextTable("A", "LONG", "B")
                        .row("first", "x", "")
                        .row("2", "", "end")
                        .lines())
                .containsExactly(
                        "A      LONG  B", //
                        "first  x",
                        "2            end");
    }

    @Test
    void rowHasAsManyCellsAsTheHead() {
        assertThatThrownBy(() -> new TextTable("A").row("1", "2")).isInstanceOf(IllegalArgumentException.class);
    }
}
