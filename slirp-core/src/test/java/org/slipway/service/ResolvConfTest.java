package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.loop.ManualLoop;

class ResolvConfTest {

    @TempDir
    private Path directory;

    private final ManualLoop loop = new ManualLoop();
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();

    private static List<String> parse(String text) {
        return text(ResolvConf.parse(text, zone -> zone.equals("eth0") ? 2 : 0));
    }

    private static List<String> text(List<InetSocketAddress> resolvers) {
        return resolvers.stream()
                .map(resolver -> resolver.getAddress().getHostAddress() + " " + resolver.getPort())
                .toList();
    }

    @Test
    void readsNameserversInOrder() {
        assertThat(parse("""
                # made by hand
                ; another comment
                search example.org
                nameserver 192.0.2.1
                nameserver\t2001:db8::1
                  nameserver   127.0.0.53   # stub
                options edns0 trust-ad
                """)).containsExactly("192.0.2.1 53", "2001:db8:0:0:0:0:0:1 53", "127.0.0.53 53");
    }

    @Test
    void readsTheZoneOfALinkLocalAddress() {
        List<InetSocketAddress> resolvers = ResolvConf.parse("nameserver fe80::1%eth0\n", zone -> 2);
        assertThat(((Inet6Address) resolvers.get(0).getAddress()).getScopeId()).isEqualTo(2);
        assertThat(parse("nameserver fe80::1%nowhere\nnameserver 192.0.2.1%eth0\nnameserver fe80::1%\n"))
                .isEmpty();
    }

    @Test
    void linkLocalResolversOfTwoInterfacesAreTwo() {
        String text = "nameserver fe80::1%eth0\nnameserver fe80::1%eth1\nnameserver fe80::1%eth0\n"
                + "nameserver fec0::1%2\nnameserver 2001:db8::1\n";
        assertThat(ResolvConf.parse(text, zone -> zone.equals("eth1") ? 3 : 2))
                .extracting(resolver -> ((Inet6Address) resolver.getAddress()).getScopeId())
                .containsExactly(2, 3, 2, 0);
    }

    @Test
    void zoneMayBeANumberOfAnInterfaceAndMustBeOne() throws IOException {
        Path file = Files.writeString(
                directory.resolve("resolv.conf"),
                "nameserver fe80::1%7\nnameserver fe80::2%99999999999\nnameserver fe80::3%nosuch0\n");
        List<InetSocketAddress> resolvers = new ResolvConf(file, loop, elsewhere::add).get();
        assertThat(resolvers).hasSize(1);
        assertThat(((Inet6Address) resolvers.get(0).getAddress()).getScopeId()).isEqualTo(7);
    }

    @Test
    void lineEndsMayBeAnyAndTheLastMayBeMissing() {
        assertThat(parse("nameserver 192.0.2.1\r\nnameserver 192.0.2.2\rnameserver 192.0.2.3"))
                .containsExactly("192.0.2.1 53", "192.0.2.2 53", "192.0.2.3 53");
    }

    @Test
    void linesThatMakeNoSenseAreSkipped() {
        assertThat(parse("""
                nameserver
                nameserver example.org
                nameserver 1.2.3.4.5
                nameserver 300.1.1.1
                nameserver [::1]
                nameserver 0.0.0.0
                nameserver 224.0.0.251
                #nameserver 192.0.2.9
                nameservers 192.0.2.9
                NAMESERVER 192.0.2.9
                \u0000\u00ff%%%
                nameserver 192.0.2.1
                nameserver 192.0.2.1
                """)).containsExactly("192.0.2.1 53");
    }

    @Test
    void takesEightAtMost() {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            text.append("nameserver 192.0.2.").append(i).append('\n');
        }
        assertThat(parse(text.toString())).hasSize(8).last().isEqualTo("192.0.2.8 53");
    }

    @Test
    void missingEmptyOrUnreadableFileNamesNobody() throws IOException {
        assertThat(new ResolvConf(directory.resolve("none"), loop, elsewhere::add).get())
                .isEmpty();
        assertThat(new ResolvConf(Files.createFile(directory.resolve("empty")), loop, elsewhere::add).get())
                .isEmpty();
        assertThat(new ResolvConf(directory, loop, elsewhere::add).get()).isEmpty();
    }

    @Test
    void isReadAgainElsewhereAtMostOnceASecond() throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        ResolvConf resolvConf = new ResolvConf(file, loop, elsewhere::add);
        Files.writeString(file, "nameserver 192.0.2.2\n");

        assertThat(text(resolvConf.get())).containsExactly("192.0.2.1 53");
        assertThat(elsewhere).isEmpty();
        loop.advance(Duration.ofSeconds(1));
        assertThat(text(resolvConf.get())).containsExactly("192.0.2.1 53");
        resolvConf.get();
        assertThat(elsewhere).hasSize(1);
        elsewhere.remove().run();
        assertThat(text(resolvConf.get())).containsExactly("192.0.2.2 53");
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void slowReadingIsNotStartedTwice() throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        ResolvConf resolvConf = new ResolvConf(file, loop, elsewhere::add);
        for (int i = 0; i < 5; i++) {
            loop.advance(Duration.ofSeconds(1));
            resolvConf.get();
        }
        assertThat(elsewhere).hasSize(1);
    }

    @Test
    void replacedFilesAndTurnedLinksAreFollowed() throws IOException {
        Path one = Files.writeString(directory.resolve("one"), "nameserver 192.0.2.1\n");
        Path two = Files.writeString(directory.resolve("two"), "nameserver 192.0.2.2\n");
        Path link = Files.createSymbolicLink(directory.resolve("resolv.conf"), one);
        ResolvConf resolvConf = new ResolvConf(link, loop, elsewhere::add);
        assertThat(text(resolvConf.get())).containsExactly("192.0.2.1 53");

        Files.delete(link);
        Files.createSymbolicLink(link, two);
        assertThat(reread(resolvConf)).containsExactly("192.0.2.2 53");
        Path fresh = Files.writeString(directory.resolve("fresh"), "nameserver 192.0.2.3\n");
        Files.move(fresh, two, StandardCopyOption.REPLACE_EXISTING);
        assertThat(reread(resolvConf)).containsExactly("192.0.2.3 53");
        Files.delete(two);
        assertThat(reread(resolvConf)).isEmpty();
    }

    private List<String> reread(ResolvConf resolvConf) {
        loop.advance(Duration.ofSeconds(1));
        resolvConf.get();
        elsewhere.remove().run();
        return text(resolvConf.get());
    }
}
