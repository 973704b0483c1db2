package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

    @Test
    void wordsAreAsAShellHasThem() {
        assertThat(ShellWords.split("/bin/cat")).containsExactly("/bin/cat");
        assertThat(ShellWords.split("  sh  -c\t'echo  \"$HOME\"'  ")).containsExactly("sh", "-c", "echo  \"$HOME\"");
        assertThat(ShellWords.split("a\\ b \"c \\\"d\\\" \\n \\$\" e'f'g"))
                .containsExactly("a b", "c \"d\" \\n $", "efg");
        assertThat(ShellWords.split("'' \"\"")).containsExactly("", "");
        assertThat(ShellWords.split(" \t ")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo 'a", "echo \"a", "echo \"a\\", "echo a\\"})
    void openEndsAreRefused(String line) {
        assertThatThrownBy(() -> ShellWords.split(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("'" + line + "'");
    }
}
