package org.slipway.lan;

import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

/** A port around a port, whose link can be set down and up, as if its cable were pulled: what comes meanwhile is dropped. */
public final class LinkPort implements Port {

    private final Port inner;
    private final DropCounters drops;
    private boolean up = true;

    /** A port around {@code inner}, which is closed with it. Its link is up. */
    public LinkPort(Port inner, DropCounters drops) {
        this.inner = inner;
        this.drops = drops;
    }

    /** Whether the link is up. */
    public boolean up() {
        return up;
    }

    /** Sets the link up or down. */
    public void up(boolean up) {
        this.up = up;
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public void receiver(FrameReceiver receiver) {
        inner.receiver(new FrameReceiver() {
            @Override
            public void receive(Frame frame) {
                if (up) {
                    receiver.receive(frame);
                } else {
                    drop(frame);
                }
            }

            @Override
            public void writable() {
                receiver.writable();
            }
        });
    }

    @Override
    public void send(Frame frame) {
        if (up) {
            inner.send(frame);
        } else {
            drop(frame);
        }
    }

    private void drop(Frame frame) {
        drops.count(DropReason.PORT_DOWN);
        frame.drop(DropReason.PORT_DOWN);
    }

    /** Who waited for a link that is down would wait for ever. */
    @Override
    public boolean writable() {
        return !up || inner.writable();
    }

    @Override
    public Offload offload() {
        return inner.offload();
    }

    @Override
    public void close() {
        inner.close();
    }
}
