package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.service.DnsBytes.buffer;
import static org.slipway.service.DnsBytes.ednsQuery;
import static org.slipway.service.DnsBytes.name;
import static org.slipway.service.DnsBytes.query;
import static org.slipway.service.DnsBytes.question;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DnsAddresses;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;

/** Answers of the resolver's own, byte for byte. */
class DnsLocalAnswerTest {

    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final IpAddress DNS = IpAddress.parse("10.0.2.3");

    /** Name server, mailbox, serial, refresh, retry, expire, and for how long nothing is nothing. */
    private static final String SOA_DATA = name("gateway.slipway") + "0a686f73746d6173746572" + name("gateway.slipway")
            + "00000001" + "00000e10" + "00000258" + "00015180" + "00000005";

    private static final String SOA = "c00c 0006 0001 00000005 0041".replace(" ", "") + SOA_DATA;

    private static final String MANY = "m".repeat(63);

    private final ManualLoop loop = new ManualLoop();
    private final FakeUpstream upstream = new FakeUpstream();
    private final List<String> said = new ArrayList<>();
    private final HostRecords records = new HostRecords();
    private final LocalNames names = new LocalNames(
            Map.of("gateway", List.of(IpAddress.parse("10.0.2.2"), IpAddress.parse("fd00::2"))),
            "",
            List.of(),
            IpAddress::isIpv4,
            records,
            Set.of("ads.test"));
    private final DnsRelay relay = relay(true);

    private DnsRelay relay(boolean asks) {
        InetSocketAddress resolver = new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);
        return new DnsRelay(
                loop, names, asks, () -> List.of(resolver), upstream, this::hear, new DropCounters(), new Random(1));
    }

    private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
        said.add(ByteBufUtil.hexDump(payload));
        payload.release();
    }

    private DropReason ask(DnsRelay whom, String hex) {
        ByteBuf payload = buffer("ffff" + hex).skipBytes(2);
        DropReason reason = whom.receive(new Datagram(GUEST, 4242, DNS, 53, 1, payload));
        payload.release();
        return reason;
    }

    private String answer(String hex) {
        assertThat(ask(relay, hex)).isNull();
        assertThat(said).hasSize(1);
        return said.remove(0);
    }

    @AfterEach
    void nobodyWasAsked() {
        assertThat(upstream.open()).isZero();
        relay.close();
    }

    @Test
    void addressIsToldWithTheQuestionAsItWasAsked() {
        assertThat(answer(query(0x1234, "GateWay.slipway", 1)))
                .isEqualTo("1234" + "8580" + "0001" + "0001" + "0000" + "0000" + question("GateWay.slipway", 1) + "c00c"
                        + "0001" + "0001" + "00000005" + "0004" + "0a000202");
        assertThat(answer(query(1, "gateway.slipway", 28)))
                .endsWith("c00c" + "001c" + "0001" + "00000005" + "0010" + "fd000000000000000000000000000002");
    }

    @Test
    void nothingOfThatTypeIsNoErrorAndMayBeBelievedForAWhile() {
        assertThat(answer(query(1, "gateway.slipway", 15)))
                .isEqualTo("0001" + "8580" + "0001" + "0000" + "0001" + "0000" + question("gateway.slipway", 15) + SOA);
    }

    @Test
    void nameThatIsNotThereIsAnError() {
        assertThat(answer(query(1, "nobody.slipway", 1)))
                .isEqualTo("0001" + "8583" + "0001" + "0000" + "0001" + "0000" + question("nobody.slipway", 1) + SOA);
        assertThat(answer(query(1, "www.ads.test", 28))).startsWith("00018583");
    }

    @Test
    void addressHasItsName() {
        assertThat(answer(query(1, "2.2.0.10.in-addr.arpa", 12)))
                .isEqualTo("0001" + "8580" + "0001" + "0001" + "0000" + "0000" + question("2.2.0.10.in-addr.arpa", 12)
                        + "c00c" + "000c" + "0001" + "00000005" + "0011" + name("gateway.slipway"));
    }

    @Test
    void ednsIsAnsweredWithEdns() {
        String opt = "00" + "0029" + "1000" + "00000000" + "0000";
        assertThat(answer(ednsQuery(1, "gateway.slipway", 1, opt)))
                .startsWith("0001" + "8580" + "0001" + "0001" + "0000" + "0001")
                .endsWith("0a000202" + "00" + "0029" + "04d0" + "00000000" + "0000");
    }

    /** RFC 2181 9: what does not fit is left out as a whole, and asked for over TCP. */
    @Test
    void answerThatIsTooLargeForADatagramSaysSo() {
        for (int i = 0; i < HostRecords.MAX_ADDRESSES; i++) {
            records.add(MANY, new IpAddress(0x20010db8L << 32, i));
        }
        assertThat(answer(query(1, MANY, 28)))
                .isEqualTo("0001" + "8780" + "0001" + "0000" + "0000" + "0000" + question(MANY, 28));
        String opt = "00" + "0029" + "04d0" + "00000000" + "0000";
        String whole = answer(ednsQuery(1, MANY, 28, opt));
        ByteBuf buf = buffer(whole);
        assertThat(DnsAddresses.readAnswer(buf, 0, buf.readableBytes(), false)).hasSize(HostRecords.MAX_ADDRESSES);
        buf.release();
    }

    @Test
    void guestsThatMayAskNobodyHearOfWhatIsHere() {
        DnsRelay restricted = relay(false);
        assertThat(ask(restricted, query(1, "gateway.slipway", 1))).isNull();
        assertThat(said.remove(0)).startsWith("00018580");
        assertThat(ask(restricted, query(1, "example.org", 1))).isEqualTo(DropReason.POLICY_DENIED);
        assertThat(said.remove(0)).startsWith("00018185");
        restricted.close();
    }

    /** Names of other classes, and of bytes that no host's name has, are others' business. */
    @Test
    void otherClassesAndOddNamesAreRelayed() {
        String chaos = query(1, "gateway.slipway", 1);
        assertThat(ask(relay, chaos.substring(0, chaos.length() - 4) + "0003")).isNull();
        assertThat(ask(relay, query(1, "gate way.slipway", 1))).isNull();
        assertThat(said).isEmpty();
        assertThat(upstream.open()).isEqualTo(2);
        relay.close();
    }
}
