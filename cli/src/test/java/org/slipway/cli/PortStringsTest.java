package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.gateway.AddressPlan;
import org.slipway.gateway.DhcpPlan;
import org.slipway.gateway.GatewayConfig;
import org.slipway.gateway.NetBoot;
import org.slipway.gateway.OwnServices;
import org.slipway.gateway.ToldNames;
import org.slipway.link.LinkConfig;
import org.slipway.nat.GuestAccess;
import org.slipway.nat.OutboundAddresses;
import org.slipway.nat.UdpFiltering;
import org.slipway.service.StaticLease;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

class PortStringsTest {

    private static final HostNames NAMES = name -> switch (name) {
        case "both" -> new InetAddress[] {address("2001:db8::1"), address("192.0.2.1")};
        case "six" -> new InetAddress[] {address("2001:db8::1")};
        default -> throw new UnknownHostException(name);
    };

    private static InetAddress address(String text) {
        return IpAddress.parse(text).toInetAddress();
    }

    private static SocketAddress inet(String host, int port) {
        return new InetSocketAddress(address(host), port);
    }

    private static Ports parse(String... texts) {
        return PortStrings.parse(List.of(texts), NAMES);
    }

    private static LinkConfig link(String text) {
        return parse(text).links().get(0);
    }

    private static GatewayConfig gateway(String text) {
        return Objects.requireNonNull(parse(text).gateway());
    }

    @Test
    void plainUserIsTheDefaultGateway() {
        assertThat(parse("user")).isEqualTo(new Ports(GatewayConfig.DEFAULT, List.of(), List.of()));
    }

    @Test
    void userTakesItsAddressesMtuAndResolvers() {
        GatewayConfig config = gateway("user,id=n0,net=192.168.7.0/24,host=192.168.7.1,dns=192.168.7.9,"
                + "dhcpstart=192.168.7.100,mtu=9000,dns-host=127.0.0.53,dns-host=192.0.2.1:5353,dns-host=[::1]:53,"
                + "dns-host=::1");
        assertThat(config.plan().ipv4())
                .hasToString("Ipv4Plan[network=192.168.7.0/24, host=192.168.7.1, dns=192.168.7.9, "
                        + "dhcpFirst=192.168.7.100, dhcpLast=192.168.7.115]");
        assertThat(config.mtu()).isEqualTo(9000);
        assertThat(config.resolvers())
                .isEqualTo(List.of(inet("127.0.0.53", 53), inet("192.0.2.1", 5353), inet("::1", 53), inet("::1", 53)));
    }

    @Test
    void switchesThatChangeNothingAreTaken() {
        assertThat(gateway("user,ipv6=on,restrict=off,ipv4=on")).isEqualTo(GatewayConfig.DEFAULT);
        assertThat(gateway("user,norestrict,ipv4,ipv6")).isEqualTo(GatewayConfig.DEFAULT);
    }

    @Test
    void typeMayStandAnywhere() {
        assertThat(gateway("type=user,net=10.0.3.0/24")).isEqualTo(gateway("user,net=10.0.3.0/24"));
        assertThat(gateway("id=u,type=user,net=10.0.3.0/24")).isEqualTo(gateway("user,net=10.0.3.0/24"));
    }

    @Test
    void userSaysWhatTheGatewayServes() {
        assertThat(gateway("user,dhcp=off").services()).isEqualTo(new OwnServices(false, true));
        assertThat(gateway("user,nodns-proxy,dhcp").services()).isEqualTo(new OwnServices(true, false));
        assertThat(gateway("user,tftp-server-name=boot.test").boot().serverName())
                .isEqualTo("boot.test");
        assertThat(gateway("user,ip=192.168.9.77").plan())
                .isEqualTo(gateway("user,net=192.168.9.0/24").plan());
    }

    @Test
    void userSaysFromWhereTheHostSpeaks() {
        assertThat(gateway("user").outbound()).isEqualTo(OutboundAddresses.NONE);
        assertThat(gateway("user,outbound-addr=192.0.2.7,outbound-addr6=2001:db8::7")
                        .outbound())
                .isEqualTo(new OutboundAddresses(IpAddress.parse("192.0.2.7"), IpAddress.parse("2001:db8::7")));
    }

