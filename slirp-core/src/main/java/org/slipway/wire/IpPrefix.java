package org.slipway.wire;

/**
 * An IP network: an address whose host bits are zero, and the length of its prefix (RFC 4632, RFC 4291 2.3).
 *
 * @param length 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record IpPrefix(IpAddress address, int length) {

    /** The network that {@code address} is in: clears the host bits. */
    public static IpPrefix of(IpAddress address, int length) {
        int bits = address.isIpv4() ? 32 : 128;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + " of " + address + " is not 0 to " + bits);
        }
        int fromTop = bitsFromTop(address, length);
        return new IpPrefix(new IpAddress(address.high() & mask(fromTop), address.low() & mask(fromTop - 64)), length);
    }

    /** IPv4 is the low 32 bits of 128. */
    private static int bitsFromTop(IpAddress address, int length) {
        return address.isIpv4() ? length + 96 : length;
    }

    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << 64 - bits;
    }

    /** Whether {@code other} is of this family and inside this network. */
    public boolean contains(IpAddress other) {
        int fromTop = bitsFromTop(address, length);
        return other.isIpv4() == address.isIpv4()
                && ((other.high() ^ address.high()) & mask(fromTop)) == 0
                && ((other.low() ^ address.low()) & mask(fromTop - 64)) == 0;
    }

    /** The netmask of an IPv4 network as four bytes, first byte most significant. */
    public int ipv4Mask() {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    /** The directed broadcast address of an IPv4 network. */
    public IpAddress ipv4Broadcast() {
        return IpAddress.ipv4(address.ipv4Bits() | ~ipv4Mask());
    }

    /** {@code "10.0.2.0/24"}. */
    @Override
    public String toString() {
        return address + "/" + length;
    }
}
