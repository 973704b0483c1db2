package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TftpMessage;
import org.slipway.wire.TftpMessage.Acknowledgment;
import org.slipway.wire.TftpMessage.Failure;
import org.slipway.wire.TftpMessage.OptionAcknowledgment;
import org.slipway.wire.TftpMessage.Request;

class TftpServerTest {

    private static final IpAddress GATEWAY = IpAddress.parse("10.0.2.2");
    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final IpAddress OTHER = IpAddress.parse("10.0.2.16");
    private static final IpAddress GATEWAY6 = IpAddress.parse("fd00::2");
    private static final IpAddress GUEST6 = IpAddress.parse("fd00::1000");
    private static final long MAC = 0x525400000001L;
    private static final int CLIENT_PORT = 2070;

    /** What the server said: the message, and of DATA the bytes behind it. */
    private record Said(int fromPort, IpAddress to, int toPort, TftpMessage message, byte[] data) {

        int block() {
            assertThat(message).isInstanceOf(TftpMessage.Data.class);
            return ((TftpMessage.Data) message).block();
        }
    }

    private record Port(IpAddress address, int port) {}

    /** Files in memory, which know how many of them are open. */
    private final class Memory implements TftpFiles {
        final Map<String, byte[]> files = new HashMap<>();
        int open;
        int reads;
        boolean broken;

        @Override
        public Content open(String name) throws IOException {
            byte[] bytes = files.get(name);
            if (bytes == null) {
                throw new NoSuchFileException(name);
            }
            open++;
            return new Content() {
                private int at;

                @Override
                public long size() {
                    return bytes.length;
                }

                @Override
                public byte[] read(int length) throws IOException {
                    if (broken) {
                        throw new IOException("broken");
                    }
                    reads++;
                    int from = at;
                    at = Math.min(bytes.length, at + length);
                    return Arrays.copyOfRange(bytes, from, at);
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }

    private final ManualLoop loop = new ManualLoop();
    private final Memory memory = new Memory();
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final Map<Port, DatagramService> ports = new HashMap<>();
    private final List<Said> said = new ArrayList<>();
    private boolean busy;
    private final TftpServer server = server(1500, memory);

    private TftpServer server(int mtu, TftpFiles files) {
        return new TftpServer(files, mtu, loop, this::later, loop::endOfTurn, this::open, this::hear, new Random(1));
    }

    private void later(Runnable task) {
        if (busy) {
            throw new RejectedExecutionException();
        }
        elsewhere.add(task);
    }

    private @Nullable Runnable open(IpAddress address, int port, DatagramService service) {
        return ports.putIfAbsent(new Port(address, port), service) == null
                ? () -> ports.remove(new Port(address, port))
                : null;
    }

    private void hear(
            IpAddress source, int sourcePort, IpAddress destination, int destinationPort, long mac, ByteBuf payload) {
        assertThat(source).isIn(GATEWAY, GATEWAY6);
        assertThat(sourcePort).isBetween(TftpServer.FIRST_PORT, 65_535);
        assertThat(mac).isEqualTo(DatagramSender.RESOLVE);
        TftpMessage message = Objects.requireNonNull(TftpMessage.parse(payload, 0, payload.readableBytes()));
        byte[] data = message instanceof TftpMessage.Data
                ? ByteBufUtil.getBytes(payload, 4, payload.readableBytes() - 4)
                : new byte[0];
        payload.release();
        said.add(new Said(sourcePort, destination, destinationPort, message, data));
    }

    /** Everything that waits elsewhere or for the end of the turn. */
    private void settle() {
        do {
            loop.run();
            Runnable task = elsewhere.poll();
            if (task != null) {
                task.run();
            }
        } while (!elsewhere.isEmpty());
        loop.run();
        if (!elsewhere.isEmpty()) {
            settle();
        }
    }

    private byte[] file(String name, int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        memory.files.put(name, bytes);
        return bytes;
    }

    private static ByteBuf bytes(TftpMessage message) {
        ByteBuf buf = Unpooled.buffer();
        message.emit(buf);
        return buf;
    }

    private static Datagram datagram(IpAddress from, int port, int toPort, long mac, TftpMessage message) {
        return new Datagram(from, port, from.isIpv4() ? GATEWAY : GATEWAY6, toPort, mac, bytes(message));
    }

    private @Nullable DropReason ask(int port, String file, String... options) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return ask(GUEST, port, MAC, new Request(false, file, "octet", map));
    }

    private @Nullable DropReason ask(IpAddress from, int port, long mac, Request request) {
        DropReason dropped = server.receive(datagram(from, port, TftpMessage.PORT, mac, request));
        settle();
        return dropped;
    }

    private @Nullable DropReason answer(Said to, TftpMessage message) {
        DatagramService transfer = ports.get(new Port(to.to.isIpv4() ? GATEWAY : GATEWAY6, to.fromPort));
        if (transfer == null) {
            return DropReason.UDP_NO_PORT;
        }
        DropReason dropped = transfer.receive(datagram(to.to, to.toPort, to.fromPort, MAC, message));
        settle();
        return dropped;
    }

    private Said only() {
        assertThat(said).hasSize(1);
        return said.remove(0);
    }

    private List<Integer> blocks() {
        List<Integer> blocks = said.stream().map(Said::block).toList();
        said.clear();
        return blocks;
    }

    /** A client that acknowledges as RFC 1350 and RFC 7440 say; every {@code loss}-th message of either side is lost. */
    private byte[] download(int blockBytes, int window, int loss) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        long expected = 1;
        int sinceAcknowledged = 0;
        int count = 0;
        for (int turns = 0; turns < 1_000_000; turns++) {
            if (said.isEmpty()) {
                loop.advance(Duration.ofSeconds(1));
                settle();
                assertThat(loop.untilNextTimer())
                        .as("given up at block %d", expected)
                        .isPositive();
                continue;
            }
            Said next = said.remove(0);
            if (loss > 0 && ++count % loss == 0) {
                continue;
            }
            boolean lost = loss > 0 && ++count % loss == 0;
            if (next.message instanceof OptionAcknowledgment) {
                if (!lost) {
                    answer(next, new Acknowledgment(0));
                }
                continue;
            }
            boolean inOrder = next.block() == (int) (expected & 0xffff);
            if (inOrder) {
                received.writeBytes(next.data);
                expected++;
                sinceAcknowledged++;
            }
            boolean isLast = inOrder && next.data.length < blockBytes;
            if (isLast || sinceAcknowledged == window || !inOrder) {
                sinceAcknowledged = 0;
                if (!lost || isLast) {
                    answer(next, new Acknowledgment((int) (expected - 1 & 0xffff)));
                }
            }
            if (isLast) {
                return received.toByteArray();
            }
        }
        throw new AssertionError("no end");
    }

