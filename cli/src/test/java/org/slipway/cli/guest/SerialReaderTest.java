package org.slipway.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SerialReaderTest {

    private final SerialReader reader = new SerialReader();

    @Test
    void outputGoesToTheCommandThatEndsBehindIt() {
        CompletableFuture<CommandResult> first = reader.expect(1, "one");
        CompletableFuture<CommandResult> second = reader.expect(2, "two");
        reader.line("a");
        reader.line("b");
        reader.line("SLIPWAY:1:exit:0");
        reader.line("c");
        reader.line("");
        assertThat(first).isCompletedWithValue(new CommandResult("one", 0, "a\nb"));
        assertThat(second).isNotDone();
        reader.line("SLIPWAY:2:exit:143");
        assertThat(second).isCompletedWithValue(new CommandResult("two", 143, "c"));
    }

    @Test
    void endOfSomethingUnknownIsSkippedWithItsOutput() {
        CompletableFuture<CommandResult> first = reader.expect(1, "one");
        reader.line("stray");
        reader.line("SLIPWAY:0:exit:0");
        reader.line("SLIPWAY:1:exit:0");
        assertThat(first).isCompletedWithValue(new CommandResult("one", 0, ""));
    }

    @Test
    void lineThatOnlyLooksLikeAnEndIsOutput() {
        CompletableFuture<CommandResult> first = reader.expect(1, "one");
        reader.line("SLIPWAY:1:exit:0 not yet");
        reader.line("SLIPWAY:12345678901:exit:0");
        reader.line("SLIPWAY:1:exit:1");
        assertThat(first)
                .isCompletedWithValue(
                        new CommandResult("one", 1, "SLIPWAY:1:exit:0 not yet\nSLIPWAY:12345678901:exit:0"));
    }

    @Test
    void nobodyWaitsForAGuestThatIsGone() {
        CompletableFuture<CommandResult> before = reader.expect(1, "one");
        reader.end(new IOException("gone"));
        assertThat(before).isCompletedExceptionally();
        assertThat(reader.expect(2, "two")).isCompletedExceptionally();
    }
}
