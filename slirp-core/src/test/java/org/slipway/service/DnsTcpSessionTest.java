package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.service.DnsBytes.answer;
import static org.slipway.service.DnsBytes.buffer;
import static org.slipway.service.DnsBytes.empty;
import static org.slipway.service.DnsBytes.framed;
import static org.slipway.service.DnsBytes.large;
import static org.slipway.service.DnsBytes.query;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;

class DnsTcpSessionTest {

    /** The guest's end of a connection. */
    static final class Guest implements StreamService.Output {
        final StringBuilder heard = new StringBuilder();
        int unsentBytes;
        boolean finished;
        boolean aborted;
        StreamService.@Nullable Session session;

        @Override
        public void send(ByteBuf data) {
            heard.append(ByteBufUtil.hexDump(data));
            data.release();
        }

        @Override
        public int unsentBytes() {
            return unsentBytes;
        }

        @Override
        public void close() {
            finished = true;
        }

        @Override
        public void abort() {
            aborted = true;
            session().closed();
        }

        StreamService.Session session() {
            return Objects.requireNonNull(session);
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final FakeUpstream upstream = new FakeUpstream();
    private final DropCounters drops = new DropCounters();
    private List<InetSocketAddress> resolvers = List.of(resolver(1));
    private final DnsRelay relay = new DnsRelay(
            loop,
            LocalNames.none(),
            true,
            () -> resolvers,
            upstream,
            (source, sourcePort, to, toPort, mac, payload) -> payload.release(),
            drops,
            new Random(1));
    private final Guest guest = new Guest();
    private final StreamService.Session session = open(guest);

    private static InetSocketAddress resolver(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private StreamService.Session open(Guest guest) {
        guest.session = relay.accept(1, guest);
        return guest.session();
    }

    private void say(String hex) {
        ByteBuf data = buffer("ff" + hex).skipBytes(1);
        session.received(data);
        data.release();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        session.closed();
        session.closed();
        relay.close();
        assertThat(loop.untilNextTimer()).isEqualTo(-1);
        assertThat(upstream.open()).isZero();
    }

    @Test
    void queryOverTcpGoesToTheResolverOverTcp() {
        say(framed(query(7, "example.org", 1)));
        assertThat(upstream.sent).hasToString("[TCP 1]");
        assertThat(upstream.last().query).isEqualTo(query(upstream.last().id(), "example.org", 1));
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(guest.heard).hasToString(framed(answer(7, "example.org", 7)));
        assertThat(guest.finished).isFalse();
    }

    @Test
    void largeAnswersPassWhole() {
        say(framed(query(7, "example.org", 16)));
        upstream.last().receive(large(upstream.last().id(), "example.org", 65_000));
        assertThat(guest.heard).hasToString(framed(large(7, "example.org", 65_000)));
    }

    @Test
    void pipelinedQueriesAreAnsweredAsTheAnswersCome() {
        say(framed(query(1, "one.example", 1)) + framed(query(2, "two.example", 1)));
        assertThat(upstream.sent).hasSize(2);
        upstream.sent.get(1).receive(answer(upstream.sent.get(1).id(), "two.example", 2));
        upstream.sent.get(0).receive(answer(upstream.sent.get(0).id(), "one.example", 1));
        assertThat(guest.heard).hasToString(framed(answer(2, "two.example", 2)) + framed(answer(1, "one.example", 1)));
    }

    @Test
    void framingMaySplitAnywhere() {
        String stream = framed(query(1, "one.example", 1)) + framed(query(2, "two.example", 28));
        for (int split = 0; split <= stream.length() / 2; split++) {
            upstream.sent.clear();
            say(stream.substring(0, 2 * split));
            say(stream.substring(2 * split));
            assertThat(upstream.sent).hasSize(2);
            for (FakeUpstream.Sent sent : upstream.sent) {
                sent.receive(String.format("%04x", sent.id()) + "8183" + sent.query.substring(8));
            }
        }
        upstream.sent.clear();
        for (int i = 0; i < stream.length() / 2; i++) {
            say(stream.substring(2 * i, 2 * i + 2));
        }
        assertThat(upstream.sent).hasSize(2);
    }

    @Test
    void resolverWithoutTcpIsAskedOverUdp() {
        resolvers = List.of(resolver(1), resolver(2));
        say(framed(query(7, "example.org", 1)));
        upstream.last().fail();
        upstream.last().fail();
        assertThat(upstream.sent).hasToString("[TCP 1, TCP 2, UDP 1]");
        upstream.last().receive(empty(upstream.last().id(), 0x8380, "example.org", 1));
        assertThat(guest.heard).isEmpty();
        assertThat(upstream.sent).hasToString("[TCP 1, TCP 2, UDP 1, UDP 2]");
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(guest.heard).hasToString(framed(answer(7, "example.org", 7)));
    }

    @Test
    void resolverWithoutTcpIsStillTrustedOverUdp() {
        resolvers = List.of(resolver(1), resolver(2));
        say(framed(query(7, "example.org", 1)));
        upstream.last().fail();
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        upstream.sent.clear();
        say(framed(query(8, "example.org", 1)));
        assertThat(upstream.sent).hasToString("[TCP 1]");
    }

    @Test
    void nobodyAnswersMeansServfail() {
        say(framed(query(7, "example.org", 1)));
        loop.advance(Duration.ofSeconds(6));
        assertThat(guest.heard).hasToString(framed(empty(7, 0x8182, "example.org", 1)));
    }

    @Test
    void zoneTransfersAreNotImplemented() {
        say(framed(query(7, "example.org", 252)) + framed(query(8, "example.org", 251)));
        assertThat(guest.heard)
                .hasToString(
                        framed(empty(7, 0x8184, "example.org", 252)) + framed(empty(8, 0x8184, "example.org", 251)));
        assertThat(upstream.sent).isEmpty();
    }

    @Test
    void guestThatHasSaidAllGetsItsAnswersFirst() {
        say(framed(query(7, "example.org", 1)));
        session.inputClosed();
        assertThat(guest.finished).isFalse();
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(guest.heard).hasToString(framed(answer(7, "example.org", 7)));
        assertThat(guest.finished).isTrue();
    }

    @Test
    void idleConnectionIsEnded() {
        loop.advance(Duration.ofSeconds(20));
        say(framed(query(7, "example.org", 1)));
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        loop.advance(Duration.ofSeconds(29));
        assertThat(guest.finished).isFalse();
        loop.advance(Duration.ofSeconds(1));
        assertThat(guest.finished).isTrue();
    }

    @Test
    void bytesThatMakeNoMessageDoNotKeepTheConnection() {
        say("00");
        for (int i = 0; i < 30; i++) {
            loop.advance(Duration.ofSeconds(1));
            say(i == 0 ? "ff" : "00");
        }
        assertThat(guest.finished).isTrue();
    }

    @Test
    void lengthsThatNoQueryHasEndTheConnection() {
        for (String length : List.of("0000", "0001", "000b", "1001", "7fff", "ffff")) {
            Guest other = new Guest();
            open(other);
            ByteBuf data = buffer(length + "0000");
            other.session().received(data);
            other.session().received(data);
            data.release();
            assertThat(other.finished).isTrue();
            assertThat(other.heard).isEmpty();
            other.session().closed();
        }
        assertThat(drops.of(DropReason.DNS_MALFORMED)).isEqualTo(6);
    }

    @Test
    void malformedQueryGetsAFormatErrorAndTheEnd() {
        say(framed("000701000000000000000000"));
        assertThat(guest.heard).hasToString(framed("000781810000000000000000"));
        assertThat(guest.finished).isTrue();
        say(framed(query(7, "example.org", 1)));
        assertThat(upstream.sent).isEmpty();
        assertThat(drops.of(DropReason.DNS_MALFORMED)).isEqualTo(1);
    }

    @Test
    void tooManyQueriesAreRefusedOneByOne() {
        for (int i = 0; i < DnsRelay.MAX_QUERIES_PER_GUEST; i++) {
            say(framed(query(i, "example.org", 1)));
        }
        say(framed(query(7, "example.org", 1)));
        assertThat(guest.heard).hasToString(framed(empty(7, 0x8185, "example.org", 1)));
        assertThat(drops.of(DropReason.DNS_QUERIES_FULL)).isEqualTo(1);
        assertThat(guest.finished).isFalse();
    }

    @Test
    void guestThatReadsNothingIsReset() {
        say(framed(query(7, "example.org", 1)) + framed(query(8, "example.org", 1)));
        guest.unsentBytes = DnsTcpSession.MAX_UNSENT_BYTES + 1;
        upstream.sent.get(0).receive(answer(upstream.sent.get(0).id(), "example.org", 7));
        assertThat(guest.aborted).isTrue();
        upstream.sent.get(1).receive(answer(upstream.sent.get(1).id(), "example.org", 7));
        assertThat(guest.heard).isEmpty();
    }

    @Test
    void resetWithinAQueryLeavesNothingBehind() {
        resolvers = List.of();
        guest.unsentBytes = DnsTcpSession.MAX_UNSENT_BYTES + 1;
        say(framed(query(7, "example.org", 1)) + framed(query(8, "example.org", 1)) + "0020");
        assertThat(guest.aborted).isTrue();
    }

    @Test
    void answerForAConnectionThatIsGoneIsReleased() {
        say(framed(query(7, "example.org", 1)) + "0020" + "0000");
        session.closed();
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(guest.heard).isEmpty();
    }

    @Test
    void connectionsOfAGuestAreBounded() {
        List<Guest> open = new ArrayList<>();
        for (int i = 1; i < DnsRelay.MAX_SESSIONS_PER_GUEST; i++) {
            open.add(new Guest());
            assertThat(open(open.get(open.size() - 1))).isNotNull();
        }
        assertThat(relay.accept(1, new Guest())).isNull();
        open.get(0).session().closed();
        Guest again = new Guest();
        assertThat(open(again)).isNotNull();
        again.session().closed();
        open.forEach(one -> one.session().closed());
    }
}