    @AfterEach
    void nothingIsLeftBehind() {
        server.close();
        settle();
        assertThat(memory.open).as("open files").isZero();
        assertThat(ports).isEmpty();
        assertThat(loop.untilNextTimer()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 1024, 70_000, 1_000_000})
    void fileArrivesInBlocksOfFiveHundredAndTwelve(int length) {
        byte[] bytes = file("a", length);
        ask(CLIENT_PORT, "a");
        assertThat(said.get(0).block()).isEqualTo(1);
        assertThat(said.get(0).toPort).isEqualTo(CLIENT_PORT);
        assertThat(download(512, 1, 0)).isEqualTo(bytes);
        assertThat(server.transfers()).isZero();
        assertThat(memory.open).isZero();
    }

    @Test
    void optionsAreAcknowledgedAndThenBlocksFollow() {
        byte[] bytes = file("a", 100_000);
        ask(CLIENT_PORT, "a", "tsize", "0", "blksize", "1456", "timeout", "3", "windowsize", "4", "unknown", "1");
        Said options = only();
        assertThat(options.message)
                .isEqualTo(new OptionAcknowledgment(
                        Map.of("tsize", "100000", "blksize", "1456", "timeout", "3", "windowsize", "4")));
        answer(options, new Acknowledgment(0));
        assertThat(said.stream().map(Said::block)).containsExactly(1, 2, 3, 4);
        assertThat(download(1456, 4, 0)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"512, 1, 7", "1468, 1, 5", "1468, 8, 11", "512, 64, 29", "1468, 3, 4", "8, 64, 13"})
    void lostMessagesAreRepeated(int blockBytes, int window, int loss) {
        byte[] bytes = file("a", 150 * blockBytes + 3);
        ask(CLIENT_PORT, "a", "blksize", "" + blockBytes, "windowsize", "" + window);
        assertThat(download(blockBytes, window, loss)).isEqualTo(bytes);
    }

