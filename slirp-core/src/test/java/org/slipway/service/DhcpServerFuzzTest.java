package org.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.fuzz.FuzzBuffers;
import org.slipway.fuzz.FuzzInput;
import org.slipway.loop.ManualLoop;
import org.slipway.wire.DhcpMessage;
import org.slipway.wire.DhcpOptions;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** Any messages of several clients: each address has one holder, and what the server says is well formed. */
class DhcpServerFuzzTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.2.2");
    private static final IpAddress DNS = IpAddress.parse("10.0.2.3");
    private static final IpPrefix NETWORK = IpPrefix.of(SERVER, 24);
    private static final int FIRST = IpAddress.parse("10.0.2.15").ipv4Bits();
    private static final int LAST = FIRST + 3;
    private static final IpAddress EVERYBODY = IpAddress.parse("255.255.255.255");
    private static final StaticLease FIXED =
            new StaticLease(new MacAddress(0x525400000002L), IpAddress.ipv4(FIRST + 1), "fixed");
    private static final DhcpConfig CONFIG = DhcpConfig.of(
                    NETWORK, SERVER, DNS, IpAddress.ipv4(FIRST), IpAddress.ipv4(LAST), 1400)
            .leasing(DhcpConfig.DEFAULT_LEASE_SECONDS, List.of(FIXED));
    private static final int MAX_STEPS = 100;

    @FuzzTest
    void everyAddressHasOneHolder(byte[] input) {
        FuzzBuffers buffers = new FuzzBuffers();
        Play play = new Play(new FuzzInput(input));
        play.run();
        buffers.assertNothingHeld();
    }

    private static final class Play implements LeaseListener {

        private final FuzzInput in;
        private final ManualLoop loop = new ManualLoop();
        private final Map<IpAddress, MacAddress> holders = new HashMap<>();
        private final DhcpServer server = new DhcpServer(CONFIG, loop, this::hear, this);
        private int replies;

        Play(FuzzInput in) {
            this.in = in;
        }

        void run() {
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                int action = in.u8();
                if (action < 0x20) {
                    loop.advance(Duration.ofSeconds((1 + in.u8()) * 60L));
                } else {
                    send(action);
                }
                assertOneHolderEach();
            }
            // Leases of BOOTP are for good; all others run out.
            loop.advance(Duration.ofSeconds(CONFIG.leaseSeconds() + 1L));
            assertOneHolderEach();
            server.close();
            assertThat(loop.untilNextTimer()).isEqualTo(-1);
        }

        private void send(int action) {
            long mac = 0x525400000000L + 1 + (action & 3);
            long source = (action & 0x1c) == 0x1c ? mac ^ 1 : mac;
            ByteBuf payload = (action & 0xc0) == 0xc0 ? FuzzInput.inTheMiddle(in.longBytes(1500)) : message(mac);
            replies = 0;
            try {
                server.receive(new Datagram(IpAddress.ipv4(0), 68, EVERYBODY, 67, source, payload));
            } finally {
                payload.release();
            }
            assertThat(replies).as("answers to one message").isLessThanOrEqualTo(1);
        }

        private ByteBuf message(long mac) {
            DhcpOptions.Builder options = new DhcpOptions.Builder();
            int type = in.u8();
            if (type < 0xf0) {
                options.putByte(DhcpOptions.MESSAGE_TYPE, 1 + type % 8);
            }
            int extras = in.u8();
            if ((extras & 1) != 0) {
                options.putAddress(DhcpOptions.REQUESTED_ADDRESS, address());
            }
            if ((extras & 2) != 0) {
                options.putAddress(DhcpOptions.SERVER_IDENTIFIER, in.flag() ? SERVER : address());
            }
            if ((extras & 4) != 0) {
                options.put(DhcpOptions.CLIENT_IDENTIFIER, in.bytes(in.below(4)));
            }
            if ((extras & 8) != 0) {
                options.putInt(DhcpOptions.LEASE_TIME, in.i32());
            }
            if ((extras & 16) != 0) {
                options.put(DhcpOptions.PARAMETER_REQUEST_LIST, in.shortBytes());
            }
            if ((extras & 32) != 0) {
                options.putShort(DhcpOptions.MAX_MESSAGE_SIZE, in.u16());
            }
            if ((extras & 64) != 0) {
                options.put(1 + in.below(254), in.shortBytes());
            }
            IpAddress client = (extras & 128) != 0 ? address() : IpAddress.ipv4(0);
            boolean toAll = in.flag();
            IpAddress none = IpAddress.ipv4(0);
            DhcpMessage message = new DhcpMessage(
                    DhcpMessage.REQUEST, 0, 1, 0, toAll, client, none, none, none, mac, "", "", options.build());
            ByteBuf buf = Unpooled.buffer();
            message.emit(buf);
            return buf;
        }

        private IpAddress address() {
            int choice = in.u8();
            return choice < 0xe0 ? IpAddress.ipv4(FIRST - 2 + choice % 8) : IpAddress.ipv4(in.i32());
        }

        private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
            try {
                replies++;
                DhcpMessage reply = DhcpMessage.parse(payload, payload.readerIndex(), payload.readableBytes());
                assertThat(reply).as("what the server says").isNotNull();
                assertThat(reply.op()).isEqualTo(DhcpMessage.REPLY);
                assertThat(toPort).isEqualTo(DhcpMessage.CLIENT_PORT);
                assertThat(to.isUnspecified()).isFalse();
                assertThat(reply.type())
                        .isIn(
                                DhcpMessage.Type.OFFER,
                                DhcpMessage.Type.ACK,
                                DhcpMessage.Type.NAK,
                                DhcpMessage.Type.BOOTP);
                if (!reply.yourAddress().isUnspecified()) {
                    assertMayHave(reply.yourAddress(), new MacAddress(reply.clientMac()));
                }
            } finally {
                payload.release();
            }
        }

        private void assertMayHave(IpAddress address, MacAddress mac) {
            assertThat(address.ipv4Bits()).isBetween(FIRST, LAST);
            if (address.equals(FIXED.address())) {
                assertThat(mac).isEqualTo(FIXED.mac());
            }
        }

        @Override
        public void bound(Lease lease) {
            assertMayHave(lease.address(), lease.mac());
            MacAddress before = holders.put(lease.address(), lease.mac());
            assertThat(before).as("holder of %s", lease.address()).isIn(null, lease.mac());
        }

        @Override
        public void released(Lease lease) {
            assertThat(holders.remove(lease.address())).isEqualTo(lease.mac());
        }

        private void assertOneHolderEach() {
            Set<IpAddress> leased = new HashSet<>();
            for (Lease lease : server.leases()) {
                assertThat(leased.add(lease.address())).isTrue();
                assertThat(holders).containsEntry(lease.address(), lease.mac());
            }
            assertThat(holders.keySet()).isEqualTo(leased);
        }
    }
}
