package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.lan.Frame;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;
import org.slipway.wire.Packets;

class NeighboursTest {

    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final long MAC = 0x5254_0012_3456L;
    private static final long OTHER = 0x5254_0000_0002L;
    private static final long BROADCAST = MacAddress.BROADCAST.value();
    private static final Duration SECOND = Duration.ofSeconds(1);

    private record Request(IpAddress target, long mac) {}

    private final ManualLoop loop = new ManualLoop();
    private final DropCounters drops = new DropCounters();
    private final List<Request> requests = new ArrayList<>();
    private final Cause cause = new Cause();
    private final Neighbours neighbours =
            new Neighbours(loop, drops, cause, (target, mac) -> requests.add(new Request(target, mac)));
    private final List<String> sent = new ArrayList<>();
    private final List<String> undelivered = new ArrayList<>();
    private final PacketOutput output = new PacketOutput() {
        @Override
        public void transmit(Frame packet, long mac) {
            assertThat(packet.head().readerIndex()).isGreaterThanOrEqualTo(14);
            sent.add(text(packet) + ">" + new MacAddress(mac));
        }

        @Override
        public void undeliverable(Frame packet) {
            undelivered.add(text(packet));
        }
    };

    private static String text(Frame packet) {
        return packet.head().toString(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static Frame packet(String text) {
        return new Frame().set(Packets.buffer(Packets.bytes(text)));
    }

    private static Frame packet(int length) {
        return new Frame().set(Unpooled.wrappedBuffer(new byte[length]));
    }

    @AfterEach
    void close() {
        neighbours.close();
        assertThat(neighbours.waitingBytes()).isZero();
        assertThat(loop.untilNextTimer()).isEqualTo(-1);
    }

    @Test
    void unknownIsAskedForByBroadcastAndThePacketsWaitInOrder() {
        assertThat(neighbours.lookup(GUEST)).isEqualTo(IpHost.UNKNOWN);
        assertThat(neighbours.enqueue(GUEST, packet("one"), output)).isNull();
        assertThat(neighbours.enqueue(GUEST, packet("two"), output)).isNull();
        assertThat(requests).containsExactly(new Request(GUEST, BROADCAST));
        assertThat(neighbours.waitingBytes()).isEqualTo(6);

        neighbours.learn(GUEST, MAC);

        assertThat(sent).containsExactly("one>52:54:00:12:34:56", "two>52:54:00:12:34:56");
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        assertThat(neighbours.waitingBytes()).isZero();
    }

    @Test
    void waitingPacketKeepsItsBodyAndWhatItLeavesToADevice() {
        List<Frame> frames = new ArrayList<>();
        PacketOutput looking = new PacketOutput() {
            @Override
            public void transmit(Frame packet, long mac) {
                frames.add(packet);
                assertThat(text(packet)).isEqualTo("headbody");
                assertThat(packet.body()).isNull();
                assertThat(packet.checksumStart()).isEqualTo(20);
                assertThat(packet.checksumOffset()).isEqualTo(16);
                assertThat(packet.segmentation()).isEqualTo(Frame.Segmentation.TCP_IPV4);
                assertThat(packet.segmentBytes()).isEqualTo(1460);
            }

            @Override
            public void undeliverable(Frame packet) {}
        };
        ByteBuf head = Packets.buffer(Packets.bytes("head"));
        ByteBuf body = Packets.buffer(Packets.bytes("body"));

        neighbours.enqueue(
                GUEST,
                new Frame().set(head, body).needsChecksum(20, 16).needsSegmentation(Frame.Segmentation.TCP_IPV4, 1460),
                looking);
        neighbours.learn(GUEST, MAC);

        assertThat(frames).hasSize(1);
        assertThat(head.readableBytes()).isEqualTo(4);
        assertThat(body.readableBytes()).isEqualTo(4);
    }

    @Test
    void oneRequestASecondThreeTriesThenUndeliverable() {
        neighbours.enqueue(GUEST, packet("one"), output);
        for (int i = 0; i < 20; i++) {
            neighbours.enqueue(GUEST, packet("more"), output);
        }
        assertThat(requests).hasSize(1);
        loop.advance(SECOND);
        assertThat(requests).hasSize(2);
        loop.advance(SECOND);
        assertThat(requests).hasSize(3);
        assertThat(undelivered).isEmpty();
        loop.advance(SECOND);

        assertThat(requests).hasSize(3);
        assertThat(undelivered).hasSize(21).startsWith("one", "more");
        assertThat(drops.of(DropReason.NEIGHBOUR_UNREACHABLE)).isEqualTo(21);
        assertThat(neighbours.waitingBytes()).isZero();

        neighbours.enqueue(GUEST, packet("again"), output);
        assertThat(requests).hasSize(4);
    }

    @Test
    void answerAfterTheLastRequestStillCounts() {
        neighbours.enqueue(GUEST, packet("one"), output);
        loop.advance(Duration.ofMillis(2_999));

        assertThat(neighbours.update(GUEST, MAC)).isTrue();

        loop.advance(SECOND);
        assertThat(sent).hasSize(1);
        assertThat(undelivered).isEmpty();
    }

    @Test
    void oldestOfTooManyWaitersGivesWay() {
        for (int i = 0; i < Resolution.MAX_PACKETS + 3; i++) {
            assertThat(neighbours.enqueue(GUEST, packet("p" + i), output)).isNull();
        }
        assertThat(drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(3);

        neighbours.learn(GUEST, MAC);

        assertThat(sent).hasSize(Resolution.MAX_PACKETS).first().isEqualTo("p3>52:54:00:12:34:56");
    }

    @Test
    void bytesThatWaitForOneNeighbourAreBounded() {
        for (int i = 0; i < 20; i++) {
            assertThat(neighbours.enqueue(GUEST, packet(65_000), output)).isNull();
            assertThat(neighbours.waitingBytes()).isLessThanOrEqualTo(Resolutions.MAX_WAITING_BYTES);
        }
        assertThat(drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(16);
    }

    /** Has a packet wait on behalf of a station. */
    private void enqueueFor(long station, IpAddress nextHop, Frame packet) {
        long before = cause.set(station);
        assertThat(neighbours.enqueue(nextHop, packet, output)).isNull();
        cause.set(before);
    }

    private static IpAddress absent(int number) {
        return IpAddress.ipv4(0x0b00_0000 + number);
    }

    @Test
    void bytesThatWaitOnBehalfOfOneStationAreBoundedAndItsOldestSearchGivesWay() {
        enqueueFor(OTHER, GUEST, packet("theirs"));
        for (int i = 0; i < 1000; i++) {
            enqueueFor(MAC, absent(i / 4), packet(65_000));
            assertThat(neighbours.waitingBytes()).isLessThanOrEqualTo(Resolutions.MAX_WAITING_BYTES_OF_A_STATION + 6);
        }
        assertThat(drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(1000 - 8);

        neighbours.learn(GUEST, OTHER);
        assertThat(sent).containsExactly("theirs>52:54:00:00:00:02");
    }

    @Test
    void bytesThatWaitInAllAreBoundedAndTheOldestSearchGivesWay() {
        for (int i = 0; i < 1000; i++) {
            enqueueFor(i / 4, absent(i / 4), packet(65_000));
            assertThat(neighbours.waitingBytes()).isLessThanOrEqualTo(Resolutions.MAX_TOTAL_WAITING_BYTES);
        }
        assertThat(drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(1000 - 32);
        neighbours.learn(absent(249), MAC);
        assertThat(sent).hasSize(4);
    }

    @Test
    void searchesOnBehalfOfOneStationAreBoundedAndLeaveThoseOfOthersAlone() {
        enqueueFor(OTHER, GUEST, packet("theirs"));
        for (int i = 0; i < 1000; i++) {
            enqueueFor(MAC, absent(i), packet("x"));
        }
        assertThat(drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isEqualTo(1000 - Resolutions.MAX_OF_A_STATION);
        assertThat(undelivered)
                .as("those that gave way were not searched for long enough")
                .isEmpty();

        neighbours.learn(absent(999), MAC);
        neighbours.learn(GUEST, OTHER);
        assertThat(sent).containsExactly("x>52:54:00:12:34:56", "theirs>52:54:00:00:00:02");

        loop.advance(Duration.ofSeconds(3));
        assertThat(undelivered).hasSize(Resolutions.MAX_OF_A_STATION - 1);
    }

    @Test
    void searchesInAllAreBoundedAndTheOldestGivesWay() {
        for (int i = 0; i <= Resolutions.MAX; i++) {
            enqueueFor(i, absent(i), packet("p" + i));
        }
        assertThat(drops.of(DropReason.NEIGHBOUR_QUEUE_FULL)).isOne();
        assertThat(neighbours.update(absent(0), MAC)).isFalse();
        assertThat(neighbours.update(absent(Resolutions.MAX), MAC)).isTrue();
        assertThat(sent).hasSize(1);
    }

    @Test
    void severalGreedySharesPushOutTheirOwnSearches() {
        enqueueFor(OTHER, GUEST, packet("theirs"));
        for (int i = 0; i < 10_000; i++) {
            enqueueFor(i % 10, absent(i), packet("x"));
        }

        neighbours.learn(GUEST, OTHER);
        assertThat(sent).containsExactly("theirs>52:54:00:00:00:02");
    }

    @Test
    void severalSharesWithManyBytesPushOutTheirOwn() {
        enqueueFor(OTHER, GUEST, packet("theirs"));
        for (int i = 0; i < 1000; i++) {
            enqueueFor(i % 10, absent(i), packet(65_000));
        }

        neighbours.learn(GUEST, OTHER);
        assertThat(sent).containsExactly("theirs>52:54:00:00:00:02");
    }

    @Test
    void neighboursThatOneStationTellsOfAreBoundedAndLeaveThoseOfOthersAlone() {
        neighbours.learn(GUEST, OTHER);
        cause.set(MAC);
        for (int i = 0; i < 5000; i++) {
            // Whatever it claims to be called.
            neighbours.learn(absent(i), MAC + i);
        }
        cause.set(IpHost.UNKNOWN);

        assertThat(neighbours.size()).isEqualTo(1 + NeighbourTable.MAX_OF_A_STATION);
        assertThat(neighbours.peek(GUEST)).isEqualTo(OTHER);
        assertThat(neighbours.peek(absent(5000 - NeighbourTable.MAX_OF_A_STATION)))
                .isPositive();
        assertThat(neighbours.peek(absent(4999 - NeighbourTable.MAX_OF_A_STATION)))
                .isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void neighbourCountsToTheShareOfWhoToldOfItLast() {
        cause.set(MAC);
        for (int i = 0; i < NeighbourTable.MAX_OF_A_STATION; i++) {
            neighbours.learn(absent(i), MAC);
        }
        cause.set(OTHER);
        neighbours.learn(absent(0), OTHER);
        cause.set(MAC);
        neighbours.learn(absent(1000), MAC);

        assertThat(neighbours.size()).isEqualTo(NeighbourTable.MAX_OF_A_STATION + 1);
        assertThat(neighbours.peek(absent(0))).isEqualTo(OTHER);
    }

    @Test
    void leastRecentlyUsedOfTooManyNeighboursIsForgotten() {
        neighbours.learn(GUEST, MAC);
        for (int i = 0; i < NeighbourTable.MAX; i++) {
            assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
            neighbours.learn(IpAddress.ipv4(0x0b000000 + i), MAC + i);
        }
        assertThat(neighbours.size()).isEqualTo(NeighbourTable.MAX);
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        assertThat(neighbours.lookup(IpAddress.ipv4(0x0b000000))).isEqualTo(IpHost.UNKNOWN);
        assertThat(neighbours.lookup(IpAddress.ipv4(0x0b000001))).isEqualTo(MAC + 1);
    }

    @Test
    void silentNeighbourIsAskedByUnicastWhileItsPacketsGoOn() {
        neighbours.learn(GUEST, MAC);
        loop.advance(Duration.ofSeconds(60));
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        assertThat(requests).isEmpty();

        loop.advance(Duration.ofMillis(1));
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        assertThat(requests).containsExactly(new Request(GUEST, MAC));

        neighbours.learn(GUEST, MAC);
        loop.advance(Duration.ofSeconds(59));
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        assertThat(requests).hasSize(1);
    }

    @Test
    void neighbourThatStaysSilentIsForgottenAfterThreeRequests() {
        neighbours.learn(GUEST, MAC);
        loop.advance(Duration.ofSeconds(61));
        neighbours.lookup(GUEST);

        loop.advance(Duration.ofMillis(2_999));
        assertThat(neighbours.lookup(GUEST)).isEqualTo(MAC);
        loop.advance(Duration.ofMillis(1));

        assertThat(requests).hasSize(3);
        assertThat(neighbours.lookup(GUEST)).isEqualTo(IpHost.UNKNOWN);
    }

    @Test
    void neighbourUnusedForLongIsSearchedAnew() {
        neighbours.learn(GUEST, MAC);
        loop.advance(Duration.ofMinutes(11));

        assertThat(neighbours.peek(GUEST)).isEqualTo(IpHost.UNKNOWN);
        assertThat(neighbours.lookup(GUEST)).isEqualTo(IpHost.UNKNOWN);
        assertThat(requests).isEmpty();
    }

    @Test
    void updateMakesNoNewNeighbour() {
        assertThat(neighbours.update(GUEST, MAC)).isFalse();
        assertThat(neighbours.peek(GUEST)).isEqualTo(IpHost.UNKNOWN);

        neighbours.learn(GUEST, MAC);
        assertThat(neighbours.update(GUEST, MAC + 1)).isTrue();
        assertThat(neighbours.peek(GUEST)).isEqualTo(MAC + 1);
    }

    @Test
    void closeFreesWhatWaitsAndTakesNothingMore() {
        neighbours.enqueue(GUEST, packet("one"), output);

        neighbours.close();

        assertThat(neighbours.enqueue(GUEST, packet("two"), output)).isEqualTo(DropReason.NEIGHBOUR_QUEUE_FULL);
        neighbours.learn(GUEST, MAC);
        assertThat(sent).isEmpty();
        assertThat(neighbours.size()).isZero();
    }

    @Test
    void listenerMaySendToTheSameNeighbourAgain() {
        PacketOutput stubborn = new PacketOutput() {
            @Override
            public void transmit(Frame packet, long mac) {}

            @Override
            public void undeliverable(Frame packet) {
                neighbours.enqueue(GUEST, packet("retry"), output);
            }
        };
        neighbours.enqueue(GUEST, packet("one"), stubborn);

        loop.advance(Duration.ofSeconds(3));

        assertThat(requests).hasSize(4);
        neighbours.learn(GUEST, MAC);
        assertThat(sent).containsExactly("retry>52:54:00:12:34:56");
    }
}
