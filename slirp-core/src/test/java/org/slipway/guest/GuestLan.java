package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slipway.lan.Frame;
import org.slipway.lan.FrameReceiver;
import org.slipway.lan.Lan;
import org.slipway.lan.Offload;
import org.slipway.lan.Port;
import org.slipway.lan.SegmentingPort;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.EtherType;
import org.slipway.wire.EthernetFrame;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

/** Guests on one switch and a hand-moved clock. Each frame that a guest sends is looked at: it must be fit for any wire. */
final class GuestLan implements AutoCloseable {

    final ManualLoop loop = new ManualLoop();
    final DropCounters drops = new DropCounters();
    final Lan lan = new Lan(loop, drops);
    private final List<Port> ports = new ArrayList<>();
    private int longestIpv6;

    /** A guest without an address: {@code vm<number>}, 52:54:00:00:00:{@code number}. */
    Guest guest(int number) {
        Guest guest =
                new Guest("vm" + number, new MacAddress(0x5254_0000_0000L + number), loop, drops, new Random(number));
        Port port = new SegmentingPort(new Wire(guest), drops);
        attach(port);
        return guest;
    }

    /** Plugs in a station that is no guest. */
    void attach(Port port) {
        ports.add(port);
        lan.attach(port);
    }

    /** A guest with the address 192.168.1.{@code number}. */
    Guest addressed(int number) {
        Guest guest = guest(number);
        guest.address(GuestAddress.of(address(number), 24));
        return guest;
    }

    static IpAddress address(int number) {
        return IpAddress.parse("192.168.1." + number);
    }

    /** Bytes of the longest frame with an IPv6 packet that a guest has sent. */
    int longestIpv6() {
        return longestIpv6;
    }

    /** What {@code future} completes with in no time, but for the network's turns. */
    <T> T now(CompletableFuture<T> future) {
        loop.run();
        assertThat(future).isDone();
        return future.join();
    }

    /** What {@code future} completes with in {@code duration}. */
    <T> T within(Duration duration, CompletableFuture<T> future) {
        loop.advance(duration);
        assertThat(future).isDone();
        return future.join();
    }

    /** {@code future} fails within {@code duration} with a line that is {@code message}. */
    void assertFails(Duration duration, CompletableFuture<?> future, String message) {
        loop.advance(duration);
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(GuestException.class)
                .hasMessage(message);
    }

    @Override
    public void close() {
        for (Port port : ports) {
            lan.detach(port);
            port.close();
        }
        loop.run();
        assertThat(loop.untilNextTimer()).as("timers of unplugged guests").isEqualTo(-1);
    }

    /** The cable of a guest. */
    private final class Wire implements Port {

        private final Guest guest;

        Wire(Guest guest) {
            this.guest = guest;
        }

        @Override
        public String name() {
            return guest.name();
        }

        @Override
        public void receiver(FrameReceiver receiver) {
            guest.receiver(new FrameReceiver() {
                @Override
                public void receive(Frame frame) {
                    boolean ipv6 = isIpv6(frame);
                    assertThat(frame.length()).isLessThanOrEqualTo(14 + guest.mtu(!ipv6));
                    longestIpv6 = ipv6 ? Math.max(longestIpv6, frame.length()) : longestIpv6;
                    assertThat(frame.needsChecksum()).isFalse();
                    assertThat(frame.segmentation()).isEqualTo(Frame.Segmentation.NONE);
                    receiver.receive(frame);
                }

                @Override
                public void writable() {
                    receiver.writable();
                }
            });
        }

        private boolean isIpv6(Frame frame) {
            return EthernetFrame.type(frame.head(), frame.head().readerIndex()) == EtherType.IPV6;
        }

        @Override
        public void send(Frame frame) {
            guest.send(frame);
        }

        @Override
        public boolean writable() {
            return guest.writable();
        }

        @Override
        public Offload offload() {
            return guest.offload();
        }

        @Override
        public void close() {
            guest.close();
        }
    }
}
