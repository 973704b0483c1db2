package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DnsMessage;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;

/** Any queries of guests, over UDP and TCP, and any answers of resolvers: each query is answered once at most, with its id. */
class DnsRelayFuzzTest {

    private static final IpAddress GUEST = IpAddress.parse("10.0.2.15");
    private static final IpAddress DNS = IpAddress.parse("10.0.2.3");
    private static final int MAX_STEPS = 100;
    private static final int MAX_MESSAGE = 5000;
    private static final List<InetSocketAddress> RESOLVERS = IntStream.rangeClosed(1, 3)
            .mapToObj(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .toList();

    @FuzzTest
    void everyQueryHasOneAnswerAtMost(byte[] input) {
        FuzzBuffers buffers = new FuzzBuffers();
        Play play = new Play(new FuzzInput(input));
        play.run();
        buffers.assertNothingHeld();
    }

    private static final class Play {

        private final FuzzInput in;
        private final ManualLoop loop = new ManualLoop();
        private final FakeUpstream upstream = new FakeUpstream();
        private final DnsRelay relay;
        private final List<TcpClient> clients = new ArrayList<>();
        /** How many queries with this id have no answer yet. */
        private final Map<Integer, Integer> asked = new HashMap<>();

        Play(FuzzInput in) {
            this.in = in;
            int resolvers = in.below(4);
            relay = new DnsRelay(
                    loop,
                    LocalNames.none(),
                    true,
                    () -> RESOLVERS.subList(0, resolvers),
                    upstream,
                    this::hear,
                    new DropCounters(),
                    new Random(1));
        }

        void run() {
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                int action = in.u8();
                switch (action & 7) {
                    case 0 -> ask(in.longBytes(MAX_MESSAGE));
                    case 1 -> ask(question());
                    case 2 -> resolverAnswers(action >> 3);
                    case 3 -> resolverFails(action >> 3);
                    case 4 -> connect();
                    case 5 -> speak(action >> 3, in.longBytes(MAX_MESSAGE));
                    case 6 -> speak(action >> 3, framed(question()));
                    default -> loop.advance(Duration.ofMillis(10L * (1 + in.u8())));
                }
                assertThat(relay.queriesInFlight()).isLessThanOrEqualTo(DnsRelay.MAX_QUERIES);
            }
            loop.advance(Duration.ofMinutes(2));
            assertThat(relay.queriesInFlight()).isZero();
            assertThat(upstream.open()).isZero();
            relay.close();
            clients.forEach(TcpClient::closed);
            assertThat(loop.untilNextTimer()).isEqualTo(-1);
        }

        /** A query that is right but for what the fuzzer adds. */
        private byte[] question() {
            int id = in.u8();
            int type = in.u8();
            String name = "x".repeat(1 + in.below(63)) + ".test";
            String query = (type & 0x80) != 0
                    ? DnsBytes.ednsQuery(id, name, type & 0x7f, DnsBytes.OPT_4096_DO)
                    : DnsBytes.query(id, name, type);
            byte[] extra = in.bytes(in.below(4));
            byte[] bytes = ByteBufUtil.decodeHexDump(query);
            byte[] message = Arrays.copyOf(bytes, bytes.length + extra.length);
            System.arraycopy(extra, 0, message, bytes.length, extra.length);
            return message;
        }

        private static byte[] framed(byte[] message) {
            byte[] framed = new byte[2 + message.length];
            framed[0] = (byte) (message.length >> 8);
            framed[1] = (byte) message.length;
            System.arraycopy(message, 0, framed, 2, message.length);
            return framed;
        }

        private void ask(byte[] message) {
            if (message.length >= 2) {
                asked.merge((message[0] & 0xff) << 8 | message[1] & 0xff, 1, Integer::sum);
            }
            ByteBuf payload = FuzzInput.inTheMiddle(message);
            relay.receive(new Datagram(GUEST, 4242, DNS, 53, 1, payload));
            assertThat(payload.release()).as("nobody keeps the query").isTrue();
        }

        private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
            try {
                assertThat(DnsMessage.check(payload, payload.readerIndex(), payload.readableBytes()))
                        .isNull();
                assertThat(DnsMessage.isResponse(payload, payload.readerIndex()))
                        .isTrue();
                int left = asked.merge(DnsMessage.id(payload, payload.readerIndex()), -1, Integer::sum);
                assertThat(left).as("answers without a query").isNotNegative();
            } finally {
                payload.release();
            }
        }

        private FakeUpstream.@Nullable Sent sent(int back) {
            int count = upstream.sent.size();
            return count == 0 ? null : upstream.sent.get(count - 1 - back % count);
        }

        /** The query comes back as an answer, in which the fuzzer changes something. */
        private void resolverAnswers(int back) {
            FakeUpstream.Sent query = sent(back);
            int how = in.u8();
            byte[] extra = in.longBytes(MAX_MESSAGE);
            if (query == null) {
                return;
            }
            byte[] answer = extra;
            if ((how & 1) == 0) {
                byte[] bytes = ByteBufUtil.decodeHexDump(query.query);
                answer = Arrays.copyOf(bytes, bytes.length + extra.length);
                System.arraycopy(extra, 0, answer, bytes.length, extra.length);
                answer[2] = (byte) (0x80 | how);
                answer[3] = (byte) in.u8();
            }
            if (!query.cancelled) {
                // Pooled, so that a copy that is kept is counted.
                ByteBuf message = FuzzInput.inTheMiddle(answer);
                query.listener.received(message);
                message.release();
            }
        }

        private void resolverFails(int back) {
            FakeUpstream.Sent query = sent(back);
            if (query != null) {
                query.fail();
            }
        }

        private void connect() {
            TcpClient client = new TcpClient();
            StreamService.Session session = relay.accept(1, client);
            if (session != null) {
                client.session = session;
                clients.add(client);
            }
        }

        private void speak(int which, byte[] bytes) {
            if (clients.isEmpty()) {
                return;
            }
            TcpClient client = clients.get(which % clients.size());
            if (client.over || client.finished) {
                return;
            }
            if (bytes.length == 0) {
                client.finished = true;
                client.session.inputClosed();
                return;
            }
            // In two pieces, as a stream comes.
            int cut = in.u8() % (bytes.length + 1);
            client.receive(Arrays.copyOf(bytes, cut));
            client.receive(Arrays.copyOfRange(bytes, cut, bytes.length));
        }
    }

    /** The TCP side of a session. */
    private static final class TcpClient implements StreamService.Output {

        StreamService.Session session;
        boolean finished;
        boolean over;

        void receive(byte[] bytes) {
            if (!over && bytes.length > 0) {
                ByteBuf data = FuzzInput.inTheMiddle(bytes);
                session.received(data);
                assertThat(data.release()).as("nobody keeps the bytes").isTrue();
            }
        }

        void closed() {
            over = true;
            session.closed();
        }

        @Override
        public void send(ByteBuf data) {
            try {
                assertThat(over).isFalse();
                int length = data.readableBytes();
                assertThat(length).isGreaterThanOrEqualTo(2 + DnsMessage.HEADER_LENGTH);
                assertThat(data.getUnsignedShort(data.readerIndex())).isEqualTo(length - 2);
            } finally {
                data.release();
            }
        }

        @Override
        public int unsentBytes() {
            return 0;
        }

        @Override
        public void close() {
            over = true;
        }

        @Override
        public void abort() {
            over = true;
        }
    }
}
