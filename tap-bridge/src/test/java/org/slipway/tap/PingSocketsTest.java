package org.slipway.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.nat.EchoSockets;

/** Real sockets, in network namespaces that the test makes for itself. */
final class PingSocketsTest {

    private static final String EVERYBODY = "0 0";
    private static final String NOBODY = "default";

    @TempDir
    private Path directory;

    private Namespaces namespaces;

    @BeforeEach
    void inNamespaces() {
        namespaces = new Namespaces(directory, PingProbe.class);
    }

    @Test
    void pingSocketsExchangeEchoes() throws Exception {
        assertThat(probe(EVERYBODY, "127.0.0.1,64,56", "::1,64,56", "10.9.0.2,33,0", "10.9.0.2,64,60000"))
                .containsExactly(
                        "127.0.0.1,64,56 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "::1,64,56 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "10.9.0.2,33,0 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "10.9.0.2,64,60000 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64");
    }

    @Test
    void errorsAreToldWithTheirSender() throws Exception {
        assertThat(probe(EVERYBODY, "198.51.100.1,64,8", "203.0.113.1,1,8", "192.0.2.1,64,8"))
                .containsExactly(
                        "198.51.100.1,64,8 failed 1 3/1 by 10.9.0.2; failed 2 3/1 by 10.9.0.2;"
                                + " other failed 7 3/1 by 10.9.0.2",
                        "203.0.113.1,1,8 failed 1 11/0 by 10.9.0.2; failed 2 11/0 by 10.9.0.2;"
                                + " other failed 7 11/0 by 10.9.0.2",
                        "192.0.2.1,64,8 failed 1 3/1; failed 2 3/1; other failed 7 3/1");
    }

    @Test
    void errorsOfIpv6AreToldWithTheirSender() throws Exception {
        assertThat(probe(
                        EVERYBODY,
                        "2001:db8:51::1,64,8",
                        "2001:db8:52::1,64,8",
                        "2001:db8:2::1,64,8",
                        "2001:db8:3::1,64,8"))
                .containsExactly(
                        failed("2001:db8:51::1,64,8", "1/0 by fd09::2"),
                        failed("2001:db8:52::1,64,8", "1/1 by fd09::2"),
                        failed("2001:db8:2::1,64,8", "1/3"),
                        failed("2001:db8:3::1,64,8", "1/1"));
    }

    private static String failed(String ping, String error) {
        return ping + " failed 1 " + error + "; failed 2 " + error + "; other failed 7 " + error;
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYBODY, NOBODY})
    void eachHopOfThePathIsTold(String range) throws Exception {
        assertThat(probe(
                        range,
                        "9.9.9.9,1,8",
                        "9.9.9.9,2,8",
                        "9.9.9.9,3,8",
                        "2001:db8:9::9,1,8",
                        "2001:db8:9::9,2,8",
                        "2001:db8:9::9,3,8"))
                .containsExactly(
                        failed("9.9.9.9,1,8", "11/0 by 10.9.0.2"),
                        failed("9.9.9.9,2,8", "11/0 by 10.9.1.2"),
                        "9.9.9.9,3,8 reply 1 ttl 62; reply 2 ttl 62; other reply 7 ttl 62",
                        failed("2001:db8:9::9,1,8", "3/0 by fd09::2"),
                        failed("2001:db8:9::9,2,8", "3/0 by fd09:1::2"),
                        "2001:db8:9::9,3,8 reply 1 ttl 62; reply 2 ttl 62; other reply 7 ttl 62");
    }

