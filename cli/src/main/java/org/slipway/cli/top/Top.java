package org.slipway.cli.top;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jline.terminal.Size;
import org.jspecify.annotations.Nullable;

/**
 * The loop between network, user and terminal. It has a thread, that of {@link #run}, on which the screen lives; keys are read
 * and the network is asked on others, which hand over tasks.
 */
public final class Top implements AutoCloseable {

    private final Tty tty;
    private final NetworkSource source;
    private final Session session;
    private final Traffic traffic = new Traffic();
    private final Painter painter = new Painter();
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private View view;
    private boolean done;

    private Top(Tty tty, NetworkSource source, Session session, Snapshot first) {
        this.tty = tty;
        this.source = source;
        this.session = session;
        view = traffic.update(first);
    }

    /**
     * Takes the terminal over.
     *
     * @param source closed with the screen; on a terminal that cannot be drawn on it stays open
     * @param first what was asked already
     * @return null if there is no terminal that can be drawn on
     */
    public static @Nullable Top open(NetworkSource source, Snapshot first, SortKey sort, Interval interval)
            throws IOException {
        Tty tty = Tty.open();
        return tty == null ? null : new Top(tty, source, new Session(sort, interval), first);
    }

    /** Shows the network until the user has seen enough, or {@link #quit}. */
    public void run() throws InterruptedException {
        try (Poller poller = new Poller(source, session.interval(), listener())) {
            poller.start();
            Thread keys = new Thread(() -> readKeys(poller), "slipway-top-keys");
            keys.setDaemon(true);
            keys.start();
            while (!done) {
                draw();
                for (Runnable task = tasks.take(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
        }
    }

    /** Ends {@link #run}. Any thread. */
    public void quit() {
        tasks.add(() -> done = true);
    }

    /** The terminal has another size. Any thread. */
    public void resized() {
        tasks.add(painter::forget);
    }

    private Poller.Listener listener() {
        return new Poller.Listener() {
            @Override
            public void answered(Snapshot snapshot) {
                tasks.add(() -> {
                    session.lost("");
                    view = traffic.update(snapshot);
                });
            }

            @Override
            public void lost(String reason) {
                tasks.add(() -> session.lost(reason));
            }

            @Override
            public void said(String text) {
                tasks.add(() -> session.say(text));
            }
        };
    }

    private void readKeys(Poller poller) {
        tty.readKeys(key -> tasks.add(() -> press(key, poller)));
        quit();
    }

    private void press(Key key, Poller poller) {
        switch (session.press(key, view.flows(), screen().flowLines(view))) {
            case QUIT -> done = true;
            case REDRAW -> painter.forget();
            case POLL -> poller.pace(session.interval(), session.paused());
            case KILL -> poller.kill(session.victim());
            case SHOW -> {}
        }
    }

    private Screen screen() {
        Size size = tty.size();
        return new Screen(size.getColumns(), size.getRows());
    }

    private void draw() {
        String changes = painter.paint(screen().lines(view, session));
        if (!changes.isEmpty()) {
            tty.write(changes);
        }
    }

    /** Gives the terminal back as it was. Any thread; harmless when repeated. */
    @Override
    public void close() throws IOException {
        tty.close();
    }
}
