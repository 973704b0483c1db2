package org.slipway.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.slipway.wire.IpAddress;
import org.slipway.wire.TftpMessage;
import org.slipway.wire.TftpMessage.Failure;

/** The two ends of a transfer (RFC 1350 4): a port of the gateway's, chosen for it alone, and the client's. */
record TftpPeer(DatagramSender sender, IpAddress server, int serverPort, IpAddress client, int clientPort) {

    /** To begin with; grows for long options. */
    private static final int TYPICAL_LENGTH = 128;

    boolean isFrom(Datagram datagram) {
        return datagram.source().equals(client) && datagram.sourcePort() == clientPort;
    }

    void send(TftpMessage message) {
        sendTo(client, clientPort, message);
    }

    /** Sends block {@code block}: {@code length} bytes of {@code data} at {@code at}, which are copied. */
    void sendData(long block, ByteBuf data, int at, int length) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(TftpMessage.DATA_HEADER_LENGTH + length);
        new TftpMessage.Data((int) block & 0xffff).emit(buf);
        buf.writeBytes(data, at, length);
        sender.send(server, serverPort, client, clientPort, DatagramSender.RESOLVE, buf);
    }

    /** Who is not the client has no transfer here. */
    void refuseStranger(Datagram datagram) {
        if (datagram.sourcePort() != 0 && !datagram.source().isUnspecified()) {
            sendTo(
                    datagram.source(),
                    datagram.sourcePort(),
                    new Failure(Failure.UNKNOWN_TRANSFER_ID, "Unknown transfer ID"));
        }
    }

    private void sendTo(IpAddress to, int port, TftpMessage message) {
        ByteBuf buf = PooledByteBufAllocator.DEFAULT.directBuffer(TYPICAL_LENGTH);
        message.emit(buf);
        sender.send(server, serverPort, to, port, DatagramSender.RESOLVE, buf);
    }
}