    @Test
    void blockNumbersBeginAnewAfterSixteenBits() {
        byte[] bytes = file("a", 8 * 66_000 + 5);
        ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
        // To watch each of so many buffers takes ten seconds.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        try {
            ask(CLIENT_PORT, "a", "blksize", "8", "windowsize", "64");
            assertThat(download(8, 64, 0)).isEqualTo(bytes);
        } finally {
            ResourceLeakDetector.setLevel(level);
        }
    }

    @Test
    void pieceOfTheFileIsReadAtOnceAndNoFurtherAhead() {
        file("a", 10_000_000);
        ask(CLIENT_PORT, "a");
        assertThat(memory.reads).isEqualTo(1);
        assertThat(said).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1500, 10.0.2.15, 65464, 1468", "1500, fd00::1000, 65464, 1448", "9000, 10.0.2.15, 65464, 8968",
        "65521, 10.0.2.15, 65464, 65464", "1500, 10.0.2.15, 1428, 1428", "1500, 10.0.2.15, 8, 8",
        "1500, 10.0.2.15, 999999999, 1468",
    })
    void blocksAreNeverFragmented(int mtu, String guest, String asked, String given) {
        file("a", 5);
        TftpServer other = server(mtu, memory);
        other.receive(datagram(
                IpAddress.parse(guest),
                CLIENT_PORT,
                69,
                MAC,
                new Request(false, "a", "octet", Map.of("blksize", asked))));
        settle();
        assertThat(only().message).isEqualTo(new OptionAcknowledgment(Map.of("blksize", given)));
        other.close();
        settle();
    }

    @ParameterizedTest
    @CsvSource({
        "blksize, 7",
        "blksize, 0",
        "blksize, -1",
        "blksize, x",
        "blksize, ''",
        "blksize, 0x200",
        "windowsize, 0",
        "windowsize, 9999999999",
        "timeout, 0",
        "timeout, 256",
        "timeout, 1.5",
        "multicast, ''",
        "blksize2, 1024",
    })
    void optionsThatMakeNoSenseAreLeftOut(String name, String value) {
        file("a", 5);
        ask(CLIENT_PORT, "a", name, value);
        assertThat(only().block()).isEqualTo(1);
    }

    @Test
    void windowIsBoundedInBlocksAndBytes() {
        file("a", 5);
        ask(CLIENT_PORT, "a", "windowsize", "65535");
        assertThat(only().message).isEqualTo(new OptionAcknowledgment(Map.of("windowsize", "64")));
        TftpTerms terms = TftpTerms.of(Map.of("windowsize", "64", "blksize", "60000"), 65_000, 5);
        assertThat(terms.windowBlocks()).isEqualTo(2);
    }

    @Test
    void bothFamiliesAreServedEachByItsOwnAddress() {
        byte[] bytes = file("a", 3000);
        ask(GUEST6, CLIENT_PORT, MAC, new Request(false, "a", "octet", Map.of()));
        assertThat(ports.keySet()).extracting(Port::address).containsExactly(GATEWAY6);
        assertThat(download(512, 1, 0)).isEqualTo(bytes);
    }

    @Test
    void eachTransferHasAPortOfItsOwn() {
        file("a", 5000);
        for (int i = 0; i < TftpServer.MAX_TRANSFERS_OF_A_GUEST; i++) {
            ask(CLIENT_PORT + i, "a");
        }
        assertThat(said).extracting(Said::fromPort).doesNotHaveDuplicates().doesNotContain(69);
        assertThat(ports).hasSize(TftpServer.MAX_TRANSFERS_OF_A_GUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "false, none, octet, 1, File not found", "true, a, octet, 2, Access violation",
        "false, a, netascii, 4, Unsupported transfer mode", "false, a, mail, 4, Unsupported transfer mode",
        "false, a, '', 4, Unsupported transfer mode",
    })
    void refusalsHaveTheTextsOfLibslirpAndComeFromARealPort(
            boolean write, String file, String mode, int code, String text) {
        file("a", 5);
        assertThat(ask(GUEST, CLIENT_PORT, MAC, new Request(write, file, mode, Map.of())))
                .isNull();
        assertThat(only().message).isEqualTo(new Failure(code, text));
        assertThat(server.transfers()).isZero();
    }

    @Test
    void modeIsReadInWhateverCase() {
        file("a", 5);
        ask(GUEST, CLIENT_PORT, MAC, new Request(false, "a", "OCTET", Map.of()));
        assertThat(only().block()).isEqualTo(1);
    }

    @Test
    void withoutFilesEverythingIsAnAccessViolation() {
        TftpServer none = server(1500, TftpFiles.NONE);
        none.receive(datagram(GUEST, CLIENT_PORT, 69, MAC, new Request(false, "a", "octet", Map.of())));
        settle();
        assertThat(only().message).isEqualTo(new Failure(2, "Access violation"));
    }

    @Test
    void duplicateAcknowledgmentSendsNothing() {
        file("a", 5000);
        ask(CLIENT_PORT, "a");
        Said first = only();
        answer(first, new Acknowledgment(1));
        assertThat(blocks()).containsExactly(2);
        for (int i = 0; i < 10; i++) {
            answer(first, new Acknowledgment(1));
            answer(first, new Acknowledgment(0));
            answer(first, new Acknowledgment(3));
            answer(first, new Acknowledgment(0xffff));
        }
        assertThat(said).isEmpty();
        answer(first, new Acknowledgment(2));
        assertThat(blocks()).containsExactly(3);
    }

    @Test
    void acknowledgmentWithinTheWindowSendsWhatFollowsIt() {
        file("a", 10_000);
        ask(CLIENT_PORT, "a", "windowsize", "4");
        Said options = only();
        answer(options, new Acknowledgment(0));
        assertThat(blocks()).containsExactly(1, 2, 3, 4);
        answer(options, new Acknowledgment(2));
        assertThat(blocks()).containsExactly(3, 4, 5, 6);
        answer(options, new Acknowledgment(2));
        assertThat(said).isEmpty();
    }

    @Test
    void repetitionsBackOffAndEnd() {
        file("a", 5000);
        ask(CLIENT_PORT, "a");
        said.clear();
        List<Long> at = new ArrayList<>();
        long begin = loop.nanoTime();
        for (int second = 0; second < 120; second++) {
            loop.advance(Duration.ofSeconds(1));
            settle();
            if (!said.isEmpty()) {
                assertThat(blocks()).containsExactly(1);
                at.add((loop.nanoTime() - begin) / 1_000_000_000);
            }
        }
        assertThat(at).containsExactly(1L, 3L, 7L, 15L, 31L);
        assertThat(server.transfers()).isZero();
        assertThat(memory.open).isZero();
    }

    @Test
    void timeoutIsTheClients() {
        file("a", 5000);
        ask(CLIENT_PORT, "a", "timeout", "20");
        said.clear();
        loop.advance(Duration.ofMillis(19_999));
        assertThat(said).isEmpty();
        loop.advance(Duration.ofMillis(1));
        assertThat(only().message).isInstanceOf(OptionAcknowledgment.class);
        loop.advance(Duration.ofSeconds(20));
        assertThat(only().message).isInstanceOf(OptionAcknowledgment.class);
    }

    @Test
    void anAnswerMakesTheNextRepetitionQuickAgain() {
        file("a", 5000);
        ask(CLIENT_PORT, "a");
        Said first = only();
        loop.advance(Duration.ofSeconds(7));
        said.clear();
        answer(first, new Acknowledgment(1));
        assertThat(blocks()).containsExactly(2);
        loop.advance(Duration.ofSeconds(1));
        assertThat(blocks()).containsExactly(2);
    }

    @Test
    void errorOfTheClientEndsTheTransferSilently() {
        file("a", 5000);
        ask(CLIENT_PORT, "a", "tsize", "0");
        Said options = only();
        assertThat(answer(options, new Failure(8, "no options please"))).isNull();
        assertThat(server.transfers()).isZero();
        assertThat(said).isEmpty();
        assertThat(answer(options, new Acknowledgment(0))).isEqualTo(DropReason.UDP_NO_PORT);
    }

    @Test
    void strangersAreToldAndDisturbNothing() {
        file("a", 5000);
        ask(CLIENT_PORT, "a");
        Said first = only();
        DatagramService transfer = Objects.requireNonNull(ports.get(new Port(GATEWAY, first.fromPort)));
        for (Datagram stranger : List.of(
                datagram(OTHER, CLIENT_PORT, first.fromPort, MAC, new Acknowledgment(1)),
                datagram(GUEST, CLIENT_PORT + 1, first.fromPort, MAC, new Failure(0, "")))) {
            assertThat(transfer.receive(stranger)).isEqualTo(DropReason.TFTP_NO_TRANSFER);
            Said refusal = only();
            assertThat(refusal.message).isEqualTo(new Failure(5, "Unknown transfer ID"));
            assertThat(refusal.to).isEqualTo(stranger.source());
            assertThat(refusal.toPort).isEqualTo(stranger.sourcePort());
        }
        assertThat(transfer.receive(datagram(IpAddress.ipv4(0), 0, first.fromPort, MAC, new Acknowledgment(1))))
                .isEqualTo(DropReason.TFTP_NO_TRANSFER);
        assertThat(said).isEmpty();
        answer(first, new Acknowledgment(1));
        assertThat(blocks()).containsExactly(2);
    }

    @Test
    void otherMessagesWithinATransferAreDropped() {
        file("a", 5000);
        ask(CLIENT_PORT, "a");
        Said first = only();
        assertThat(answer(first, new TftpMessage.Data(1))).isEqualTo(DropReason.TFTP_MALFORMED);
        assertThat(answer(first, new Request(false, "a", "octet", Map.of()))).isEqualTo(DropReason.TFTP_MALFORMED);
        assertThat(said).isEmpty();
        assertThat(server.transfers()).isOne();
    }

    @Test
    void repeatedRequestDoesNotMakeASecondTransfer() {
        file("a", 5000);
        ask(CLIENT_PORT, "a");
        int port = only().fromPort;
        ask(CLIENT_PORT, "a");
        assertThat(only().fromPort).isEqualTo(port);
        assertThat(server.transfers()).isOne();
    }

    @Test
    void repeatedRequestWhileTheFileIsBeingOpenedIsIgnored() {
        file("a", 5000);
        Request request = new Request(false, "a", "octet", Map.of());
        server.receive(datagram(GUEST, CLIENT_PORT, 69, MAC, request));
        server.receive(datagram(GUEST, CLIENT_PORT, 69, MAC, request));
        settle();
        assertThat(blocks()).containsExactly(1);
    }

    @Test
    void newRequestFromTheSamePortReplacesTheOldTransfer() {
        file("a", 5000);
        file("b", 3);
        ask(CLIENT_PORT, "a");
        Said first = only();
        answer(first, new Acknowledgment(1));
        said.clear();
        ask(CLIENT_PORT, "b");
        Said second = only();
        assertThat(second.fromPort).isNotEqualTo(first.fromPort);
        assertThat(second.data).hasSize(3);
        assertThat(server.transfers()).isOne();
        assertThat(memory.open).isOne();
    }

    @Test
    void transferThatEndsWhileItsFileIsBeingOpenedClosesIt() {
        file("a", 5000);
        server.receive(datagram(GUEST, CLIENT_PORT, 69, MAC, new Request(false, "a", "octet", Map.of())));
        server.close();
        settle();
        assertThat(said).isEmpty();
        assertThat(memory.open).isZero();
    }

    @Test
    void guestMayHaveSoManyTransfersAndAllTogetherSoMany() {
        file("a", 5000);
        for (int i = 0; i < TftpServer.MAX_TRANSFERS_OF_A_GUEST; i++) {
            assertThat(ask(CLIENT_PORT + i, "a")).isNull();
        }
        said.clear();
        // Another address does not help.
        assertThat(ask(OTHER, CLIENT_PORT, MAC, new Request(false, "a", "octet", Map.of())))
                .isEqualTo(DropReason.TFTP_TRANSFERS_FULL);
        assertThat(only().message).isEqualTo(new Failure(0, "Too many transfers"));
        for (int i = 0; i < TftpServer.MAX_TRANSFERS; i++) {
            ask(OTHER, 5000 + i, MAC + 1 + i, new Request(false, "a", "octet", Map.of()));
        }
        assertThat(server.transfers()).isEqualTo(TftpServer.MAX_TRANSFERS);
        assertThat(memory.open).isEqualTo(TftpServer.MAX_TRANSFERS);
    }

    @Test
    void brokenFileIsSaidSo() {
        file("a", 5000);
        memory.broken = true;
        ask(CLIENT_PORT, "a");
        assertThat(only().message).isEqualTo(new Failure(0, "Read error"));
        assertThat(server.transfers()).isZero();
    }

    @Test
    void fileThatBecomesShorterIsNotSentAsIfWhole() {
        byte[] bytes = file("a", 200_000);
        TftpFiles shrinking = name -> {
            TftpFiles.Content content = memory.open(name);
            return new TftpFiles.Content() {
                @Override
                public long size() {
                    return bytes.length + 1000L;
                }

                @Override
                public byte[] read(int length) throws IOException {
                    return content.read(length);
                }

                @Override
                public void close() throws IOException {
                    content.close();
                }
            };
        };
        TftpServer other = server(1500, shrinking);
        other.receive(datagram(GUEST, CLIENT_PORT, 69, MAC, new Request(false, "a", "octet", Map.of())));
        settle();
        for (int i = 1; i <= 1000 && said.get(0).message instanceof TftpMessage.Data; i++) {
            answer(said.remove(0), new Acknowledgment(i));
        }
        assertThat(only().message).isEqualTo(new Failure(0, "Read error"));
    }

    @Test
    void busyExecutorRefusesAndIsTriedAgain() {
        file("a", 200_000);
        busy = true;
        ask(CLIENT_PORT, "a");
        assertThat(only().message).isEqualTo(new Failure(0, "Server busy"));
        busy = false;
        ask(CLIENT_PORT, "a");
        busy = true;
        Said last = only();
        for (int i = 1; !said.isEmpty() || i == 1; i++) {
            last = i == 1 ? last : said.remove(0);
            answer(last, new Acknowledgment(i));
        }
        busy = false;
        loop.advance(Duration.ofSeconds(1));
        settle();
        assertThat(only().block()).isEqualTo(last.block() + 1);
    }

    @Test
    void whatIsNoRequestIsDropped() {
        for (TftpMessage message : List.of(
                new TftpMessage.Data(1),
                new Acknowledgment(0),
                new Failure(0, ""),
                new OptionAcknowledgment(Map.of()))) {
            assertThat(server.receive(datagram(GUEST, CLIENT_PORT, 69, MAC, message)))
                    .isEqualTo(DropReason.TFTP_MALFORMED);
        }
        Request request = new Request(false, "a", "octet", Map.of());
        assertThat(server.receive(datagram(GUEST, 0, 69, MAC, request))).isEqualTo(DropReason.TFTP_MALFORMED);
        assertThat(server.receive(datagram(IpAddress.ipv4(0), 7, 69, MAC, request)))
                .isEqualTo(DropReason.TFTP_MALFORMED);
        byte[] whole = ByteBufUtil.getBytes(bytes(request));
        for (int length = 0; length < whole.length; length++) {
            ByteBuf cut = Unpooled.wrappedBuffer(Arrays.copyOf(whole, length));
            assertThat(server.receive(new Datagram(GUEST, 7, GATEWAY, 69, MAC, cut)))
                    .as("length %d", length)
                    .isEqualTo(DropReason.TFTP_MALFORMED);
        }
        settle();
        assertThat(said).isEmpty();
    }
}
