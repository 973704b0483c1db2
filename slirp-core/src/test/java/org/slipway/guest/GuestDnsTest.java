package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** A guest asks two others for addresses; they answer as the test says. */
class GuestDnsTest {

    private static final String A_RECORD = "c00c" + "0001" + "0001" + "00000078" + "0004" + "c0000207";
    private static final String AAAA_RECORD =
            "c00c" + "001c" + "0001" + "00000078" + "0010" + "20010db8000000000000000000000007";

    private static final IpAddress IPV4 = IpAddress.parse("192.0.2.7");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::7");

    /** A query as it came. */
    private record Query(String hex, int clientPort) {

        /** Its answer with {@code flags} and one record or none. */
        String answer(String flags, String record) {
            String counts = "0001" + (record.isEmpty() ? "0000" : "0001") + "00000000";
            return hex.substring(0, 4) + flags + counts + hex.substring(24) + record;
        }
    }

    private final GuestLan net = new GuestLan();
    private final List<Guest> servers = List.of(net.addressed(3), net.addressed(4));
    private final Guest client = net.guest(1);

    /** {@code "vm3 A"}: which server was asked for what. */
    private final List<String> asked = new ArrayList<>();

    /** The last query of each type. */
    private final Map<String, Query> queries = new HashMap<>();

    @BeforeEach
    void serve() {
        client.address(new GuestAddress(
                GuestLan.address(1),
                IpPrefix.of(GuestLan.address(1), 24),
                null,
                List.of(GuestLan.address(3), GuestLan.address(4)),
                1500));
        for (Guest server : servers) {
            server.onUdp(53, (source, port, destination, payload) -> {
                String hex = ByteBufUtil.hexDump(payload);
                String type = hex.endsWith("001c0001") ? "AAAA" : "A";
                asked.add(server.name() + " " + type);
                queries.put(type, new Query(hex, port));
            });
        }
    }

    @AfterEach
    void close() {
        net.close();
    }

    private CompletableFuture<List<IpAddress>> resolve() {
        CompletableFuture<List<IpAddress>> resolved = client.resolve("www.test");
        net.loop.run();
        return resolved;
    }

    /** Server {@code number} answers the last query of {@code type}. */
    private void answer(int number, String type, String flags, String record) {
        answer(number, queries.get(type), queries.get(type).answer(flags, record));
    }

    private void answer(int number, Query query, String hex) {
        ByteBuf message = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        servers.get(number - 3).sendUdp(53, GuestLan.address(1), query.clientPort(), message);
        net.loop.run();
    }

    @Test
    void bothFamiliesAreAskedForAndAnswered() {
        CompletableFuture<List<IpAddress>> resolved = resolve();
        assertThat(asked).containsExactly("vm3 A", "vm3 AAAA");
        answer(3, "A", "8180", A_RECORD);
        assertThat(resolved).isNotDone();
        answer(3, "AAAA", "8180", AAAA_RECORD);
        assertThat(net.now(resolved)).as("the guest has no IPv6 address").containsExactly(IPV4, IPV6);
        answer(3, "A", "8180", A_RECORD);
        assertThat(net.drops.of(DropReason.UDP_NO_PORT))
                .as("the port is closed")
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"8180", "8182", "8183"})
    void oneFamilyIsEnough(String flagsOfTheOther) {
        CompletableFuture<List<IpAddress>> resolved = resolve();
        answer(3, "A", flagsOfTheOther, "");
        answer(3, "AAAA", "8180", AAAA_RECORD);
        assertThat(net.now(resolved)).containsExactly(IPV6);
        resolved = resolve();
        answer(3, "AAAA", flagsOfTheOther, "");
        answer(3, "A", "8180", A_RECORD);
        assertThat(net.now(resolved)).containsExactly(IPV4);
    }

    @ParameterizedTest
    @CsvSource({
        "8183, resolve www.test: no such name (NXDOMAIN)",
        "8182, resolve www.test: the resolver failed (SERVFAIL)",
        "8185, resolve www.test: the resolver refuses (REFUSED)",
        "8184, resolve www.test: the resolver answered with code 4",
        "8180, resolve www.test: the name has no address"
    })
    void errorOfTheResolverIsTheAnswer(String flags, String message) {
        CompletableFuture<List<IpAddress>> resolved = resolve();
        answer(3, "A", flags, "");
        answer(3, "AAAA", "8180", "");
        net.assertFails(Duration.ZERO, resolved, message);
    }

    @Test
    void silentResolverIsPassedOver() {
        CompletableFuture<List<IpAddress>> resolved = resolve();
        net.loop.advance(Duration.ofSeconds(1));
        assertThat(asked).containsExactly("vm3 A", "vm3 AAAA", "vm4 A", "vm4 AAAA");
        answer(4, "A", "8180", A_RECORD);
        answer(4, "AAAA", "8180", "");
        assertThat(net.now(resolved)).containsExactly(IPV4);
    }

    @Test
    void silenceAboutOneFamilyCostsTimeAndNoMore() {
        CompletableFuture<List<IpAddress>> resolved = resolve();
        answer(3, "A", "8180", A_RECORD);
        assertThat(net.within(Duration.ofSeconds(15), resolved)).containsExactly(IPV4);
    }

    @Test
    void resolveFailsWhenNobodyAnswers() {
        net.assertFails(Duration.ofSeconds(15), client.resolve("www.test"), "resolve www.test: no resolver answers");
        assertThat(asked).filteredOn(query -> query.endsWith(" A")).containsExactly("vm3 A", "vm4 A", "vm3 A", "vm4 A");
    }

    @Test
    void forgedAnswersAreIgnored() {
        CompletableFuture<List<IpAddress>> resolved = resolve();
        Query query = queries.get("A");
        String good = query.answer("8180", A_RECORD);
        String id = String.format("%04x", Integer.parseInt(good.substring(0, 4), 16) ^ 1);
        answer(3, query, id + good.substring(4));
        answer(3, query, query.hex());
        answer(3, query, good.replace("0377", "0378"));
        answer(3, query, "00");
        answer(3, query, queries.get("AAAA").answer("8180", AAAA_RECORD));
        servers.get(0).sendUdp(54, GuestLan.address(1), query.clientPort(), Unpooled.EMPTY_BUFFER);
        answer(3, "AAAA", "8180", "");
        assertThat(resolved).isNotDone();
        assertThat(net.drops.of(DropReason.DNS_MALFORMED)).isEqualTo(6);
        answer(3, query, good);
        assertThat(net.now(resolved)).containsExactly(IPV4);
    }

    @Test
    void badNamesAndMissingResolversFailAtOnce() {
        net.assertFails(Duration.ZERO, client.resolve("a..b"), "resolve a..b: not a host name");
        client.address(GuestAddress.of(GuestLan.address(1), 24));
        net.assertFails(Duration.ZERO, client.resolve("a.b"), "resolve a.b: no resolver is known");
    }
}
