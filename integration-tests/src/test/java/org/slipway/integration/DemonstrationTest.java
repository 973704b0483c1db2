package org.slipway.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.cli.demo.Demonstration;

/** What {@code slipway demo} shows: every step succeeds, and the packets are on screen and in the file. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DemonstrationTest {

    private static String run(Path recording, boolean builtIn) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean succeeded =
                new Demonstration(new PrintStream(out, true, StandardCharsets.UTF_8), recording, builtIn).run();
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(succeeded).as(text).isTrue();
        return text;
    }

    private static void assertShown(String text) {
        assertThat(text)
                .contains("[2] ok: 10.0.2.15")
                .contains("[3] ok: 3 replies")
                .contains("[4] ok: 10.0.2.2")
                .contains("[5] ok: 'hello from the host'")
                .contains("[6] ok: 'hello from the guest'")
                .contains("DHCP Discover")
                .contains("Echo (ping) reply")
                .contains("All steps succeeded.");
    }

    @Test
    void builtInGuestDoesAllSteps(@TempDir Path directory) throws Exception {
        Path recording = directory.resolve("demo.pcapng");
        assertShown(run(recording, true));
        assertThat(Tshark.read(recording).faulty()).isEmpty();
    }

    @Test
    @RequiresGuest
    void linuxGuestDoesAllSteps(@TempDir Path directory) throws Exception {
        Path recording = directory.resolve("demo.pcapng");
        assertShown(run(recording, false));
        assertThat(Tshark.read(recording).faulty()).isEmpty();
    }
}
