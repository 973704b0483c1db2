package org.slipway.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slipway.loop.Loop;
import org.slipway.wire.DnsMessage;
import org.slipway.wire.IpAddress;

/**
 * The host's resolvers: the {@code nameserver} lines of a resolv.conf(5), followed as the file changes.
 *
 * <p>A question for them is answered at once, with what was read last; at most once a second it also has the file read
 * again, elsewhere, so that the next question sees a change. The file is opened by its path each time, so one that is
 * replaced, or a symbolic link that is turned, is followed. No file, or none that names a resolver: an empty list.
 */
public final class ResolvConf implements Supplier<List<InetSocketAddress>> {

    /** Where Linux, macOS and the BSDs have it. */
    public static final Path DEFAULT = Path.of("/etc/resolv.conf");

    /** The C library takes three; stubs for many networks write more. */
    static final int MAX_RESOLVERS = 8;

    /** A larger file is no resolv.conf. */
    static final int MAX_BYTES = 64 * 1024;

    static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final Loop loop;
    private final Executor elsewhere;
    private volatile List<InetSocketAddress> resolvers;
    private volatile boolean reading;
    private long readNanos;

    /**
     * Reads {@code file} for the first time, so to be called before the loop carries anything.
     *
     * @param elsewhere runs what may block: the later readings
     */
    public ResolvConf(Path file, Loop loop, Executor elsewhere) {
        this.file = file;
        this.loop = loop;
        this.elsewhere = elsewhere;
        readNanos = loop.nanoTime();
        resolvers = read(file);
    }

    /** The resolvers in the order of the file. Never blocks; on the loop only. */
    @Override
    public List<InetSocketAddress> get() {
        if (!reading && loop.nanoTime() - readNanos >= INTERVAL_NANOS) {
            readNanos = loop.nanoTime();
            reading = true;
            try {
                elsewhere.execute(this::readAgain);
            } catch (RejectedExecutionException e) {
                reading = false; // the network stops, or everything is busy: what is known stays
            }
        }
        return resolvers;
    }

    private void readAgain() {
        try {
            resolvers = read(file);
        } finally {
            reading = false;
        }
    }

    private static List<InetSocketAddress> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1), ResolvConf::scopeId);
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * The resolvers that {@code text} names, at most {@link #MAX_RESOLVERS}; lines that make no sense are skipped.
     *
     * @param scopeId from the name of an interface (behind a %) to its index, 0 if there is none
     */
    static List<InetSocketAddress> parse(String text, ToIntFunction<String> scopeId) {
        List<InetSocketAddress> resolvers = new ArrayList<>();
        for (String line : text.split("[\r\n]+", -1)) {
            String[] words = line.trim().split("[ \t]+", 3);
            if (words.length >= 2 && words[0].equals("nameserver") && resolvers.size() < MAX_RESOLVERS) {
                addResolver(words[1], scopeId, resolvers);
            }
        }
        return List.copyOf(resolvers);
    }

    private static void addResolver(String literal, ToIntFunction<String> scopeId, List<InetSocketAddress> resolvers) {
        int percent = literal.indexOf('%');
        try {
            IpAddress address = IpAddress.parse(percent < 0 ? literal : literal.substring(0, percent));
            InetAddress scoped =
                    percent < 0 ? address.toInetAddress() : scoped(address, literal.substring(percent + 1), scopeId);
            InetSocketAddress resolver = new InetSocketAddress(scoped, DnsMessage.PORT);
            if (!address.isUnspecified() && !address.isMulticast() && !ResolverOrder.isAmong(resolvers, resolver)) {
                resolvers.add(resolver);
            }
        } catch (IllegalArgumentException | UnknownHostException e) {
            return; // not an address: as the C library does, go on with the next line
        }
    }

    private static InetAddress scoped(IpAddress address, String zone, ToIntFunction<String> scopeId)
            throws UnknownHostException {
        int index = scopeId.applyAsInt(zone);
        if (index <= 0 || address.isIpv4()) {
            throw new UnknownHostException(address + "%" + zone);
        }
        return Inet6Address.getByAddress(null, address.toInetAddress().getAddress(), index);
    }

    private static int scopeId(String zone) {
        try {
            if (!zone.isEmpty() && zone.chars().allMatch(Character::isDigit)) {
                return Integer.parseInt(zone);
            }
            NetworkInterface device = NetworkInterface.getByName(zone);
            return device == null ? 0 : device.getIndex();
        } catch (SocketException | NumberFormatException e) {
            return 0;
        }
    }
}
