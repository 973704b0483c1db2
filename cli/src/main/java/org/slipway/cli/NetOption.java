package org.slipway.cli;

import java.util.List;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** Reads {@code net=address[/mask]}; the mask is a prefix length or a dotted quad, or guessed from the address's class. */
final class NetOption {

    private static final int MIN_LENGTH = 4;
    private static final int MAX_LENGTH = 32;

    private NetOption() {}

    /**
     * The network that {@code text} means.
     *
     * @param notes gets a line if the mask was guessed
     * @throws IllegalArgumentException with QEMU's text and the value
     */
    static IpPrefix parse(String text, List<String> notes) {
        int slash = text.indexOf('/');
        IpAddress address = Literals.ipv4(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("Failed to parse netmask: net=" + text + " is not ADDRESS[/MASK]");
        }
        int firstByte = address.ipv4Bits() >>> 24;
        if (firstByte == 0 || firstByte == 127 || firstByte >= 224) {
            throw new IllegalArgumentException(
                    "net=" + text + " cannot be a network of guests: 0, 127 and everything from 224 on is reserved");
        }
        if (slash >= 0) {
            return IpPrefix.of(address, length(text, text.substring(slash + 1)));
        }
        IpPrefix guessed = IpPrefix.of(address, guessLength(address.ipv4Bits()));
        notes.add("net=" + text + " has no mask: taken as " + guessed);
        return guessed;
    }

    private static int length(String text, String mask) {
        if (!mask.isEmpty() && mask.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int length = mask.length() > 3 ? Integer.MAX_VALUE : Integer.parseInt(mask);
            if (length < MIN_LENGTH || length > MAX_LENGTH) {
                throw new IllegalArgumentException("Invalid netmask provided (must be in range 4-32): net=" + text);
            }
            return length;
        }
        IpAddress quad = Literals.ipv4(mask);
        if (quad == null) {
            throw new IllegalArgumentException("Failed to parse netmask (trailing chars): net=" + text);
        }
        int bits = quad.ipv4Bits();
        int length = Integer.numberOfLeadingZeros(~bits);
        if (length < MIN_LENGTH || bits << length != 0 && length < MAX_LENGTH) {
            throw new IllegalArgumentException("Invalid netmask provided (must be in range 4-32): net=" + text
                    + (length < MIN_LENGTH ? "" : ": the ones of " + mask + " are not contiguous"));
        }
        return length;
    }

    /** As QEMU guesses, but that it makes /28 of class C networks. */
    private static int guessLength(int bits) {
        if (bits >= 0) {
            return 8;
        }
        if ((bits & 0xfff0_0000) == 0xac10_0000) {
            return 12;
        }
        if ((bits & 0xc000_0000) == 0x8000_0000 || (bits & 0xffff_0000) == 0xc0a8_0000) {
            return 16;
        }
        return (bits & 0xfffe_0000) == 0xc612_0000 ? 15 : 24;
    }
}
