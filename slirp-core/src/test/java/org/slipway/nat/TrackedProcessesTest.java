package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class TrackedProcessesTest {

    private static final Path ERRORS = Path.of("/dev/null");

    /** Starts processes with pipes. */
    private static final class Pipes implements SocketProcesses {

        @Override
        public boolean isSupported() {
            return true;
        }

        @Override
        public Started start(List<String> command, Path errors) throws IOException {
            Process process = new ProcessBuilder(command).start();
            return new Started(-1, process.toHandle(), process.onExit());
        }
    }

    private final TrackedProcesses processes = new TrackedProcesses(new Pipes());

    @Test
    void closingEndsThoseThatAreLeftAndWaitsForIt() throws Exception {
        SocketProcesses.Started ended = processes.start(List.of("true"), ERRORS);
        ended.ended().join();
        SocketProcesses.Started one = processes.start(List.of("sleep", "100"), ERRORS);
        SocketProcesses.Started two = processes.start(List.of("sleep", "100"), ERRORS);
        assertThat(one.process().isAlive() && two.process().isAlive()).isTrue();
        processes.close();
        assertThat(one.process().isAlive() || two.process().isAlive()).isFalse();
        assertThatThrownBy(() -> processes.start(List.of("true"), ERRORS))
                .isInstanceOf(IOException.class)
                .hasMessage("the network is over");
        processes.close();
    }

    @Test
    void processThatDoesNotWantToEndIsEndedWhenTheTimeOfGraceIsOver() throws Exception {
        SocketProcesses.Started stubborn =
                processes.start(List.of("sh", "-c", "trap '' TERM; while true; do read line || sleep 1; done"), ERRORS);
        processes.close();
        assertThat(stubborn.process().isAlive()).isFalse();
    }
}
