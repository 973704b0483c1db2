package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlipwayCommandTest {

    private static CommandRun slipway(String... args) {
        return CommandRun.of(builder -> new FakeNetwork(), args);
    }

    @Test
    void withoutArgumentsItPrintsItsHelp() {
        CommandRun run = slipway();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("Usage: slipway");
    }

    @Test
    void helpIsOutput() {
        assertThat(slipway("--help").out()).contains("Usage: slipway");
        assertThat(slipway("up", "--help").out()).contains("hostfwd=").contains("Exit status:");
        assertThat(slipway("help", "up")).isEqualTo(slipway("up", "--help"));
    }

    @Test
    void versionSaysWhatItRunsOn() {
        CommandRun run = slipway("--version");
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("slipway ").contains("Java " + System.getProperty("java.version"));
        assertThat(slipway("version")).isEqualTo(run);
        assertThat(slipway("up", "--version")).isEqualTo(run);
    }

    @Test
    void unknownCommandIsNamed() {
        assertThat(slipway("upp"))
                .isEqualTo(new CommandRun(
                        2, "", "slipway: Unknown command: 'upp', did you mean 'up'? (see 'slipway --help')\n"));
        assertThat(slipway("--foo").err()).isEqualTo("slipway: Unknown option: '--foo' (see 'slipway --help')\n");
    }

    @Test
    void misspeltOptionGetsASuggestion() {
        assertThat(slipway("up", "--recrod", "x", "user").err()).contains("did you mean '--record'?");
    }
}