    @Test
    void userSaysWhatDhcpDoesBesides() {
        DhcpPlan plan = gateway("user,lease=52:54:00:12:34:56=10.0.2.100=Web,lease=52:54:00:12:34:56=fd00::100=web,"
                        + "lease=52:54:00:12:34:57=10.0.2.101,lease-time=600,ntp=10.0.2.50,ntp=2001:db8::1,"
                        + "route=192.168.7.0/24,route=192.168.8.0/24=10.0.2.20,"
                        + "dhcp-option=252=text:http://w/a,,b,dhcp-option=150=ip:10.0.2.1,dhcp-option=150=ip:10.0.2.9,"
                        + "dhcp-option=43=hex:01:02ff,dhcp-option=19=u8:1,dhcp-option=22=u16:576,dhcp-option=24=u32:600,"
                        + "dhcp-option=119=name:a.test,dhcpv6-option=0x29=text:CET,dhcpv6-option=23=ip:fd00::9")
                .dhcp();
        assertThat(plan.leases())
                .containsExactly(
                        new StaticLease(MacAddress.parse("52:54:00:12:34:56"), IpAddress.parse("10.0.2.100"), "web"),
                        new StaticLease(MacAddress.parse("52:54:00:12:34:56"), IpAddress.parse("fd00::100"), "web"),
                        new StaticLease(MacAddress.parse("52:54:00:12:34:57"), IpAddress.parse("10.0.2.101"), ""));
        assertThat(plan.leaseSeconds()).isEqualTo(600);
        assertThat(plan.timeServers()).hasToString("[10.0.2.50, 2001:db8::1]");
        assertThat(plan.routes())
                .hasToString("[ClasslessRoute[destination=192.168.7.0/24, router=10.0.2.2],"
                        + " ClasslessRoute[destination=192.168.8.0/24, router=10.0.2.20]]");
        assertThat(plan.options())
                .hasToString("252=687474703a2f2f772f612c62 150=0a0002010a000209 43=0102ff 19=01 22=0240 24=00000258"
                        + " 119=01610474657374" + "00");
        assertThat(plan.optionsv6()).hasToString("41=434554 23=fd000000000000000000000000000009");
        assertThat(gateway("user").dhcp()).isEqualTo(DhcpPlan.DEFAULT);
        assertThat(parse("user,dhcp=off,ntp=10.0.2.50").notes())
                .containsExactly("with dhcp=off nobody hears of leases, routes, time servers and options of DHCP");
    }

    @Test
    void nameOfAnInterfaceStandsForItsAddress() throws SocketException {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(address("127.0.0.1"));
        assumeTrue(loopback != null);
        assertThat(gateway("user,outbound-addr=" + loopback.getName())
                        .outbound()
                        .ipv4())
                .hasToString("127.0.0.1");
    }

    @Test
    void userSaysWhatGuestsMayReach() {
        assertThat(gateway("user,restrict=on").access()).isEqualTo(new GuestAccess(false, true, false));
        assertThat(gateway("user,restrict,nohost-loopback,multicast").access())
                .isEqualTo(new GuestAccess(false, false, true));
        assertThat(gateway("user,udp-filtering=address-and-port-dependent").filtering())
                .isEqualTo(UdpFiltering.ADDRESS_AND_PORT_DEPENDENT);
    }

    @ParameterizedTest
    @CsvSource({
        "user, true, true",
        "user;ipv4=on, true, false",
        "user;ipv6=on, false, true",
        "user;ipv4=off, false, true",
        "user;ipv6=off, true, false",
        "user;ipv4=on;ipv6=on, true, true",
        "user;mtu=1000, true, false",
        "user;mtu=1280, true, true",
    })
    void oneFamilyByNameIsAlone(String port, boolean ipv4, boolean ipv6) {
        AddressPlan plan = gateway(port.replace(';', ',')).plan();
        assertThat(plan.ipv4() != null).isEqualTo(ipv4);
        assertThat(plan.ipv6() != null).isEqualTo(ipv6);
    }

