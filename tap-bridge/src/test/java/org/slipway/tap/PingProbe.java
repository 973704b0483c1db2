package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slipway.nat.EchoListener;
import org.slipway.nat.EchoSocket;
import org.slipway.nat.EchoSockets;
import org.slipway.wire.IpAddress;

/**
 * Pings as it is told, in a process of its own, which may be in another network namespace. Each argument is
 * {@code address,timeToLive,bytes} and perhaps {@code ,typeOfService,df,source}; one line tells what came of it, and where the
 * sockets are bound if there is a source.
 */
final class PingProbe {

    private static final long SILENCE_MILLIS = 1_000;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private PingProbe() {}

    public static void main(String[] args) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        EchoSockets sockets = PingSockets.on(group.next(), new Random(1));
        group.submit(() -> null).sync();
        for (String arg : args) {
            String[] parts = arg.split(",");
            System.out.println(arg + " " + new PingProbe().ping(group, sockets, parts));
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private String ping(EventLoopGroup group, EchoSockets sockets, String[] parts) throws Exception {
        IpAddress destination = IpAddress.parse(parts[0]);
        int timeToLive = Integer.parseInt(parts[1]);
        int typeOfService = parts.length > 3 ? Integer.parseInt(parts[3]) : 0;
        boolean dontFragment = parts.length > 4 && parts[4].equals("df");
        IpAddress source = parts.length > 5 ? IpAddress.parse(parts[5]) : null;
        String text = "x".repeat(Integer.parseInt(parts[2]));
        // Two sockets to the same destination: each hears of its own requests only.
        EchoSocket other = group.submit(() -> sockets.open(destination, source, new Listener("other ", "")))
                .get();
        EchoSocket socket = group.submit(() -> sockets.open(destination, source, new Listener("", text)))
                .get();
        if (socket == null || other == null) {
            return "unavailable: " + sockets.unavailableHint();
        }
        StringBuilder told = new StringBuilder(source == null ? "" : bound(source) + " bound; ");
        for (int sequence = 1; sequence <= 2; sequence++) {
            int number = sequence;
            group.submit(() -> {
                        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, text.length()));
                        payload.writeCharSequence(text, StandardCharsets.US_ASCII);
                        socket.send(number, timeToLive, typeOfService, dontFragment, payload);
                        payload.release();
                    })
                    .sync();
            String line = heard.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS);
            told.append(line == null ? "silence" : line).append("; ");
        }
        group.submit(() -> other.send(7, timeToLive, typeOfService, dontFragment, Unpooled.EMPTY_BUFFER))
                .sync();
        told.append(heard.poll(SILENCE_MILLIS, TimeUnit.MILLISECONDS));
        group.submit(() -> {
                    socket.close();
                    other.close();
                    other.close();
                })
                .sync();
        return told.toString();
    }

    /** How many sockets the kernel says are bound to {@code source}: hexadecimal, in the processor's byte order. */
    private static long bound(IpAddress source) throws IOException {
        boolean ipv4 = source.isIpv4();
        String local = ipv4
                ? String.format("%08X", Integer.reverseBytes(source.ipv4Bits()))
                : String.format(
                        "%08X%08X%08X%08X",
                        Integer.reverseBytes((int) (source.high() >>> 32)),
                        Integer.reverseBytes((int) source.high()),
                        Integer.reverseBytes((int) (source.low() >>> 32)),
                        Integer.reverseBytes((int) source.low()));
        return Files.readAllLines(Path.of("/proc/self/net/" + (ipv4 ? "icmp" : "icmp6"))).stream()
                .filter(line -> line.contains(" " + local + ":"))
                .count();
    }

    private final class Listener implements EchoListener {

        private final String name;
        private final String expected;

        Listener(String name, String expected) {
            this.name = name;
            this.expected = expected;
        }

        @Override
        public void reply(int sequence, int timeToLive, ByteBuf payload) {
            boolean same = payload.toString(StandardCharsets.US_ASCII).equals(expected);
            heard.add(name + "reply " + sequence + " ttl " + timeToLive + (same ? "" : " changed"));
        }

        @Override
        public void failed(Failure failure) {
            heard.add(name + "failed " + failure.sequence() + " " + failure.icmpType() + "/" + failure.icmpCode()
                    + (failure.mtu() == 0 ? "" : " mtu " + failure.mtu())
                    + (failure.offender() == null ? "" : " by " + failure.offender()));
        }
    }
}
