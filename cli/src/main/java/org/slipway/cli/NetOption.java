package org.slipway.cli;

import java.util.List;
import java.util.regex.Pattern;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/** Reads {@code net=address[/mask]}; the mask is a prefix length or a dotted quad, or guessed from the address's class. */
final class NetOption {

    private static final int MIN_LENGTH = 4;
    private static final int MAX_LENGTH = 32;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

    /** One to three bytes, without those behind them. */
    private static final Pattern BEGINNING = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){0,2}");

    private NetOption() {}

    /**
     * The network that {@code text} means.
     *
     * @param notes gets a line if the mask was guessed, or the address completed
     * @throws IllegalArgumentException with QEMU's text and the value
     */
    static IpPrefix parse(String text, List<String> notes) {
        int slash = text.indexOf('/');
        String number = slash < 0 ? text : text.substring(0, slash);
        // QEMU's inet_aton fills in on the left: 10/8 would be 0.0.0.10/8, which nobody means.
        boolean isBeginning = BEGINNING.matcher(number).matches();
        IpAddress address = Literals.ipv4(isBeginning ? completed(number) : number);
        if (address == null) {
            throw new IllegalArgumentException("Failed to parse netmask: net=" + text + " is not ADDRESS[/MASK]");
        }
        int length = slash < 0 ? guessLength(address.ipv4Bits()) : length(text, text.substring(slash + 1));
        IpPrefix network = IpPrefix.of(address, length);
        requireUsable(text, address, network);
        if (slash < 0) {
            notes.add("net=" + text + " has no mask: taken as " + network);
        } else if (isBeginning) {
            notes.add("net=" + text + " is taken as " + network);
        }
        return network;
    }

    private static String completed(String beginning) {
        int missing = 3 - (int) beginning.chars().filter(c -> c == '.').count();
        return beginning + ".0".repeat(missing);
    }

    /** Only what a guest can be in, all of it: a network that begins in 0/8 would have its gateway there. */
    private static void requireUsable(String text, IpAddress address, IpPrefix network) {
        int named = address.ipv4Bits() >>> 24;
        int first = network.address().ipv4Bits() >>> 24;
        int last = network.ipv4Broadcast().ipv4Bits() >>> 24;
        if (named == 0 || named == 127 || first == 0 || first <= 127 && last >= 127 || last >= 224) {
            throw new IllegalArgumentException(
                    "net=" + text + " cannot be a network of guests: 0, 127 and everything from 224 on is reserved");
        }
    }

    private static int length(String text, String mask) {
        if (mask.isEmpty() || NUMBER.matcher(mask).matches()) {
            int length = mask.isEmpty() || mask.length() > 4 ? -1 : Integer.parseInt(mask);
            if (length < MIN_LENGTH || length > MAX_LENGTH) {
                throw new IllegalArgumentException("Invalid netmask provided (must be in range 4-32): net=" + text);
            }
            return length;
        }
        IpAddress quad = Literals.ip(mask);
        if (quad == null || !quad.isIpv4()) {
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
