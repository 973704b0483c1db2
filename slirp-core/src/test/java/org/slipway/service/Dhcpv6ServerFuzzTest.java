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
import org.slipway.wire.Dhcpv6Message;
import org.slipway.wire.Dhcpv6Options;
import org.slipway.wire.Duid;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;
import org.slipway.wire.MacAddress;

/** Any messages of several clients with several associations: each address has one holder, and what is said is well formed. */
class Dhcpv6ServerFuzzTest {

    private static final IpAddress HOST = IpAddress.parse("fd00::2");
    private static final IpPrefix PREFIX = IpPrefix.of(HOST, 64);
    private static final IpAddress LINK_LOCAL = IpAddress.parse("fe80::5054:ff:fe00:1");
    private static final MacAddress MAC = MacAddress.parse("52:55:0a:00:02:02");
    private static final List<IpAddress> POOL =
            List.of(IpAddress.parse("fd00::1000"), IpAddress.parse("fd00::1001"), IpAddress.parse("fd00::1002"));
    private static final Dhcpv6Config CONFIG = new Dhcpv6Config(
            PREFIX,
            IpAddress.parse("fe80::2"),
            MAC,
            List.of(HOST),
            List.of("lan"),
            "tftp://x/y",
            POOL,
            List.of(),
            3600,
            Dhcpv6Options.NONE);
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
        private final Dhcpv6Server server = new Dhcpv6Server(CONFIG, loop, this::hear, this);
        private int replies;

        Play(FuzzInput in) {
            this.in = in;
        }

        void run() {
            for (int step = 0; step < MAX_STEPS && in.hasMore(); step++) {
                int action = in.u8();
                if (action < 0x20) {
                    loop.advance(Duration.ofSeconds((1 + in.u8()) * 30L));
                } else {
                    send(action);
                }
                assertOneHolderEach();
            }
            loop.advance(Duration.ofSeconds(CONFIG.leaseSeconds() + 1L));
            assertThat(server.leases()).isEmpty();
            assertThat(holders).isEmpty();
            server.close();
            assertThat(loop.untilNextTimer()).isEqualTo(-1);
        }

        private void send(int action) {
            long mac = 0x525400000000L + 1 + (action & 3);
            ByteBuf payload = (action & 0xc0) == 0xc0
                    ? FuzzInput.inTheMiddle(in.longBytes(1500))
                    : FuzzInput.inTheMiddle(message(action & 3));
            IpAddress to = (action & 0x1c) == 0x1c ? HOST : Dhcpv6Message.ALL_SERVERS;
            replies = 0;
            try {
                server.receive(new Datagram(LINK_LOCAL, 546, to, 547, mac, payload));
            } finally {
                payload.release();
            }
            assertThat(replies).as("answers to one message").isLessThanOrEqualTo(1);
        }

        private byte[] message(int client) {
            Dhcpv6Message.Type[] types = Dhcpv6Message.Type.values();
            Dhcpv6Message.Type type = types[in.below(types.length)];
            Dhcpv6Options.Builder options = new Dhcpv6Options.Builder();
            int extras = in.u8();
            if ((extras & 1) == 0) {
                options.add(Dhcpv6Options.CLIENT_ID, Duid.ofEthernet(new MacAddress(0x525400000010L + client)));
            }
            if ((extras & 2) != 0) {
                options.add(Dhcpv6Options.SERVER_ID, Duid.ofEthernet(MAC));
            }
            if ((extras & 4) != 0) {
                options.add(Dhcpv6Options.RAPID_COMMIT, new byte[0]);
            }
            for (int i = extras >> 3 & 3; i > 0; i--) {
                options.add(in.oneOf(3, 3, 3, 4, 25), association());
            }
            if ((extras & 0x20) != 0) {
                options.add(39, in.shortBytes());
            }
            if ((extras & 0x40) != 0) {
                options.addCodes(Dhcpv6Options.OPTION_REQUEST, in.u8(), in.u8(), 23, 24, 59);
            }
            if ((extras & 0x80) != 0) {
                options.add(in.u8(), in.shortBytes());
            }
            ByteBuf buf = Unpooled.buffer();
            new Dhcpv6Message(type, 1, options.build()).emit(buf);
            byte[] bytes = new byte[buf.readableBytes()];
            buf.readBytes(bytes);
            return bytes;
        }

        /** IAID, T1 and T2, and addresses in it. */
        private byte[] association() {
            ByteBuf buf = Unpooled.buffer();
            buf.writeInt(in.below(3)).writeInt(in.u8()).writeInt(in.u8());
            for (int i = in.below(3); i > 0; i--) {
                buf.writeShort(Dhcpv6Options.IA_ADDRESS).writeShort(24);
                int choice = in.u8();
                IpAddress address = choice < 0xc0 ? POOL.get(choice % 3) : IpAddress.parse("2001:db8::1");
                buf.writeLong(address.high()).writeLong(address.low());
                buf.writeInt(in.u8()).writeInt(in.u8());
            }
            byte[] bytes = new byte[buf.readableBytes()];
            buf.readBytes(bytes);
            return bytes;
        }

        private void hear(IpAddress source, int sourcePort, IpAddress to, int toPort, long mac, ByteBuf payload) {
            try {
                replies++;
                Dhcpv6Message reply = Dhcpv6Message.parse(payload, payload.readerIndex(), payload.readableBytes());
                assertThat(reply).as("what the server says").isNotNull();
                assertThat(reply.type()).isIn(Dhcpv6Message.Type.ADVERTISE, Dhcpv6Message.Type.REPLY);
                assertThat(to).isEqualTo(LINK_LOCAL);
                assertThat(toPort).isEqualTo(Dhcpv6Message.CLIENT_PORT);
                reply.associations()
                        .forEach(association -> association.addresses().forEach(address -> {
                            if (address.validSeconds() != 0) {
                                assertThat(POOL).contains(address.address());
                            }
                        }));
            } finally {
                payload.release();
            }
        }

        @Override
        public void bound(Lease lease) {
            assertThat(POOL).contains(lease.address());
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
