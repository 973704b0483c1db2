package org.slipway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Any bytes as a DHCPv6 message. */
class Dhcpv6MessageFuzzTest {

    @FuzzTest
    void whatIsParsedIsEmittedAgain(byte[] input) {
        ByteBuf buf = Unpooled.wrappedBuffer(input);
        Dhcpv6Message message = Dhcpv6Message.parse(buf, 0, input.length);
        assertThat(Dhcpv6Message.check(buf, 0, input.length) == null).isEqualTo(message != null);
        if (message == null) {
            return;
        }
        assertThat(message.options().size()).isLessThanOrEqualTo(Dhcpv6Options.MAX_COUNT);
        for (Dhcpv6Association association : message.associations()) {
            association
                    .addresses()
                    .forEach(address -> assertThat(address.address()).isNotNull());
            Dhcpv6Status.of(association.options());
        }
        message.options().names(Dhcpv6Options.DOMAIN_LIST);
        message.options().addresses(Dhcpv6Options.DNS_SERVERS);
        message.options().text(Dhcpv6Options.BOOT_FILE_URL);
        message.options().isRequested(Dhcpv6Options.DNS_SERVERS);
        ByteBuf again = Unpooled.buffer();
        message.emit(again);
        assertThat(again.writerIndex()).isEqualTo(message.emittedLength());
        assertThat(again).isEqualTo(buf);
        assertThat(Dhcpv6Message.parse(again, 0, again.writerIndex())).isEqualTo(message);
    }
}
