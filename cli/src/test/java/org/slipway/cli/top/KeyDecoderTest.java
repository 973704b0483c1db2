package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.cli.top.Key.Type;

class KeyDecoderTest {

    private final KeyDecoder decoder = new KeyDecoder();

    private List<Key> keys(String typed) {
        List<Key> keys = new ArrayList<>();
        for (char c : typed.toCharArray()) {
            Key key = decoder.next(c);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    static List<List<Object>> sequences() {
        return List.of(
                List.of("\033[A", Type.UP),
                List.of("\033OA", Type.UP),
                List.of("\033[1;5A", Type.UP),
                List.of("\033[B", Type.DOWN),
                List.of("\033[C", Type.RIGHT),
                List.of("\033[D", Type.LEFT),
                List.of("\033[5~", Type.PAGE_UP),
                List.of("\033[6~", Type.PAGE_DOWN),
                List.of("\033[H", Type.HOME),
                List.of("\033[1~", Type.HOME),
                List.of("\033OF", Type.END),
                List.of("\033[8~", Type.END),
                List.of("\r", Type.ENTER),
                List.of("\177", Type.BACKSPACE),
                List.of("\b", Type.BACKSPACE),
                List.of("\003", Type.INTERRUPT),
                List.of("\014", Type.REDRAW));
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void keyIsKnownByWhatTerminalsSend(List<Object> sequence) {
        assertThat(keys((String) sequence.get(0))).containsExactly(Key.of((Type) sequence.get(1)));
        assertThat(decoder.pending()).isFalse();
        assertThat(keys("q")).containsExactly(Key.of('q'));
    }

    @Test
    void escapeByItselfIsAKeyWhenNothingFollows() {
        assertThat(keys("\033")).isEmpty();
        assertThat(decoder.pending()).isTrue();
        assertThat(decoder.expire()).isEqualTo(Key.of(Type.ESCAPE));
        assertThat(decoder.pending()).isFalse();
        assertThat(keys("\033\033[A")).containsExactly(Key.of(Type.ESCAPE), Key.of(Type.UP));
    }

    @Test
    void sequenceThatStopsHalfWayIsForgotten() {
        assertThat(keys("\033[5")).isEmpty();
        assertThat(decoder.expire()).isNull();
        assertThat(keys("~")).containsExactly(Key.of('~'));
    }

    @Test
    void unknownSequencesAreSwallowedWhole() {
        assertThat(keys("\033[24~\033[<0;1;1q\033xq")).containsExactly(Key.of('q'));
        assertThat(keys("\001\032\u00e9\u4e2d")).isEmpty();
    }

    @Test
    void sequenceWithoutEndIsBounded() {
        assertThat(keys("\033[" + "1".repeat(17))).isEmpty();
        assertThat(decoder.pending()).isFalse();
    }
}
