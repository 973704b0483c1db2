package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slipway.cli.control.RequestException;

@Timeout(30)
class PollerTest implements NetworkSource, Poller.Listener {

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Poller poller = new Poller(this, new Interval(60), this);

    // ---- the network: each answer is given by the test; what begins with a ! is why there is none

    @Override
    public Snapshot snapshot() throws IOException {
        try {
            String answer = answers.take();
            if (answer.startsWith("!")) {
                throw new IOException(answer.substring(1));
            }
            return Samples.snapshot(Double.parseDouble(answer), List.of(), List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void kill(String flow) throws IOException {
        if (flow.equals("tcp404")) {
            throw new RequestException("there is no TCP flow number 404");
        }
        heard.add("kill " + flow);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    // ---- the screen

    @Override
    public void answered(Snapshot snapshot) {
        heard.add("answer " + snapshot.uptime());
    }

    @Override
    public void lost(String reason) {
        heard.add("lost " + reason);
    }

    @Override
    public void said(String text) {
        heard.add("said " + text);
    }

    private String next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws InterruptedException {
        poller.close();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void networkThatWasLostIsAskedAgain() throws InterruptedException {
        poller.pace(new Interval(0.2), false);
        poller.start();
        answers.addAll(List.of("1", "!Connection refused", "2"));
        assertThat(next()).isEqualTo("answer 1.0");
        assertThat(next()).isEqualTo("lost Connection refused");
        assertThat(next()).isEqualTo("answer 2.0");
    }

    @Test
    void networkIsAskedAtOnceWhenAFlowWasEndedOrThePaceChanged() throws InterruptedException {
        poller.start();
        answers.addAll(List.of("1", "2", "3"));
        assertThat(next()).isEqualTo("answer 1.0");
        poller.kill("tcp7");
        assertThat(next()).isEqualTo("kill tcp7");
        assertThat(next()).isEqualTo("said tcp7 has been ended");
        assertThat(next()).isEqualTo("answer 2.0");
        poller.pace(new Interval(30), false);
        assertThat(next()).isEqualTo("answer 3.0");
    }

    @Test
    void flowThatCannotBeEndedIsSaid() throws InterruptedException {
        poller.start();
        answers.addAll(List.of("1", "2"));
        poller.kill("tcp404");
        assertThat(next()).isEqualTo("answer 1.0");
        assertThat(next()).isEqualTo("said there is no TCP flow number 404");
        assertThat(next()).isEqualTo("answer 2.0");
    }

    @Test
    void pausedNetworkIsNotAskedButFlowsCanBeEnded() throws InterruptedException {
        poller.start();
        answers.addAll(List.of("1", "2"));
        assertThat(next()).isEqualTo("answer 1.0");
        poller.pace(new Interval(0.2), true);
        poller.kill("tcp7");
        assertThat(next()).isEqualTo("kill tcp7");
        assertThat(next()).isEqualTo("said tcp7 has been ended");
        assertThat(answers).containsExactly("2");
        poller.pace(new Interval(0.2), false);
        assertThat(next()).isEqualTo("answer 2.0");
    }
}
