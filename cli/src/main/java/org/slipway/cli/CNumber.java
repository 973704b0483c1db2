package org.slipway.cli;

/** Numbers as C's {@code strtol} with base 0 reads them, for QEMU does: {@code 22}, {@code 0x16}, {@code 026}. */
final class CNumber {

    /** What {@link #parse} returns for anything else. */
    static final long INVALID = -1;

    private CNumber() {}

    /** The non-negative number that {@code text} is, or {@link #INVALID}. */
    static long parse(String text) {
        int base = 10;
        int from = 0;
        if (text.startsWith("0x") || text.startsWith("0X")) {
            base = 16;
            from = 2;
        } else if (text.length() > 1 && text.charAt(0) == '0') {
            base = 8;
            from = 1;
        }
        String digits = text.substring(from);
        // Digits only: Long.parseLong would take a sign and the digits of other scripts.
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c))) {
            return INVALID;
        }
        try {
            return Long.parseLong(digits, base);
        } catch (NumberFormatException e) {
            return INVALID;
        }
    }
}
