package org.slipway.capture;

/** The line about one packet while it is being put together: each protocol overwrites what the one below it said. */
final class SummaryLine {

    /** As in tshark: longer information is cut. */
    private static final int MAX_INFO = 4_096;

    /** The number of the packet in the capture, for references between packets. */
    final int number;

    String source = "";
    String destination = "";
    String protocol = "";
    private final StringBuilder info = new StringBuilder(96);

    SummaryLine(int number) {
        this.number = number;
    }

    /** A protocol begins to describe its part: forgets what the one below said. Returns this. */
    SummaryLine begin(String protocol) {
        this.protocol = protocol;
        info.setLength(0);
        return this;
    }

    /** The protocol that described its part last begins anew: forgets what was said. Returns this. */
    SummaryLine restart() {
        info.setLength(0);
        return this;
    }

    /** Whether nothing has been said. */
    boolean isEmpty() {
        return info.length() == 0;
    }

    /** Appends texts and numbers to the information, as long as it is not full. Returns this. */
    SummaryLine add(Object... parts) {
        for (Object part : parts) {
            if (info.length() < MAX_INFO) {
                info.append(part);
            }
        }
        return this;
    }

    /** Puts a note before the information. */
    void addInFront(String note) {
        info.insert(0, note);
    }

    /** Appends a number in hexadecimal, with {@code 0x} and at least {@code digits} digits. Returns this. */
    SummaryLine hex(int value, int digits) {
        info.append("0x");
        return digits(value, digits);
    }

    /** Appends a number in hexadecimal, with at least {@code digits} digits. Returns this. */
    SummaryLine digits(int value, int digits) {
        String text = Integer.toHexString(value);
        info.append("0".repeat(Math.max(0, digits - text.length()))).append(text);
        return this;
    }

    /** What was said so far. */
    String info() {
        return info.substring(0, Math.min(info.length(), MAX_INFO));
    }
}
