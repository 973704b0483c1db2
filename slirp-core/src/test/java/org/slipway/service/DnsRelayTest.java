package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.service.DnsBytes.OPT_1232;
import static org.slipway.service.DnsBytes.OPT_4096_DO;
import static org.slipway.service.DnsBytes.answer;
import static org.slipway.service.DnsBytes.buffer;
import static org.slipway.service.DnsBytes.ednsQuery;
import static org.slipway.service.DnsBytes.empty;
import static org.slipway.service.DnsBytes.large;
import static org.slipway.service.DnsBytes.name;
import static org.slipway.service.DnsBytes.query;
import static org.slipway.service.DnsBytes.question;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

class DnsRelayTest {

    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final IpAddress DNS = IpAddress.parse("10.0.2.3");

    private final ManualLoop loop = new ManualLoop();
    private final FakeUpstream upstream = new FakeUpstream();
    private final List<String> said = new ArrayList<>();
    private List<InetSocketAddress> resolvers = resolvers(1);
    private final DnsRelay relay = new DnsRelay(
            loop, LocalNames.none(), true, () -> resolvers, upstream, this::hear, new DropCounters(), new Random(1));

    private static List<InetSocketAddress> resolvers(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toList();
    }

    private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
        assertThat(source).isEqualTo(DNS);
        assertThat(sourcePort).isEqualTo(53);
        assertThat(to).isEqualTo(GUEST);
        assertThat(toPort).isEqualTo(4242);
        assertThat(mac).as("the station that asked").isPositive();
        said.add(ByteBufUtil.hexDump(payload));
        payload.release();
    }

    private @Nullable DropReason ask(String hex) {
        return ask(hex, GUEST, 4242, 1);
    }

    private @Nullable DropReason ask(String hex, IpAddress guest, int port, long station) {
        ByteBuf payload = buffer("ffff" + hex).skipBytes(2);
        DropReason reason = relay.receive(new Datagram(guest, port, DNS, 53, station, payload));
        payload.release();
        return reason;
    }

    @AfterEach
    void nothingIsLeftBehind() {
        relay.close();
        assertThat(upstream.open()).isZero();
        assertThat(loop.untilNextTimer()).isEqualTo(-1);
    }

    @Test
    void queryGoesOutWithAnotherIdAndTheAnswerComesBackWithItsOwn() {
        assertThat(ask(query(0x1234, "example.org", 1))).isNull();
        FakeUpstream.Sent sent = upstream.last();
        assertThat(sent).hasToString("UDP 1");
        assertThat(sent.query).isEqualTo(query(sent.id(), "example.org", 1));
        sent.receive(answer(sent.id(), "example.org", 7));

        assertThat(said).containsExactly(answer(0x1234, "example.org", 7));
        assertThat(sent.cancelled).isTrue();
        assertThat(relay.queriesInFlight()).isZero();
    }

    /** What a guest of one family and resolvers of the other say passes through. */
    @ParameterizedTest
    @CsvSource({
        "fd00::15, fd00::3, 127.0.0.1",
        "10.0.2.15, 10.0.2.3, ::1",
        "fd00::15, fd00::3, ::1",
        "fe80::15, fd00::3, 127.0.0.1",
    })
    void familiesOfGuestAndResolverHaveNothingToDoWithEachOther(String guest, String dns, String resolver) {
        List<String> answers = new ArrayList<>();
        DatagramSender sender = (source, sourcePort, to, toPort, mac, payload) -> {
            answers.add(source + " " + to + " " + ByteBufUtil.hexDump(payload));
            payload.release();
        };
        InetSocketAddress only = new InetSocketAddress(IpAddress.parse(resolver).toInetAddress(), 53);
        DnsRelay crosswise = new DnsRelay(
                loop,
                LocalNames.none(),
                true,
                () -> List.of(only),
                upstream,
                sender,
                new DropCounters(),
                new Random(1));
        String reverse = "5.1.0.0." + "0.".repeat(24) + "0.0.d.f.ip6.arpa";
        String address = "c00c001c00010000003c0010" + "20010db8000000000000000000000007";
        String pointer = "c00c000c00010000003c0007" + name("guest");
        String[] questions = {question("example.org", 28), question(reverse, 12)};
        String[] records = {address, pointer};
        for (int i = 0; i < questions.length; i++) {
            ByteBuf payload = buffer("1234" + "0100" + "0001000000000000" + questions[i]);
            assertThat(crosswise.receive(
                            new Datagram(IpAddress.parse(guest), 4242, IpAddress.parse(dns), 53, 1, payload)))
                    .isNull();
            assertThat(upstream.last().resolver).isEqualTo(only);
            String rest = "8180" + "0001000100000000" + questions[i] + records[i];
            upstream.last().receive("%04x".formatted(upstream.last().id()) + rest);
            assertThat(answers).last().isEqualTo(IpAddress.parse(dns) + " " + IpAddress.parse(guest) + " 1234" + rest);
        }
        crosswise.close();
    }

    @Test
    void idsOfQueriesAreNotTheGuestsAndNotInARow() {
        Set<Integer> ids = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            ask(query(7, "example.org", 1));
            steps.add(upstream.last().id()
                    - (i == 0 ? 0 : upstream.sent.get(i - 1).id()));
            ids.add(upstream.last().id());
        }
        assertThat(ids).hasSizeGreaterThan(95);
        assertThat(steps).hasSizeGreaterThan(95);
    }

    @Test
    void everyTypeAndTheEdnsRecordPassByteForByte() {
        for (int type : new int[] {1, 5, 6, 12, 15, 16, 28, 33, 35, 43, 48, 52, 65, 255, 257, 65_280}) {
            ask(ednsQuery(9, "a.b.example", type, OPT_4096_DO));
            FakeUpstream.Sent sent = upstream.last();
            assertThat(sent.query).isEqualTo(ednsQuery(sent.id(), "a.b.example", type, OPT_4096_DO));
            String rest = "85a0" + "0001000100000001" + question("a.b.example", type) + "c00c"
                    + String.format("%04x", type) + "00010000000a0003010203" + OPT_1232;
            sent.receive(String.format("%04x", sent.id()) + rest);
            assertThat(said.get(said.size() - 1)).isEqualTo("0009" + rest);
        }
    }

    @Test
    void answersThatDoNotMatchAreIgnored() {
        ask(query(7, "example.org", 1));
        FakeUpstream.Sent sent = upstream.last();
        sent.receive(answer(sent.id() ^ 1, "example.org", 66));
        sent.receive(answer(sent.id(), "example.com", 66));
        sent.receive(empty(sent.id(), 0x8180, "example.org", 28));
        sent.receive(query(sent.id(), "example.org", 1));
        sent.receive(answer(sent.id(), "example.org", 66).replaceFirst("8180", "a180"));
        sent.receive(String.format("%04x", sent.id()) + "8180" + "0000000000000000");
        String whole = answer(sent.id(), "example.org", 66);
        for (int length = 0; length < 12 + 17; length++) {
            sent.receive(whole.substring(0, 2 * length));
        }
        assertThat(said).isEmpty();
        assertThat(upstream.sent).hasSize(1);
        sent.receive(answer(sent.id(), "eXample.ORG", 7));
        assertThat(said).containsExactly(answer(7, "eXample.ORG", 7));
    }

    @Test
    void silentResolverIsLeftForTheNextAfterTwoSeconds() {
        resolvers = resolvers(2);
        ask(query(7, "example.org", 1));
        loop.advance(Duration.ofMillis(1999));
        assertThat(upstream.sent).hasSize(1);
        loop.advance(Duration.ofMillis(1));
        assertThat(upstream.sent).hasToString("[UDP 1, UDP 2]");
        assertThat(upstream.sent.get(0).cancelled).isTrue();
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(said).containsExactly(answer(7, "example.org", 7));
    }

    @Test
    void resolverThatFailedIsAskedLastForAWhile() {
        resolvers = resolvers(3);
        ask(query(7, "example.org", 1));
        upstream.last().fail();
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(upstream.sent).hasToString("[UDP 1, UDP 2]");

        upstream.sent.clear();
        ask(query(7, "example.org", 1));
        upstream.last().fail();
        upstream.last().fail();
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(upstream.sent).hasToString("[UDP 2, UDP 3, UDP 1]");

        upstream.sent.clear();
        loop.advance(Duration.ofSeconds(31));
        ask(query(7, "example.org", 1));
        assertThat(upstream.sent).hasToString("[UDP 1]");
    }

    @Test
    void nobodyAnswersMeansServfailAfterSixSeconds() {
        for (int count : new int[] {1, 2, 3, 8, 20}) {
            said.clear();
            resolvers = resolvers(count);
            ask(ednsQuery(7, "example.org", 1, OPT_4096_DO));
            loop.advance(Duration.ofMillis(5999));
            assertThat(said).isEmpty();
            loop.advance(Duration.ofMillis(1));
            String opt = "00" + "0029" + "04d0" + "00008000" + "0000";
            assertThat(said).containsExactly("0007" + "8182" + "0001000000000001" + question("example.org", 1) + opt);
        }
    }

    @Test
    void resolversThatAreDownMeanServfailAtOnce() {
        resolvers = resolvers(2);
        ask(query(7, "example.org", 1));
        while (said.isEmpty()) {
            upstream.last().fail();
        }
        assertThat(upstream.sent).hasSize(6);
        assertThat(said).containsExactly(empty(7, 0x8182, "example.org", 1));
    }

    @Test
    void noResolverMeansServfailAtOnce() {
        resolvers = List.of();
        assertThat(ask(query(7, "example.org", 1))).isNull();
        assertThat(said).containsExactly(empty(7, 0x8182, "example.org", 1));
        assertThat(upstream.sent).isEmpty();
    }

    @Test
    void servfailAndRefusedTryTheOthersOnceAndCountIfNobodyKnowsBetter() {
        resolvers = resolvers(2);
        ask(query(7, "example.org", 1));
        upstream.last().receive(empty(upstream.last().id(), 0x8182, "example.org", 1));
        upstream.last().receive(answer(upstream.last().id(), "example.org", 7));
        assertThat(said).containsExactly(answer(7, "example.org", 7));

        said.clear();
        upstream.sent.clear();
        ask(query(8, "example.org", 1));
        upstream.last().receive(empty(upstream.last().id(), 0x81a5, "example.org", 1));
        upstream.last().receive(empty(upstream.last().id(), 0x8182, "example.org", 1));
        assertThat(said).containsExactly(empty(8, 0x81a5, "example.org", 1));
        assertThat(upstream.sent).hasToString("[UDP 1, UDP 2]");
    }

    @Test
    void nameErrorAndOtherAnswersAreFinal() {
        resolvers = resolvers(2);
        for (int code : new int[] {0, 1, 3, 4}) {
            said.clear();
            ask(query(7, "example.org", 1));
            upstream.last().receive(empty(upstream.last().id(), 0x8180 | code, "example.org", 1));
            assertThat(said).containsExactly(empty(7, 0x8180 | code, "example.org", 1));
        }
    }

    @Test
    void refusalWithoutAQuestionCounts() {
        ask(query(7, "example.org", 1));
        upstream.last().receive(String.format("%04x", upstream.last().id()) + "8181" + "0000000000000000");
        assertThat(said).containsExactly("0007" + "8181" + "0000000000000000");
    }

    @Test
    void answerLargerThanTheGuestTakesIsTruncated() {
        ask(query(7, "example.org", 16));
        upstream.last().receive(large(upstream.last().id(), "example.org", 484));
        ask(query(7, "example.org", 16));
        upstream.last().receive(large(upstream.last().id(), "example.org", 460));
        assertThat(said).containsExactly(empty(7, 0x8780, "example.org", 16), large(7, "example.org", 460));
    }

    @Test
    void ednsSizeIsTheLimit() {
        ask(ednsQuery(7, "example.org", 16, OPT_1232));
        upstream.last().receive(large(upstream.last().id(), "example.org", 1191));
        ask(ednsQuery(7, "example.org", 16, OPT_1232));
        upstream.last().receive(large(upstream.last().id(), "example.org", 1192));
        assertThat(said)
                .containsExactly(
                        large(7, "example.org", 1191),
                        "0007" + "8780" + "0001000000000001" + question("example.org", 16) + OPT_1232);
    }

    @Test
    void truncatedAnswerPassesAsItIs() {
        ask(query(7, "example.org", 16));
        upstream.last().receive(empty(upstream.last().id(), 0x8380, "example.org", 16));
        assertThat(said).containsExactly(empty(7, 0x8380, "example.org", 16));
    }

    @Test
    void whatIsNoQueryIsDroppedWithoutAWord() {
        assertThat(ask(answer(7, "example.org", 7))).isEqualTo(DropReason.DNS_MALFORMED);
        for (int length = 0; length < 12; length++) {
            assertThat(ask(query(7, "example.org", 1).substring(0, 2 * length))).isEqualTo(DropReason.DNS_MALFORMED);
        }
        assertThat(ask(query(7, "example.org", 1), GUEST, 0, 1)).isEqualTo(DropReason.DNS_MALFORMED);
        assertThat(ask(query(7, "example.org", 1), IpAddress.ipv4(0), 4242, 1)).isEqualTo(DropReason.DNS_MALFORMED);
        assertThat(said).isEmpty();
    }

    @Test
    void malformedQuestionsGetAFormatError() {
        String whole = query(7, "example.org", 1);
        List<String> bad = new ArrayList<>(List.of(
                "0007" + "0100" + "0000000000000000",
                "0007" + "0100" + "0002000000000000" + question("a", 1) + question("b", 1),
                "0007" + "0100" + "0001000000000000" + "c00c" + "00010001",
                "0007" + "0100" + "0001000000000000" + "40" + "61".repeat(64) + "00" + "00010001",
                "0007" + "0100" + "0001000000000000" + ("3f" + "61".repeat(63)).repeat(4) + "00" + "00010001",
                whole + "00".repeat(4096)));
        for (int length = 12; length < whole.length() / 2; length++) {
            bad.add(whole.substring(0, 2 * length));
        }
        for (String query : bad) {
            said.clear();
            assertThat(ask(query)).isEqualTo(DropReason.DNS_MALFORMED);
            assertThat(said).hasSize(1);
            assertThat(said.get(0)).startsWith("00078181");
        }
        assertThat(upstream.sent).isEmpty();
    }

    @Test
    void longestNameIsNoError() {
        String name = "00070100" + "0001000000000000" + ("3f" + "61".repeat(63)).repeat(3) + "3d" + "61".repeat(61)
                + "00" + "00010001";
        assertThat(ask(name)).isNull();
        assertThat(upstream.sent).hasSize(1);
    }

    @Test
    void otherOpcodesAreNotImplemented() {
        for (int opcode : new int[] {1, 2, 4, 5, 6}) {
            said.clear();
            String flags = String.format("%04x", opcode << 11);
            assertThat(ask("0007" + flags + "0001000000000000" + question("example.org", 6)))
                    .isNull();
            assertThat(said)
                    .containsExactly("0007" + String.format("%04x", 0x8084 | opcode << 11) + "0000000000000000");
        }
    }

    @Test
    void randomTailsOfQueriesNeverThrow() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] tail = new byte[random.nextInt(40)];
            random.nextBytes(tail);
            String counts = String.format("0001%04x%04x%04x", random.nextInt(3), random.nextInt(3), random.nextInt(9));
            ask("0007" + "0100" + counts + question("a", 16) + ByteBufUtil.hexDump(tail));
            upstream.last().receive(large(upstream.last().id(), "a", random.nextInt(3000)));
        }
        assertThat(said).hasSize(1000);
    }

    @Test
    void oneGuestGetsHalfOfTheQueriesAndTheOthersNoticeNothing() {
        for (int i = 0; i < DnsRelay.MAX_QUERIES_PER_GUEST; i++) {
            assertThat(ask(query(i, "example.org", 1))).isNull();
        }
        assertThat(ask(query(7, "example.org", 1))).isEqualTo(DropReason.DNS_QUERIES_FULL);
        assertThat(said).containsExactly(empty(7, 0x8185, "example.org", 1));

        IpAddress other = IpAddress.parse("10.0.2.16");
        assertThat(ask(query(7, "example.org", 1), other, 4242, 2)).isNull();
        upstream.sent.get(0).receive(answer(upstream.sent.get(0).id(), "example.org", 7));
        assertThat(ask(query(7, "example.org", 1))).isNull();
    }

    @Test
    void allGuestsTogetherAreBounded() {
        int refused = 0;
        for (int guest = 0; guest < 700; guest++) {
            refused += relay.ask(guest, DnsUpstream.Transport.UDP, buffer(query(7, "example.org", 1)), ByteBuf::release)
                            == DropReason.DNS_QUERIES_FULL
                    ? 1
                    : 0;
        }
        assertThat(refused).isEqualTo(700 - DnsRelay.MAX_QUERIES);
        assertThat(relay.queriesInFlight()).isEqualTo(DnsRelay.MAX_QUERIES);
    }

    @Test
    void closedRelayDropsQueries() {
        ask(query(7, "example.org", 1));
        relay.close();
        assertThat(ask(query(7, "example.org", 1))).isEqualTo(DropReason.DNS_MALFORMED);
        assertThat(said).isEmpty();
        assertThat(relay.accept(1, new DnsTcpSessionTest.Guest())).isNull();
    }
}
