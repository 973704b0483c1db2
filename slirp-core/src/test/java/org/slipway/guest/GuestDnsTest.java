package org.slipway.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private static final String RECORD = "c00c" + "0001" + "0001" + "00000078" + "0004" + "c0000207";

    private final GuestLan net = new GuestLan();
    private final List<Guest> servers = List.of(net.addressed(3), net.addressed(4));
    private final Guest client = net.guest(1);

    /** {@code "3 <question>"}: which server was asked what. */
    private final List<String> queries = new ArrayList<>();

    private String lastQuery = "";
    private int clientPort;

    @BeforeEach
    void serve() {
        client.address(new GuestAddress(
                GuestLan.address(1),
                IpPrefix.of(GuestLan.address(1), 24),
                null,
                List.of(GuestLan.address(3), GuestLan.address(4)),
                1500));
        for (Guest server : servers) {
            server.onUdp(53, (source, port, payload) -> {
                queries.add(server.name());
                lastQuery = ByteBufUtil.hexDump(payload);
                clientPort = port;
            });
        }
    }

    @AfterEach
    void close() {
        net.close();
    }

    /** Server {@code number} answers the last query: its id and question, with {@code flags} and one record or none. */
    private void answer(int number, String flags, boolean withRecord) {
        String counts = "0001" + (withRecord ? "0001" : "0000") + "00000000";
        answer(
                number,
                lastQuery.substring(0, 4) + flags + counts + lastQuery.substring(24) + (withRecord ? RECORD : ""));
    }

    private void answer(int number, String hex) {
        ByteBuf message = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        servers.get(number - 3).sendUdp(53, GuestLan.address(1), clientPort, message);
        net.loop.run();
    }

    @Test
    void nameIsResolved() {
        CompletableFuture<List<IpAddress>> resolved = client.resolve("www.test");
        net.loop.run();
        answer(3, "8180", true);
        assertThat(resolved.join()).containsExactly(IpAddress.parse("192.0.2.7"));
        answer(3, "8180", true);
        assertThat(net.drops.of(DropReason.UDP_NO_PORT))
                .as("the port is closed")
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "8183, resolve www.test: no such name (NXDOMAIN)",
        "8182, resolve www.test: the resolver failed (SERVFAIL)",
        "8185, resolve www.test: the resolver refuses (REFUSED)",
        "8184, resolve www.test: the resolver answered with code 4",
        "8180, resolve www.test: the name has no IPv4 address"
    })
    void errorOfTheResolverIsTheAnswer(String flags, String message) {
        CompletableFuture<List<IpAddress>> resolved = client.resolve("www.test");
        net.loop.run();
        answer(3, flags, false);
        net.assertFails(Duration.ZERO, resolved, message);
    }

    @Test
    void silentResolverIsPassedOver() {
        CompletableFuture<List<IpAddress>> resolved = client.resolve("www.test");
        net.loop.advance(Duration.ofSeconds(1));
        assertThat(queries).containsExactly("vm3", "vm4");
        answer(4, "8180", true);
        assertThat(resolved).isCompleted();
    }

    @Test
    void resolveFailsWhenNobodyAnswers() {
        net.assertFails(Duration.ofSeconds(15), client.resolve("www.test"), "resolve www.test: no resolver answers");
        assertThat(queries).containsExactly("vm3", "vm4", "vm3", "vm4");
    }

    @Test
    void forgedAnswersAreIgnored() {
        CompletableFuture<List<IpAddress>> resolved = client.resolve("www.test");
        net.loop.run();
        String id = String.format("%04x", Integer.parseInt(lastQuery.substring(0, 4), 16) ^ 1);
        String good = "8180" + "0001000100000000" + lastQuery.substring(24) + RECORD;
        answer(3, id + good);
        answer(3, lastQuery);
        answer(3, lastQuery.substring(0, 4) + good.replace("0377", "0378"));
        answer(3, "00");
        servers.get(0).sendUdp(54, GuestLan.address(1), clientPort, Unpooled.EMPTY_BUFFER);
        net.loop.run();
        assertThat(resolved).isNotDone();
        assertThat(net.drops.of(DropReason.DNS_MALFORMED)).isEqualTo(5);
        answer(3, "8180", true);
        assertThat(resolved).isCompleted();
    }

    @Test
    void badNamesAndMissingResolversFailAtOnce() {
        net.assertFails(Duration.ZERO, client.resolve("a..b"), "resolve a..b: not a host name");
        client.address(GuestAddress.of(GuestLan.address(1), 24));
        net.assertFails(Duration.ZERO, client.resolve("a.b"), "resolve a.b: no resolver is known");
    }
}
