package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** What the resolver knows by itself. */
class LocalNamesTest {

    private static final int A = 1;
    private static final int PTR = 12;
    private static final int MX = 15;
    private static final int AAAA = 28;
    private static final int ANY = 255;

    private static final MacAddress MAC1 = MacAddress.parse("52:54:00:12:34:56");
    private static final MacAddress MAC2 = MacAddress.parse("52:54:00:12:34:57");

    private final IpPrefix network = IpPrefix.of(IpAddress.parse("10.0.2.0"), 24);
    private final IpPrefix prefix = IpPrefix.of(IpAddress.parse("fd00::"), 64);
    private final HostRecords records = new HostRecords();
    private final LocalNames names = new LocalNames(
            Map.of("gateway", addresses("10.0.2.2 fd00::2"), "dns", addresses("10.0.2.3 fd00::3")),
            "example.org",
            List.of(
                    new StaticLease(MAC2, IpAddress.parse("10.0.2.100"), "db"),
                    new StaticLease(MAC2, IpAddress.parse("fd00::100"), "db")),
            address -> network.contains(address) || prefix.contains(address),
            records,
            Set.of("ads.test", "bad.example.com"));

    private static List<IpAddress> addresses(String text) {
        return List.of(text.split(" ")).stream().map(IpAddress::parse).toList();
    }

    private static Lease lease(String address, MacAddress mac, String hostname) {
        return new Lease(IpAddress.parse(address), mac, hostname, 0);
    }

    @BeforeEach
    void begin() {
        records.add("db.example.net", IpAddress.parse("192.0.2.7"));
        records.add("db.example.net", IpAddress.parse("2001:db8::7"));
        names.bound(lease("10.0.2.15", MAC1, "web"));
        names.bound(lease("fd00::15", MAC1, "Web.example.com"));
    }

    /** In words: addresses, a name, NODATA, NXDOMAIN, or "asked" if others are. */
    private String find(String name, int type) {
        LocalNames.Answer answer = names.find(name, type);
        if (answer instanceof LocalNames.Addresses found) {
            return found.addresses().stream().map(IpAddress::toString).collect(Collectors.joining(" "));
        }
        if (answer instanceof LocalNames.Pointer found) {
            return found.name();
        }
        return answer instanceof LocalNames.None none ? none.nothing().name() : "asked";
    }

    @ParameterizedTest
    @CsvSource({
        "gateway.slipway, 1, 10.0.2.2",
        "gateway.slipway, 28, fd00::2",
        "gateway.slipway, 255, 10.0.2.2 fd00::2",
        "gateway.slipway, 15, NO_DATA",
        "dns.slipway, 1, 10.0.2.3",
        "slipway, 1, NO_DATA",
        "nobody.slipway, 1, NAME_ERROR",
        "a.gateway.slipway, 28, NAME_ERROR",
        "noslipway, 1, asked",
        "gateway, 1, asked",
        "gateway.example.org, 1, asked",
        "web, 1, 10.0.2.15",
        "web.slipway, 28, fd00::15",
        "web.example.org, 1, 10.0.2.15",
        "web.example.com, 1, asked",
        "other.example.org, 1, asked",
        "db, 1, 10.0.2.100",
        "db.slipway, 28, fd00::100",
        "100.2.0.10.in-addr.arpa, 12, db.slipway",
        "db.example.net, 1, 192.0.2.7",
        "db.example.net, 28, 2001:db8::7",
        "db.example.net, 16, NO_DATA",
        "a.db.example.net, 1, asked",
        "ads.test, 1, NAME_ERROR",
        "x.y.ads.test, 28, NAME_ERROR",
        "goodads.test, 1, asked",
        "test, 1, asked",
        "example.com, 1, asked",
        "bad.example.com, 16, NAME_ERROR",
        "localhost, 1, 127.0.0.1",
        "a.localhost, 28, ::1",
        "localhost, 15, NO_DATA",
        "2.2.0.10.in-addr.arpa, 12, gateway.slipway",
        "3.2.0.10.in-addr.arpa, 12, dns.slipway",
        "15.2.0.10.in-addr.arpa, 12, web.slipway",
        "15.2.0.10.in-addr.arpa, 1, NO_DATA",
        "99.2.0.10.in-addr.arpa, 12, NAME_ERROR",
        "7.2.0.192.in-addr.arpa, 12, db.example.net",
        "8.2.0.192.in-addr.arpa, 12, asked",
        "1.0.0.127.in-addr.arpa, 12, localhost",
        "300.2.0.10.in-addr.arpa, 12, asked",
        "2.0.10.in-addr.arpa, 12, asked",
        "5.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa, 12, web.slipway",
        "6.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa, 12, NAME_ERROR",
        "'', 1, asked",
    })
    void nameIsKnownOrAskedFor(String name, int type, String answer) {
        assertThat(find(name, type)).isEqualTo(answer);
    }

