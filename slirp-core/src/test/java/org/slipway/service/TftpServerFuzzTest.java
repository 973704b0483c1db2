package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TftpMessage;

/**
 * Any messages of two guests to the server and to its transfers, from the right port and from others, while files are opened
 * and read late, in pieces, or not at all.
 */
class TftpServerFuzzTest {

    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    private static final int MAX_STEPS = 200;
    private static final int MTU = 1500;
    private static final int FILE_BYTES = 40_000;

    @FuzzTest
    void everyBlockIsOfTheFileAndEveryTransferEnds(byte[] input) {
        FuzzBuffers buffers = new FuzzBuffers();
        Play play = new Play(new FuzzInput(input), buffers);
        play.run();
        buffers.assertNothingHeld();
    }

    private static final class Play implements TftpFiles {

        private final FuzzInput in;
        private final FuzzBuffers buffers;
        private final ManualLoop loop = new ManualLoop();
        private final Queue<Runnable> elsewhere = new ArrayDeque<>();
        private final Map<Integer, DatagramService> ports = new HashMap<>();
        private final Map<Integer, Integer> blockBytes = new HashMap<>();
        private final List<Integer> portsSeen = new ArrayList<>();
        private final TftpServer server;
        private boolean busy;
        private boolean broken;
        private int open;

        Play(FuzzInput in, FuzzBuffers buffers) {
            this.in = in;
            this.buffers = buffers;
            server = new TftpServer(
                    this, MTU, loop, this::later, loop::endOfTurn, this::openPort, this::hear, new Random(1));
        }

        void run() {
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                step();
                assertThat(server.transfers()).isLessThanOrEqualTo(TftpServer.MAX_TRANSFERS);
                assertThat(buffers.bytes()).as("bytes held").isLessThan(TftpServer.MAX_TRANSFERS * (600L << 10));
            }
            busy = false;
            work(Integer.MAX_VALUE);
            for (int i = 0; i < 40 && server.transfers() > 0; i++) {
                loop.advance(Duration.ofMinutes(1));
                work(Integer.MAX_VALUE);
            }
            if (server.transfers() > 0) {
                throw new AssertionError(server.transfers() + " transfers without an end");
            }
            server.close();
            work(Integer.MAX_VALUE);
            assertThat(open).as("files that are open").isZero();
            assertThat(ports).as("ports that are open").isEmpty();
            assertThat(loop.untilNextTimer()).isEqualTo(-1);
        }

        private void step() {
            int action = in.u8();
            switch (action & 7) {
                case 0, 1 -> send(server, action, TftpMessage.PORT, request());
                case 2 -> send(server, action, TftpMessage.PORT, in.longBytes(1400));
                case 3, 4 -> sendToTransfer(action, new byte[] {0, 4, 0, (byte) in.u8()});
                case 5 -> sendToTransfer(action, in.shortBytes());
                case 6 -> loop.advance(Duration.ofMillis(1 + 100L * in.u8()));
                default -> {
                    int how = in.u8();
                    busy = (how & 1) != 0;
                    broken = (how & 2) != 0;
                    work(how >> 2);
                }
            }
            if ((action & 0x80) == 0) {
                work(3);
            }
        }

        private void work(int tasks) {
            loop.run();
            for (int i = 0; i < tasks && !elsewhere.isEmpty(); i++) {
                elsewhere.remove().run();
                loop.run();
            }
        }

        private byte[] request() {
            int how = in.u8();
            StringBuilder text = new StringBuilder((how & 0x80) != 0 ? "\0\2" : "\0\1");
            text.append((how & 0x40) != 0 ? "none" : "file").append('\0');
            text.append((how & 0x20) != 0 ? "netascii" : "OCTET").append('\0');
            for (String option : List.of("blksize", "windowsize", "timeout", "tsize")) {
                if ((how & 1) != 0) {
                    text.append(option).append('\0').append(in.u16() % 3000).append('\0');
                }
                how >>= 1;
            }
            return text.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        private void sendToTransfer(int action, byte[] message) {
            if (!portsSeen.isEmpty()) {
                int port = portsSeen.get(portsSeen.size() - 1 - (action >> 5 & 3) % portsSeen.size());
                DatagramService transfer = ports.get(port);
                if (transfer != null) {
                    send(transfer, action, port, message);
                }
            }
        }

        private void send(DatagramService to, int action, int port, byte[] message) {
            int guest = action >> 3 & 1;
            int guestPort = 2000 + (action >> 4 & 3);
            IpAddress source = IpAddress.ipv4(GATEWAY.ipv4Bits() + 13 + guest);
            ByteBuf payload = FuzzInput.inTheMiddle(message);
            to.receive(new Datagram(source, guestPort, GATEWAY, port, 1 + guest, payload));
            assertThat(payload.release()).as("nobody keeps the message").isTrue();
        }

        private void later(Runnable task) {
            if (busy) {
                throw new RejectedExecutionException();
            }
            elsewhere.add(task);
        }

        private @Nullable Runnable openPort(IpAddress address, int port, DatagramService service) {
            return ports.putIfAbsent(port, service) == null ? () -> ports.remove(port) : null;
        }

        private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
            try {
                assertThat(sourcePort).isGreaterThanOrEqualTo(TftpServer.FIRST_PORT);
                assertThat(payload.readableBytes()).isLessThanOrEqualTo(MTU - 28);
                TftpMessage message = TftpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
                assertThat(message).isNotNull();
                if (!portsSeen.contains(sourcePort)) {
                    portsSeen.add(sourcePort);
                }
                if (message instanceof TftpMessage.OptionAcknowledgment agreed) {
                    String size = agreed.options().getOrDefault("blksize", "512");
                    blockBytes.put(sourcePort, Integer.valueOf(size));
                }
                if (message instanceof TftpMessage.Data data) {
                    assertOfTheFile(payload, (data.block() - 1) * blockBytes.getOrDefault(sourcePort, 512));
                }
            } finally {
                payload.release();
            }
        }

        /** Each byte of the file says where it stands. */
        private static void assertOfTheFile(ByteBuf payload, int offset) {
            int at = payload.readerIndex() + TftpMessage.DATA_HEADER_LENGTH;
            for (int i = at; i < payload.writerIndex(); i++) {
                if (payload.getByte(i) != (byte) (offset + i - at)) {
                    throw new AssertionError("byte " + (offset + i - at) + " is not of the file");
                }
            }
        }

        @Override
        public Content open(String name) throws IOException {
            if (!name.equals("file")) {
                throw new NoSuchFileException(name);
            }
            open++;
            return new Content() {
                private int at;

                @Override
                public long size() {
                    return FILE_BYTES;
                }

                @Override
                public byte[] read(int length) throws IOException {
                    if (broken) {
                        throw new IOException("broken");
                    }
                    byte[] bytes = new byte[Math.min(length, FILE_BYTES - at)];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = (byte) (at + i);
                    }
                    at += bytes.length;
                    return bytes;
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }
}
