package org.slipway.lan;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.MacAddress;

/**
 * A learning switch. What comes from one port goes to the port behind which the destination was last seen, or to all
 * others if that is not known, or if it is a group address. It looks at nothing but the two addresses: VLAN tags and
 * unknown EtherTypes pass.
 *
 * <p>A port that is full loses its own frames and delays nobody. A producer that can wait asks {@link #writable} before
 * it sends, and learns from {@link #onWritable} when to ask again.
 *
 * <p>A port sees frames as the sender left them: one whose device is not {@link Offload#ALL} is attached with a
 * {@link SegmentingPort} around it. On the network's loop only; ports may be attached and detached at any moment, also
 * from inside {@link Port#send}.
 */
public final class Lan {

    private static final int MAC_BITS = 48;

    private final Loop loop;
    private final DropCounters drops;
    private final MacTable table = new MacTable();
    private final List<Runnable> writableListeners = new ArrayList<>();

    // Replaced, never changed, so that a flood may go on over the ports that were there when it began.
    private Slot[] slots = {};
    /** By the names of ports: a guest that comes back has the share that it had. */
    private final Map<String, Long> shares = new HashMap<>();

    /** A switch without ports that ages its stations by the clock of {@code loop}. */
    public Lan(Loop loop, DropCounters drops) {
        this.loop = loop;
        this.drops = drops;
    }

    /**
     * Plugs {@code port} in and sets its receiver. The caller still owns the port and closes it after detaching it.
     *
     * @return the port's counters, which stay readable after it was detached
     */
    public PortStatistics attach(Port port) {
        if (slotOf(port) != null) {
            throw new IllegalArgumentException(port.name() + " is attached already");
        }
        Slot slot = new Slot(port);
        Slot[] more = new Slot[slots.length + 1];
        System.arraycopy(slots, 0, more, 0, slots.length);
        more[slots.length] = slot;
        slots = more;
        port.receiver(slot);
        return slot.statistics;
    }

    /** Unplugs {@code port}; its stations are forgotten, frames that it still sends are dropped. Harmless if repeated. */
    public void detach(Port port) {
        Slot slot = slotOf(port);
        if (slot == null) {
            return;
        }
        Slot[] fewer = new Slot[slots.length - 1];
        int kept = 0;
        for (Slot each : slots) {
            if (each != slot) {
                fewer[kept++] = each;
            }
        }
        slots = fewer;
        slot.attached = false;
        table.forget(slot);
        // Who waits for a station behind this port need not wait any longer.
        tellWritable();
    }

    /**
     * Ties {@code address} to {@code port}, which is attached, until it is detached: frames from other ports that claim
     * it as their source are dropped. Keeps a guest from drawing the gateway's traffic to itself.
     */
    public void pin(MacAddress address, Port port) {
        Slot slot = slotOf(port);
        if (slot == null) {
            throw new IllegalArgumentException(port.name() + " is not attached");
        }
        table.pin(address.value(), slot);
    }

    /** The attached ports, in the order in which they were attached. */
    public List<Port> ports() {
        List<Port> ports = new ArrayList<>(slots.length);
        for (Slot slot : slots) {
            ports.add(slot.port);
        }
        return ports;
    }

    /**
     * Whether a frame for {@code destination} (as {@link MacAddress#value}) need not wait: the port behind it is
     * writable. True for unknown and group addresses, too: a flood waits for nobody.
     */
    public boolean writable(long destination) {
        MacTable.Slot slot = MacAddress.isGroup(destination) ? null : table.slotOf(destination, loop.nanoTime());
        return slot == null || ((Slot) slot).port.writable();
    }

    /**
     * A name for the port that {@code station} is behind, the same for all its stations and for later ports that are called
     * alike; or {@code station} itself, if that is not known. No name is that of a station.
     */
    public long share(long station) {
        MacTable.Slot slot = station >>> MAC_BITS == 0 ? table.slotOf(station, loop.nanoTime()) : null;
        return slot == null ? station : ((Slot) slot).share;
    }

    /** The name of the ports that have a {@link #share}; null if it is that of a station. */
    public @Nullable String portOf(long share) {
        for (Map.Entry<String, Long> port : shares.entrySet()) {
            if (port.getValue() == share) {
                return port.getKey();
            }
        }
        return null;
    }

