package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.cli.top.Line.Style;

class PainterTest {

    private final Painter painter = new Painter();

    private static List<Line> lines(String... texts) {
        return List.of(texts).stream()
                .map(text -> Line.of(Style.PLAIN, text, 4))
                .toList();
    }

    @Test
    void firstTimeEverythingIsWritten() {
        assertThat(painter.paint(lines("a", "b"))).isEqualTo("\033[0m\033[2J\033[1;1Ha   \033[2;1Hb   ");
    }

    @Test
    void onlyLinesThatChangedAreWritten() {
        painter.paint(lines("a", "b", "c"));
        assertThat(painter.paint(lines("a", "x", "c"))).isEqualTo("\033[2;1Hx   ");
        assertThat(painter.paint(lines("a", "x", "c"))).isEmpty();
    }

    @Test
    void styleIsSwitchedOnAndOff() {
        painter.paint(lines("a"));
        assertThat(painter.paint(List.of(Line.of(Style.HEAD, "a", 4)))).isEqualTo("\033[1;1H\033[7ma   \033[0m");
    }

    @Test
    void otherSizeOrWhatIsForgottenIsWrittenAnew() {
        painter.paint(lines("a", "b"));
        assertThat(painter.paint(lines("a"))).startsWith("\033[0m\033[2J").endsWith("a   ");
        assertThat(painter.paint(List.of(Line.of(Style.PLAIN, "a", 5)))).contains("\033[2J");
        painter.forget();
        assertThat(painter.paint(List.of(Line.of(Style.PLAIN, "a", 5)))).contains("\033[2J");
    }
}