    @Test
    void nameGoesWithItsLeases() {
        names.released(lease("10.0.2.15", MAC1, "web"));
        assertThat(find("web", A)).isEqualTo("NO_DATA");
        assertThat(find("web", AAAA)).isEqualTo("fd00::15");
        names.released(lease("fd00::15", MAC1, "web"));
        assertThat(find("web", A)).isEqualTo("asked");
        assertThat(find("web.slipway", A)).isEqualTo("NAME_ERROR");
        assertThat(find("15.2.0.10.in-addr.arpa", PTR)).isEqualTo("NAME_ERROR");
    }

    @Test
    void guestThatIsRenamedHasItsNewNameAlone() {
        names.bound(lease("10.0.2.15", MAC1, "mail"));
        assertThat(find("mail", A)).isEqualTo("10.0.2.15");
        assertThat(find("web", A)).isEqualTo("NO_DATA");
        assertThat(find("15.2.0.10.in-addr.arpa", PTR)).isEqualTo("mail.slipway");
    }

    @Test
    void nameOfAStaticLeaseStaysWhoeverComesAndGoes() {
        names.bound(lease("10.0.2.16", MAC1, "db"));
        assertThat(find("db", A)).isEqualTo("10.0.2.100");
        names.bound(lease("10.0.2.100", MAC2, "db"));
        names.released(lease("10.0.2.100", MAC2, "db"));
        assertThat(find("db", A)).isEqualTo("10.0.2.100");
        assertThat(find("100.2.0.10.in-addr.arpa", PTR)).isEqualTo("db.slipway");
    }

    @Test
    void guestCannotTakeTheNameOfAnother() {
        names.bound(lease("10.0.2.16", MAC2, "web"));
        assertThat(find("web", A)).isEqualTo("10.0.2.15");
        assertThat(find("16.2.0.10.in-addr.arpa", PTR)).isEqualTo("NAME_ERROR");
        names.released(lease("10.0.2.16", MAC2, "web"));
        assertThat(find("web", A)).isEqualTo("10.0.2.15");
    }

    @ParameterizedTest
    @CsvSource({"gateway, gateway.slipway, 10.0.2.2", "localhost, localhost, 127.0.0.1", "dns, dns.slipway, 10.0.2.3"})
    void guestCannotTakeANameOfTheNetwork(String hostname, String name, String address) {
        names.bound(lease("10.0.2.16", MAC2, hostname));
        assertThat(find(name, A)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"-web", "we_b", "w!b", "''", "'.web'"})
    void nameThatNoHostMayHaveIsNone(String hostname) {
        names.bound(lease("10.0.2.16", MAC2, hostname));
        assertThat(find("16.2.0.10.in-addr.arpa", PTR)).isEqualTo("NAME_ERROR");
    }

    @Test
    void recordGoesBeforeAllElse() {
        records.add("web.slipway", IpAddress.parse("192.0.2.1"));
        records.add("x.ads.test", IpAddress.parse("192.0.2.2"));
        assertThat(find("web.slipway", ANY)).isEqualTo("192.0.2.1");
        assertThat(find("x.ads.test", A)).isEqualTo("192.0.2.2");
        assertThat(find("x.ads.test", MX)).isEqualTo("NO_DATA");
        assertThat(records.remove("WEB.slipway.")).isTrue();
        assertThat(records.remove("web.slipway")).isFalse();
        assertThat(find("web.slipway", A)).isEqualTo("10.0.2.15");
    }
}