    @ParameterizedTest
    @CsvSource({
        "user, fd00::/64, fd00::2, fd00::3",
        "user;ipv6-net=fec0::/64, fec0::/64, fec0::2, fec0::3",
        "user;ipv6-net=2001:db8:1:2:3::4, 2001:db8:1:2::/64, 2001:db8:1:2::2, 2001:db8:1:2::3",
        "user;ipv6-net=2001:db8::/0, 2001:db8::/64, 2001:db8::2, 2001:db8::3",
        "user;ipv6-net=2001:db8::/126, 2001:db8::/126, 2001:db8::2, 2001:db8::3",
        "user;ipv6-prefix=2001:db8::;ipv6-prefixlen=96, 2001:db8::/96, 2001:db8::2, 2001:db8::3",
        "user;ipv6-host=fd00::7;ipv6-dns=fd00::8, fd00::/64, fd00::7, fd00::8",
    })
    void ipv6TakesItsAddresses(String port, String prefix, String host, String dns) {
        assertThat(gateway(port.replace(';', ',')).plan().ipv6())
                .hasToString("Ipv6Plan[prefix=" + prefix + ", host=" + host + ", dns=" + dns + "]");
    }

    @Test
    void prefixThatIsTooLongForGuestsOfTheirOwnWantsDhcp() {
        assertThat(Objects.requireNonNull(
                                gateway("user,ipv6-net=2001:db8::/96").plan().ipv6())
                        .isAutonomous())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "user;net=10.1.2.3/16, 10.1.0.0/16",
        "user;net=10.1.2.3/255.255.0.0, 10.1.0.0/16",
        "user;net=10.1.2.3, 10.0.0.0/8",
        "user;net=172.20.0.0, 172.16.0.0/12",
        "user;net=172.32.0.0, 172.32.0.0/16",
        "user;net=192.168.9.0, 192.168.0.0/16",
        "user;net=198.18.0.0, 198.18.0.0/15",
        "user;net=200.1.2.3, 200.1.2.0/24",
    })
    void netTakesBothMasksAndGuessesByClass(String port, String network) {
        assertThat(Objects.requireNonNull(gateway(port.replace(';', ',')).plan().ipv4())
                        .network())
                .hasToString(network);
    }

    @Test
    void guessedMaskIsNoted() {
        assertThat(parse("user,net=200.1.2.3").notes())
                .isEqualTo(List.of("net=200.1.2.3 has no mask: taken as 200.1.2.0/24"));
        assertThat(parse("user,net=200.1.2.3/24").notes()).isEmpty();
    }

    @Test
    void socketListensOrConnects() {
        assertThat(link("socket,listen=127.0.0.1:1234"))
                .isEqualTo(new LinkConfig.Listen("socket,listen=127.0.0.1:1234", inet("127.0.0.1", 1234)));
        assertThat(link("socket,id=x,connect=192.0.2.7:0x10"))
                .isEqualTo(new LinkConfig.Connect("socket,id=x,connect=192.0.2.7:0x10", inet("192.0.2.7", 16), 0));
    }

    @Test
    void socketWithoutHostIsOnTheLoopback() {
        assertThat(link("socket,listen=:0")).isEqualTo(new LinkConfig.Listen("socket,listen=:0", inet("127.0.0.1", 0)));
    }

    @Test
    void namesAreResolvedInTheFamilyAskedFor() {
        assertThat(link("socket,connect=both:5"))
                .isEqualTo(new LinkConfig.Connect("socket,connect=both:5", inet("192.0.2.1", 5), 0));
        String stream = "stream,server=on,addr.type=inet,addr.port=5,addr.host=both";
        assertThat(link(stream)).isEqualTo(new LinkConfig.Listen(stream, inet("2001:db8::1", 5)));
        assertThat(link(stream + ",addr.ipv6=off"))
                .isEqualTo(new LinkConfig.Listen(stream + ",addr.ipv6=off", inet("192.0.2.1", 5)));
        assertThat(link(stream + ",addr.ipv4=on"))
                .isEqualTo(new LinkConfig.Listen(stream + ",addr.ipv4=on", inet("192.0.2.1", 5)));
    }

    @Test
    void streamIsAClientUnlessToldToServe() {
        String unix = "stream,addr.type=unix,addr.path=/tmp/a,,b.sock";
        assertThat(link(unix)).isEqualTo(new LinkConfig.Connect(unix, new DomainSocketAddress("/tmp/a,b.sock"), 0));
        assertThat(link(unix + ",reconnect-ms=500"))
                .isEqualTo(new LinkConfig.Connect(
                        unix + ",reconnect-ms=500", new DomainSocketAddress("/tmp/a,b.sock"), 500));
        assertThat(link(unix + ",server"))
                .isEqualTo(new LinkConfig.Listen(unix + ",server", new DomainSocketAddress("/tmp/a,b.sock")));
    }

    @Test
    void userTakesWhatGuestsBoot(@TempDir Path directory) throws IOException {
        NetBoot boot = gateway("user,bootfile=/boot/a.efi,tftp=" + directory).boot();
        assertThat(boot).isEqualTo(new NetBoot(directory, "/boot/a.efi"));
        assertThat(parse("user,tftp=" + directory).notes()).isEmpty();
        assertThat(parse("user,bootfile=http://10.0.2.2/a").notes()).isEmpty();
        assertThat(parse("user,bootfile=a").notes())
                .containsExactly("bootfile=a without tftp=DIR: guests will be told of a file that nobody serves");
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> parse("user,tftp=" + file)).hasMessageContaining("expects a directory");
        assertThatThrownBy(() -> parse("user,bootfile=" + "x".repeat(128))).hasMessageContaining("at most 127");
    }

    @Test
    void userTakesNamesThatGuestsAreTold() {
        assertThat(gateway("user,hostname=vm1,dnssearch=example.org.,domainname=lan.test,dnssearch=test")
                        .names())
                .isEqualTo(new ToldNames("vm1", "lan.test", List.of("example.org", "test")));
        assertThat(gateway("user").names()).isEqualTo(ToldNames.NONE);
        assertThatThrownBy(() -> parse("user,dnssearch=a..b")).hasMessageContaining("dnssearch=a..b is not a domain");
        assertThatThrownBy(() -> parse("user,hostname=a,hostname=b")).hasMessageContaining("given twice");
    }

    /** Each line: PORT strings, divided by a blank, and the error for the last of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "usr | Parameter 'type' does not accept value 'usr'; did you mean 'user'?",
                "foo | Parameter 'type' does not accept value 'foo'; use user, socket, stream",
                "id=u,net=10.0.3.0/24 | Parameter 'type' does not accept value 'id=u'; use user, socket, stream",
                "{type:user} | JSON is not taken; write TYPE,KEY=VALUE,... as -netdev has it",
                "tap,ifname=t0 | 'tap' is not supported yet; use user, socket, stream",
                "vde | QEMU's 'vde' is not a port of Slipway; use user, socket, stream",
                "user user | a network has one 'user' port at most, for now",
                "user,nett=1 | Invalid parameter 'nett'; did you mean 'net'?",
                "user,foo=1 | Invalid parameter 'foo'; 'user' takes bootfile, dhcp, dhcp-option, dhcpstart, dhcpv6-option, dns, dns-block, dns-host, dns-proxy, dnssearch, domainname, guestfwd, host, host-loopback, host-record, hostfwd, hostname, ip, ipv4, ipv6, ipv6-dns, ipv6-host, ipv6-net, ipv6-prefix, ipv6-prefixlen, lease, lease-time, mtu, multicast, net, ntp, outbound-addr, outbound-addr6, restrict, route, smb, smbserver, tftp, tftp-server-name, udp-filtering",
                "user,tftp=/no/such/place | Parameter 'tftp' expects a directory, which '/no/such/place' is not",
                "user,tftp= | Parameter 'tftp' expects a directory, which '' is not",
                "user,restrict=maybe | Parameter 'restrict' expects 'on' or 'off', not 'maybe'",
                "user,outbound-addr=nosuch0 | Parameter 'outbound-addr' expects an IPv4 address, or an interface that has one, not 'nosuch0'",
                "user,outbound-addr6=127.0.0.1 | Parameter 'outbound-addr6' expects an IPv6 address, or an interface that has one, not '127.0.0.1'",
                "user,outbound-addr=224.0.0.1 | 224.0.0.1 is not an address to send from",
                "user,ip=10.1.2.3,net=10.1.2.0/24 | ip=10.1.2.3 says what net=10.1.2.0/24 says: give one",
                "user,ip=10.0.2.0/24 | Failed to parse netmask: ip=10.0.2.0/24 is not an IPv4 address",
                "user,udp-filtering=none | Parameter 'udp-filtering' expects endpoint-independent, address-dependent, address-and-port-dependent, not 'none'",
                "user,ipv4=off,ipv6=off | IPv4 and IPv6 disabled",
                "user,ipv4=off,net=10.0.2.0/24 | IPv4 disabled but netmask/host/dns provided: net=10.0.2.0/24",
                "user,ipv4=on,ipv6-host=fd00::2 | IPv6 disabled but prefix/host6/dns6 provided: ipv6-host=fd00::2",
                "user,ipv6-net=x | Failed to parse IPv6 prefix: 'x'",
                "user,ipv6-net=10.0.2.0/24 | Failed to parse IPv6 prefix: '10.0.2.0'",
                "user,ipv6-net=fd00::/x | parameter 'ipv6-net' expects a number after '/': ipv6-net=fd00::/x",
                "user,ipv6-net=fd00::/127 | Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126): ipv6-net=fd00::/127",
                "user,ipv6-net=fe80::/64 | Invalid IPv6 prefix provided: fe80:: cannot be a network of guests",
                "user,ipv6-net=ff02::/64 | Invalid IPv6 prefix provided: ff02:: cannot be a network of guests",
                "user,ipv6-prefixlen=127 | Invalid IPv6 prefix provided (IPv6 prefix length must be between 0 and 126): ipv6-prefixlen=127",
                "user,ipv6-net=fd00::,ipv6-prefixlen=64 | ipv6-net says what ipv6-prefix and ipv6-prefixlen say: give one",
                "user,ipv6-host=10.0.2.2 | Failed to parse IPv6 host: ipv6-host=10.0.2.2 is not an IPv6 address",
                "user,ipv6-host=fd01::2 | IPv6 Host doesn't belong to network: ipv6-host=fd01::2 in fd00::/64",
                "user,ipv6-dns=fd00::2 | IPv6 DNS must be different from host: ipv6-dns=fd00::2",
                "user,ipv6=on,mtu=1279 | mtu=1279 is too small for IPv6, which needs 1280 (RFC 8200); leave IPv6 off with ipv6=off",
                "user,ipv4=maybe | Parameter 'ipv4' expects 'on' or 'off', not 'maybe'",
                "user,net | Parameter 'net' needs a value: net=...",
                "user,mtu=9000,mtu=1 | Parameter 'mtu' is given twice: '9000' and '1'",
                "user,mtu=x | Parameter 'mtu' expects a number, not 'x'",
                "user,mtu=10 | Parameter 'mtu' must be 576 to 65521, not '10'",
                "user,id=0u | Parameter 'id' expects an identifier, not '0u': letters, digits, '-', '.', '_', starting with a letter",
                "user,id=u socket,id=u,listen=:1 | Duplicate ID 'u' for netdev",
                "user,net=x | Failed to parse netmask: net=x is not ADDRESS[/MASK]",
                "user,net=10.0.0.0/y | Failed to parse netmask (trailing chars): net=10.0.0.0/y",
                "user,net=10.0.0.0/3 | Invalid netmask provided (must be in range 4-32): net=10.0.0.0/3",
                "user,net=10.0.0.0/99999999999 | Invalid netmask provided (must be in range 4-32): net=10.0.0.0/99999999999",
                "user,net=10.0.0.0/255.0.255.0 | Invalid netmask provided (must be in range 4-32): net=10.0.0.0/255.0.255.0: the ones of 255.0.255.0 are not contiguous",
                "user,net=10.0.0.0/0.0.0.0 | Invalid netmask provided (must be in range 4-32): net=10.0.0.0/0.0.0.0",
                "user,net=224.0.0.0 | net=224.0.0.0 cannot be a network of guests: 0, 127 and everything from 224 on is reserved",
                "user,net=10.0.0.0/30 | net=10.0.0.0/30 is too small for a gateway, a resolver and a guest: the prefix length must be 4 to 29",
                "user,host=x | Failed to parse host: host=x is not an IPv4 address",
                "user,host=10.1.1.1 | Host doesn't belong to network: host=10.1.1.1 in 10.0.2.0/24",
                "user,dns=10.0.2.2 | DNS must be different from host: dns=10.0.2.2 in 10.0.2.0/24",
                "user,dhcpstart=10.0.2.3 | DHCP must be different from host and DNS: dhcpstart=10.0.2.3 in 10.0.2.0/24",
                "user,dns-host=localhost | Parameter 'dns-host' expects ADDRESS[:PORT], the port 1 to 65535, not 'localhost'",
                "user,dns-host=127.0.0.1:0 | Parameter 'dns-host' expects ADDRESS[:PORT], the port 1 to 65535, not '127.0.0.1:0'",
                "user,host-record=db | Parameter 'host-record' expects NAME=ADDRESS, not 'db'",
                "user,host-record=db=x | Parameter 'host-record' expects NAME=ADDRESS, not 'db=x'",
                "user,host-record=d!b=192.0.2.1 | 'd!b' is no host name: labels of letters, digits, '-' and '_'",
                "user,dns-block=a..b | 'a..b' is no domain name",
                "user,lease=10.0.2.9 | Parameter 'lease' expects MAC=ADDRESS or MAC=ADDRESS=NAME, not '10.0.2.9'",
                "user,lease=52:54:00:12:34:56=x | Parameter 'lease' expects MAC=ADDRESS or MAC=ADDRESS=NAME, not '52:54:00:12:34:56=x'",
                "user,lease=01:00:5e:00:00:01=10.0.2.9 | 01:00:5e:00:00:01 is not the Ethernet address of one guest",
                "user,lease=52:54:00:12:34:56=10.0.3.9 | the static lease of 52:54:00:12:34:56, 10.0.3.9, is no address of a guest in 10.0.2.0/24",
                "user,lease=52:54:00:12:34:56=10.0.2.4,guestfwd=:10.0.2.4:7-tcp:127.0.0.1:7 | the static lease of 52:54:00:12:34:56, 10.0.2.4, is an address of the gateway's own",
                "user,ipv6=off,lease=52:54:00:12:34:56=fd00::9 | the static lease of 52:54:00:12:34:56, fd00::9, is no address of a guest in IPv6, which is off",
                "user,lease=52:54:00:12:34:56=10.0.2.9=a.b | 'a.b' is no host name: 1 to 63 of a-z, 0-9 and '-', which stands at neither end",
                "user,lease-time=59 | Parameter 'lease-time' must be 60 to 2147483647, not '59'",
                "user,ntp=pool.test | Parameter 'ntp' expects the address of a time server, not 'pool.test'",
                "user,route=192.168.7.1/24 | Parameter 'route' expects NETWORK/LENGTH or NETWORK/LENGTH=ROUTER of IPv4 (IPv6 guests take routes from routers only), not '192.168.7.1/24'",
                "user,route=192.168.7.0/24=10.1.1.1 | the router 10.1.1.1 to 192.168.7.0/24 is not in 10.0.2.0/24",
                "user,ipv4=off,route=192.168.7.0/24 | Parameter 'route' is of IPv4, which is off: '192.168.7.0/24'",
                "user,dhcp-option=252 | Parameter 'dhcp-option' expects CODE=KIND:VALUE with KIND hex, text, ip, name, u8, u16 or u32, CODE 1 to 254, not '252'",
                "user,dhcp-option=255=hex:00 | Parameter 'dhcp-option' expects CODE=KIND:VALUE with KIND hex, text, ip, name, u8, u16 or u32, CODE 1 to 254, not '255=hex:00'",
                "user,dhcp-option=42=ip:fd00::1 | Parameter 'dhcp-option': 'fd00::1' is no ip in '42=ip:fd00::1'; expected is CODE=KIND:VALUE with KIND hex, text, ip, name, u8, u16 or u32",
                "user,dhcp-option=43=hex:0 | Parameter 'dhcp-option': '0' is no hex in '43=hex:0'; expected is CODE=KIND:VALUE with KIND hex, text, ip, name, u8, u16 or u32",
                "user,dhcp-option=19=u8:256 | Parameter 'dhcp-option': '256' is no u8 in '19=u8:256'; expected is CODE=KIND:VALUE with KIND hex, text, ip, name, u8, u16 or u32",
                "user,dhcp-option=51=u32:600 | option 51 is what DHCP itself needs",
                "user,dhcpv6-option=3=u32:600 | option 3 is what DHCPv6 itself needs",
                "socket | exactly one of listen=, connect=, mcast= or udp= is required",
                "socket,listen=:1,connect=:2 | exactly one of listen=, connect=, mcast= or udp= is required",
                "socket,mcast=230.0.0.1:1234 | Parameter 'mcast' is not supported yet",
                "socket,listen=1234 | host address '1234' doesn't contain ':' separating host from port",
                "socket,listen=127.0.0.1:x | port number 'x' is invalid",
                "socket,connect=127.0.0.1:0 | port number '0' is invalid",
                "socket,listen=[::1]:5 | host address '[::1]' is not a valid IPv4 address; for IPv6 use stream,addr.type=inet",
                "socket,connect=nobody:5 | can't resolve host address 'nobody'",
                "socket,listen=256.0.0.1:0 | can't resolve host address '256.0.0.1' as IPv4",
                "socket,connect=six:5 | can't resolve host address 'six' as IPv4",
                "stream | Parameter 'addr' is missing",
                "stream,addr.host=x | Parameter 'addr.type' is missing",
                "stream,addr.type=foo | Parameter 'addr.type' does not accept value 'foo'; use inet or unix",
                "stream,addr.type=inet,addr.port=1 | Parameter 'addr.host' is missing",
                "stream,addr.type=inet,addr.host=::1 | Parameter 'addr.port' is missing",
                "stream,addr.type=inet,addr.host=::1,addr.port=0 | Parameter 'addr.port' expects a port number, not '0'",
                "stream,addr.type=inet,addr.host=both,addr.port=1,addr.numeric | can't resolve host address 'both'",
                "stream,addr.type=inet,addr.host=both,addr.port=1,addr.ipv4=off,addr.ipv6=off | Cannot disable IPv4 and IPv6 at same time",
                "stream,addr.type=unix | Parameter 'addr.path' is missing",
                "stream,addr.type=unix,addr.path=a,addr.host=b | Parameter 'addr.host' is unexpected with addr.type=unix",
                "stream,server=on,reconnect-ms=5 | 'reconnect-ms' option is incompatible with socket in server mode",
                "stream,reconnect=5 | Parameter 'reconnect' is not supported yet",
            })
    void errorsNameThePortAndTheValue(String ports, String error) {
        String[] texts = ports.split(" ");
        assertThatThrownBy(() -> parse(texts))
                .isInstanceOf(UsageException.class)
                .hasMessage("PORT '" + texts[texts.length - 1] + "': " + error);
    }

    @Test
    void longUnixPathsAreRefused() {
        String path = "/" + "x".repeat(107);
        assertThatThrownBy(() -> parse("stream,addr.type=unix,addr.path=" + path))
                .hasMessageEndingWith("UNIX socket path '" + path + "' is too long: Path must be less than 108 bytes");
        assertThat(link("stream,addr.type=unix,addr.path=" + path.substring(1))).isNotNull();
    }

    @Test
    void noStringMakesTheParserFailOtherwise() {
        Random random = new Random(1);
        String[] pieces = {
            "user",
            "socket",
            "stream",
            ",",
            ",,",
            "=",
            ":",
            "-",
            "/",
            "net",
            "hostfwd",
            "listen",
            "addr.type",
            "unix",
            "inet",
            "addr.host",
            "addr.port",
            "0x",
            "127.0.0.1",
            "[",
            "]",
            "::1",
            "99999999999999999999",
            "tcp",
            "id",
            "on",
            "\u0661",
            " "
        };
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                parse(text.toString());
            } catch (UsageException e) {
                assertThat(e).hasMessageStartingWith("PORT '" + text + "': ");
            }
        }
    }
}
