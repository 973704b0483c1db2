package org.slipway.tap;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.slipway.wire.IpAddress;

/**
 * Memory for the arguments of system calls: a {@code msghdr} with its name, its one {@code iovec} and its control data,
 * a socket address and an int. Laid out as 64-bit Linux on a little-endian processor has it. One thread at a time.
 */
final class NativeMessage {

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int SOCKADDR_IN_LENGTH = 16;
    private static final int SOCKADDR_IN6_LENGTH = 28;
    private static final int SOCKADDR_MAX_LENGTH = 32;
    private static final int CMSG_HEADER_LENGTH = 16;
    private static final int CMSG_ALIGNMENT = 8;

    /** Room for a time to live and an extended error with its offender, several times over. */
    private static final int CONTROL_LENGTH = 256;

    private static final int MSGHDR = 0;
    private static final int MSGHDR_NAME = 0;
    private static final int MSGHDR_NAME_LENGTH = 8;
    private static final int MSGHDR_IOV = 16;
    private static final int MSGHDR_IOV_COUNT = 24;
    private static final int MSGHDR_CONTROL = 32;
    private static final int MSGHDR_CONTROL_LENGTH = 40;
    private static final int MSGHDR_FLAGS = 48;
    private static final int IOVEC = 56;
    private static final int NAME = 72;
    private static final int ADDRESS = NAME + SOCKADDR_MAX_LENGTH;
    private static final int INT = ADDRESS + SOCKADDR_MAX_LENGTH;
    private static final int CONTROL = INT + 8;
    private static final int LENGTH = CONTROL + CONTROL_LENGTH;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final long base = Buffer.memoryAddress(memory);

    /** Where the buffer's byte number {@code index} is in memory; {@code buf} is direct and in one piece. */
    static long address(ByteBuf buf, int index) {
        if (buf.hasMemoryAddress()) {
            return buf.memoryAddress() + index;
        }
        ByteBuffer nio = buf.internalNioBuffer(index, buf.capacity() - index);
        return Buffer.memoryAddress(nio) + nio.position();
    }

    /** Makes everything ready to receive into the writable bytes of {@code into}; gives the address of the msghdr. */
    long receiveInto(ByteBuf into) {
        memory.putLong(MSGHDR + MSGHDR_NAME, base + NAME);
        memory.putInt(MSGHDR + MSGHDR_NAME_LENGTH, SOCKADDR_MAX_LENGTH);
        memory.putLong(MSGHDR + MSGHDR_IOV, base + IOVEC);
        memory.putLong(MSGHDR + MSGHDR_IOV_COUNT, 1);
        memory.putLong(MSGHDR + MSGHDR_CONTROL, base + CONTROL);
        memory.putLong(MSGHDR + MSGHDR_CONTROL_LENGTH, CONTROL_LENGTH);
        memory.putInt(MSGHDR + MSGHDR_FLAGS, 0);
        memory.putLong(IOVEC, address(into, into.writerIndex()));
        memory.putLong(IOVEC + 8, into.writableBytes());
        return base + MSGHDR;
    }

    /** The address that the message came from, or null if the system gave none. */
    @Nullable
    IpAddress source() {
        return readSockaddr(NAME, NAME + memory.getInt(MSGHDR + MSGHDR_NAME_LENGTH));
    }

    /** The port that the message came from, 0 to 65535; {@link #source} is not null. */
    int sourcePort() {
        return Short.reverseBytes(memory.getShort(NAME + 2)) & 0xffff;
    }

    /** Where the data of the control message of that level and type begin in this memory, or -1 if there is none. */
    int control(int level, int type, int minLength) {
        int end = CONTROL + (int) Math.min(CONTROL_LENGTH, memory.getLong(MSGHDR + MSGHDR_CONTROL_LENGTH));
        int at = CONTROL;
        while (at + CMSG_HEADER_LENGTH <= end) {
            long length = memory.getLong(at);
            if (length < CMSG_HEADER_LENGTH || length > end - at) {
                return -1;
            }
            if (memory.getInt(at + 8) == level
                    && memory.getInt(at + 12) == type
                    && length >= CMSG_HEADER_LENGTH + minLength) {
                return at + CMSG_HEADER_LENGTH;
            }
            at += ((int) length + CMSG_ALIGNMENT - 1) & -CMSG_ALIGNMENT;
        }
        return -1;
    }

    /** The int at a position that {@link #control} gave. */
    int intAt(int at) {
        return memory.getInt(at);
    }

    /** The unsigned byte at a position that {@link #control} gave. */
    int byteAt(int at) {
        return memory.get(at) & 0xff;
    }

    /** The address in the socket address at {@code at}, or null if it is of another family. */
    @Nullable
    IpAddress sockaddrAt(int at) {
        return readSockaddr(at, LENGTH);
    }

    private @Nullable IpAddress readSockaddr(int at, int end) {
        if (at + 2 > end) {
            return null;
        }
        int family = memory.getShort(at);
        if (family == AF_INET && at + SOCKADDR_IN_LENGTH <= end) {
            return IpAddress.ipv4(Integer.reverseBytes(memory.getInt(at + 4)));
        }
        if (family == AF_INET6 && at + SOCKADDR_IN6_LENGTH <= end) {
            return new IpAddress(Long.reverseBytes(memory.getLong(at + 8)), Long.reverseBytes(memory.getLong(at + 16)));
        }
        return null;
    }

    /** Writes a socket address with port 0; {@link #addressPointer} and {@link #addressLength} tell of it. */
    void writeAddress(IpAddress address) {
        for (int i = 0; i < SOCKADDR_MAX_LENGTH; i++) {
            memory.put(ADDRESS + i, (byte) 0);
        }
        if (address.isIpv4()) {
            memory.putShort(ADDRESS, (short) AF_INET);
            memory.putInt(ADDRESS + 4, Integer.reverseBytes(address.ipv4Bits()));
        } else {
            memory.putShort(ADDRESS, (short) AF_INET6);
            memory.putLong(ADDRESS + 8, Long.reverseBytes(address.high()));
            memory.putLong(ADDRESS + 16, Long.reverseBytes(address.low()));
        }
    }

    long addressPointer() {
        return base + ADDRESS;
    }

    /** The length of what {@link #writeAddress} wrote, in bytes. */
    int addressLength() {
        return memory.getShort(ADDRESS) == AF_INET ? SOCKADDR_IN_LENGTH : SOCKADDR_IN6_LENGTH;
    }

    /** Writes an int, for an option of a socket; gives its address. */
    long writeInt(int value) {
        memory.putInt(INT, value);
        return base + INT;
    }
}