    /** The stations that were seen behind {@code port} of late, longest unseen first. */
    public List<MacAddress> stations(Port port) {
        Slot slot = slotOf(port);
        return slot == null ? List.of() : table.stations(slot, loop.nanoTime());
    }

    /** Whether two stations (as {@link MacAddress#value}) are both present, and behind different ports. */
    public boolean apart(long station, long other) {
        long nowNanos = loop.nanoTime();
        MacTable.Slot slot = table.slotOf(station, nowNanos);
        MacTable.Slot otherSlot = table.slotOf(other, nowNanos);
        return slot != null && otherSlot != null && slot != otherSlot;
    }

    /** Runs {@code listener} whenever some port became writable again, or was detached. It must not throw. */
    public void onWritable(Runnable listener) {
        writableListeners.add(listener);
    }

    private void forward(Frame frame, Slot from) {
        ByteBuf head = frame.head();
        if (!from.attached) {
            drop(frame, from, DropReason.PORT_DOWN);
            return;
        }
        if (head.readableBytes() < EthernetFrame.HEADER_LENGTH) {
            drop(frame, from, DropReason.FRAME_TRUNCATED);
            return;
        }
        long source = EthernetFrame.source(head, head.readerIndex());
        if (source == 0 || MacAddress.isGroup(source)) {
            drop(frame, from, DropReason.FRAME_BAD_SOURCE);
            return;
        }
        long nowNanos = loop.nanoTime();
        if (!table.learn(source, from, nowNanos, slots)) {
            drop(frame, from, DropReason.FRAME_SPOOFED);
            return;
        }
        long destination = EthernetFrame.destination(head, head.readerIndex());
        MacTable.Slot to = MacAddress.isGroup(destination) ? null : table.slotOf(destination, nowNanos);
        if (to == null) {
            flood(frame, from);
        } else if (to == from) {
            drop(frame, from, DropReason.FRAME_NOT_FOR_US);
        } else {
            deliver(frame, from, (Slot) to);
        }
    }

    private void deliver(Frame frame, Slot from, Slot to) {
        DropReason refusal = to.send(frame);
        if (refusal != null) {
            from.statistics.countDropIn();
            frame.drop(refusal);
        }
    }

    /** To all but the sender. The frame is dropped only if nobody took it, and somebody would have. */
    private void flood(Frame frame, Slot from) {
        DropReason refusal = null;
        boolean taken = false;
        for (Slot to : slots) {
            if (to != from && to.attached) {
                DropReason reason = to.send(frame);
                taken |= reason == null;
                refusal = refusal == null ? reason : refusal;
            }
        }
        if (refusal != null && !taken) {
            from.statistics.countDropIn();
            frame.drop(refusal);
        }
    }

    private void drop(Frame frame, Slot from, DropReason reason) {
        drops.count(reason);
        from.statistics.countDropIn();
        frame.drop(reason);
    }

    private void tellWritable() {
        for (Runnable listener : writableListeners) {
            listener.run();
        }
    }

    private @Nullable Slot slotOf(Port port) {
        for (Slot slot : slots) {
            if (slot.port == port) {
                return slot;
            }
        }
        return null;
    }

    /** A port's place in the switch. */
    private final class Slot extends MacTable.Slot implements FrameReceiver {
        final Port port;
        final PortStatistics statistics = new PortStatistics();
        final long share;
        boolean attached = true;

        Slot(Port port) {
            this.port = port;
            share = shares.computeIfAbsent(port.name(), name -> (1L << MAC_BITS) + shares.size());
        }

        @Override
        public void receive(Frame frame) {
            statistics.countIn(Segmenter.frames(frame), Segmenter.bytes(frame));
            forward(frame, this);
        }

        @Override
        public void writable() {
            if (attached) {
                tellWritable();
            }
        }

        /** Sends to the device; returns why the port dropped the frame, or null. */
        @Nullable
        DropReason send(Frame frame) {
            // Counted before the port may change what the frame stands for.
            long frames = Segmenter.frames(frame);
            long bytes = Segmenter.bytes(frame);
            port.send(frame);
            DropReason reason = frame.takeDropReason();
            if (reason == null) {
                statistics.countOut(frames, bytes);
            } else {
                statistics.countDropOut();
            }
            return reason;
        }
    }
}