    /** The router forbids type of service 8 and nothing else; ECN marks do not get there. */
    @Test
    void dscpOfTheGuestIsCarried() throws Exception {
        assertThat(probe(
                        EVERYBODY,
                        "9.9.9.9,64,8,11",
                        "9.9.9.9,64,8,3",
                        "2001:db8:9::9,64,8,11",
                        "2001:db8:9::9,64,8,3"))
                .containsExactly(
                        failed("9.9.9.9,64,8,11", "3/13 by 10.9.0.2"),
                        "9.9.9.9,64,8,3 reply 1 ttl 62; reply 2 ttl 62; other reply 7 ttl 62",
                        failed("2001:db8:9::9,64,8,11", "1/1 by fd09::2"),
                        "2001:db8:9::9,64,8,3 reply 1 ttl 62; reply 2 ttl 62; other reply 7 ttl 62");
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYBODY, NOBODY})
    void whatIsTooBigForThePathFailsOrIsFragmentedAsTheGuestWants(String range) throws Exception {
        assertThat(probe(
                        range,
                        "198.18.0.1,64,1400,0,df",
                        "2001:db8:18::1,64,1400,0,df",
                        "10.9.0.2,64,1473,0,df",
                        "fd09::2,64,1453,0,df",
                        "10.9.0.2,64,1473,0,-",
                        "fd09::2,64,1453,0,-"))
                .containsExactly(
                        "198.18.0.1,64,1400,0,df failed 1 3/4 mtu 1000 by 10.9.0.2; failed 2 3/4 mtu 1000; null",
                        "2001:db8:18::1,64,1400,0,df failed 1 2/0 mtu 1300 by fd09::2; failed 2 2/0 mtu 1300; null",
                        "10.9.0.2,64,1473,0,df failed 1 3/4 mtu 1500; failed 2 3/4 mtu 1500; other reply 7 ttl 64",
                        "fd09::2,64,1453,0,df failed 1 2/0 mtu 1500; failed 2 2/0 mtu 1500; other reply 7 ttl 64",
                        "10.9.0.2,64,1473,0,- reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "fd09::2,64,1453,0,- reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64");
    }

    @Test
    void pingsLeaveFromTheAddressThatIsNamed() throws Exception {
        assertThat(probe(
                        EVERYBODY,
                        "127.0.0.1,64,56,0,-,127.0.0.2",
                        "10.9.0.2,64,56,0,-,10.9.0.1",
                        "fd09::2,64,56,0,-,fd09::1",
                        "10.9.0.2,64,56,0,-,192.0.2.77"))
                .containsExactly(
                        "127.0.0.1,64,56,0,-,127.0.0.2 2 bound; reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "10.9.0.2,64,56,0,-,10.9.0.1 2 bound; reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "fd09::2,64,56,0,-,fd09::1 2 bound; reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "10.9.0.2,64,56,0,-,192.0.2.77 unavailable: pings to the outside are not answered: cannot send pings from"
                                + " 192.0.2.77: Cannot assign requested address (errno 99)");
    }

    @Test
    void rawSocketsStandInWherePingSocketsAreNotGiven() throws Exception {
        assertThat(probe(NOBODY, "127.0.0.1,64,56", "::1,64,56", "10.9.0.2,64,60000", "198.51.100.1,64,8"))
                .containsExactly(
                        "127.0.0.1,64,56 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "::1,64,56 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "10.9.0.2,64,60000 reply 1 ttl 64; reply 2 ttl 64; other reply 7 ttl 64",
                        "198.51.100.1,64,8 failed 1 3/1 by 10.9.0.2; failed 2 3/1 by 10.9.0.2;"
                                + " other failed 7 3/1 by 10.9.0.2");
    }

    @Test
    void withoutEitherTheHintNamesTheRemedy() throws Exception {
        assertThat(namespaces.run(NOBODY, List.of("setpriv", "--bounding-set=-net_raw"), "127.0.0.1,64,56"))
                .containsExactly("127.0.0.1,64,56 unavailable: pings to the outside are not answered: the kernel gives"
                        + " this user no ping sockets; as root: sysctl -w net.ipv4.ping_group_range=\"0 2147483647\"");
    }

    @Test
    void otherLoopsHaveNone() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        assertThat(PingSockets.on(group.next(), new Random(1))).isSameAs(EchoSockets.NONE);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private List<String> probe(String range, String... pings) throws Exception {
        return namespaces.run(range, List.of(), pings);
    }
}
