package org.slipway.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.IntegerUnixChannelOption;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.loop.Transport;

/** What the kernel knows of a socket's marks: it counts hops to groups apart from all others. */
class UdpMarksTest {

    @ParameterizedTest
    @CsvSource({"true, 0, 2, 33", "false, 41, 16, 18"})
    void hopsToGroupsAreToldWhenThereIsADatagramForOne(boolean ipv4, int level, int unicast, int multicast) {
        assumeTrue(Transport.best() == Transport.EPOLL, "skipped: not Linux");
        UdpChannel channel = UdpChannel.open(Transport.EPOLL, ipv4);
        try {
            UdpMarks marks = new UdpMarks(channel.channel(), ipv4);
            marks.set(7, 0, false);
            assertThat(option(channel, level, unicast)).isEqualTo(7);
            assertThat(option(channel, level, multicast)).isEqualTo(1);
            marks.extendToGroups();
            assertThat(option(channel, level, multicast)).isEqualTo(7);
            marks.set(8, 0, false);
            marks.extendToGroups();
            assertThat(option(channel, level, multicast)).isEqualTo(8);
        } finally {
            channel.channel().unsafe().closeForcibly();
        }
    }

    private static int option(UdpChannel channel, int level, int name) {
        return channel.channel().config().getOption(new IntegerUnixChannelOption("OPTION", level, name));
    }
}
