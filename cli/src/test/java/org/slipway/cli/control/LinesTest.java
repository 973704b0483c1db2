package org.slipway.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {

    /** Of {@code text}, at most so many bytes a read. */
    private static Lines of(String text, int limit, int bytesARead) {
        ReadableByteChannel all = Channels.newChannel(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return new Lines(
                new ReadableByteChannel() {
                    @Override
                    public int read(ByteBuffer to) throws IOException {
                        ByteBuffer part = to.slice(to.position(), Math.min(bytesARead, to.remaining()));
                        int read = all.read(part);
                        to.position(to.position() + Math.max(0, read));
                        return read;
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {}
                },
                limit);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 1000})
    void linesAreReadHoweverTheyCome(int bytesARead) throws IOException {
        Lines lines = of("one\n\nthree \u00e9\r\nno line", 1000, bytesARead);
        assertThat(lines.next()).isEqualTo("one");
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).isEqualTo("three \u00e9");
        assertThat(lines.next()).isNull();
    }

    @Test
    void lineMayBeAsLongAsTheLimit() throws IOException {
        String line = "x".repeat(99_999);
        assertThat(of(line + "\n", 100_000, 7_000).next()).isEqualTo(line);
        assertThatThrownBy(() -> of(line + "x\n", 100_000, 7_000).next())
                .isInstanceOf(Lines.TooLongException.class)
                .hasMessage("the line is longer than 100000 bytes");
    }
}
