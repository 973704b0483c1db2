package org.slipway.nat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.loop.Transport;

/** Real processes as streams. */
@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessStreamTest {

    private final HostStreamProbe probe = new HostStreamProbe();
    private IoEventLoopGroup group;
    private IoEventLoop loop;
    private NettyHostSockets sockets;

    @BeforeEach
    void open() {
        group = Transport.best().newGroup(new DefaultThreadFactory("host-under-test"));
        loop = group.next();
        sockets = new NettyHostSockets(loop, Transport.best(), UdpErrorQueue.NONE, OutboundAddresses.NONE);
    }

    @AfterEach
    void close() throws Exception {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
    }

    private HostStream run(HostStreamProbe probe, String... command) throws Exception {
        return loop.submit(() -> sockets.run(List.of(command), probe)).get();
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).sync();
    }

    private static void write(HostStream stream, String text) {
        stream.write(PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(US_ASCII)));
        stream.flush();
    }

    @Test
    void bytesPassBothWaysAndTheEndOfTheInputEndsTheProcess() throws Exception {
        HostStream stream = run(probe, "cat");
        probe.await("connected");
        onLoop(() -> {
            stream.reading(true);
            write(stream, "hello ");
            write(stream, "process");
        });
        probe.awaitText("hello process");
        probe.awaitWritten(13);
        onLoop(stream::shutdownOutput);
        probe.await("inputEnded");
        assertThat(loop.submit(stream::pendingBytes).get()).isZero();
        onLoop(stream::close);
    }

    @Test
    void errorsAreHeardToo() throws Exception {
        HostStream stream = run(probe, "sh", "-c", "echo out; echo err >&2");
        probe.await("connected");
        onLoop(() -> stream.reading(true));
        probe.await("inputEnded");
        assertThat(probe.text()).isEqualTo("out\nerr\n");
        onLoop(stream::close);
    }

    @Test
    void programThatIsNotThereIsRefused() throws Exception {
        run(probe, "/nowhere/program");
        probe.await("failed REFUSED");
    }

    @Test
    void processThatReadsNothingLosesNoAnswer() throws Exception {
        HostStream stream = run(probe, "sh", "-c", "exec <&-; echo answer; exit");
        probe.await("connected");
        onLoop(() -> {
            stream.reading(true);
            write(stream, "x".repeat(200_000));
        });
        probe.await("inputEnded");
        probe.awaitWritten(200_000);
        assertThat(probe.text()).isEqualTo("answer\n");
        onLoop(stream::close);
    }

    /** Back-pressure: more than the pipes hold, and nobody reads. */
    @Test
    void processThatIsNotReadWaits(@TempDir Path directory) throws Exception {
        Path done = directory.resolve("done");
        HostStream stream = run(probe, "sh", "-c", "head -c 1000000 /dev/zero; touch " + done);
        probe.await("connected");
        HostStreamProbe other = new HostStreamProbe();
        HostStream second = run(other, "sh", "-c", "echo later");
        other.await("connected");
        onLoop(() -> second.reading(true));
        other.awaitText("later\n");
        assertThat(probe.text()).isEmpty();
        assertThat(done).doesNotExist();
        onLoop(() -> stream.reading(true));
        probe.await("inputEnded");
        assertThat(probe.text()).hasSize(1_000_000);
        assertThat(Files.exists(done)).isTrue();
        onLoop(stream::close);
        onLoop(second::close);
    }

    @Test
    void resetEndsTheProcessAndItsChildren(@TempDir Path directory) throws Exception {
        Path pids = directory.resolve("pids");
        HostStream stream =
                run(probe, "sh", "-c", "sleep 100 & echo $! > " + pids + "; echo $$ >> " + pids + "; echo ready; wait");
        probe.await("connected");
        onLoop(() -> stream.reading(true));
        probe.awaitText("ready\n");
        onLoop(() -> {
            write(stream, "never read");
            stream.reset();
        });
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(handle ->
                            handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
    }

    @Test
    void tooManyProcessesAreRefused() throws Exception {
        HostStream[] streams = new HostStream[TcpFlowTable.MAX_PROCESSES];
        for (int i = 0; i < streams.length; i++) {
            HostStreamProbe own = new HostStreamProbe();
            streams[i] = run(own, "cat");
            own.await("connected");
        }
        run(probe, "cat");
        probe.await("failed REFUSED");
        for (HostStream stream : streams) {
            onLoop(stream::reset);
        }
    }
}
