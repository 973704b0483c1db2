package org.slipway.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names as sequences of labels without compression (RFC 1035 3.1), one behind the other, as options carry them. */
public final class DomainNames {

    private static final int MAX_LABEL_LENGTH = 63;

    /** RFC 1035 2.3.4: with all length bytes. */
    private static final int MAX_NAME_LENGTH = 255;

    private DomainNames() {}

    /**
     * Appends {@code name}: ASCII labels of 1 to 63 characters, a dot may end it.
     *
     * @throws IllegalArgumentException if it is no such name
     */
    public static void write(ByteBuf out, String name) {
        if (!DnsAddresses.isName(name)) {
            throw new IllegalArgumentException("not a domain name: '" + name + "'");
        }
        for (String label : name.split("\\.")) {
            out.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        out.writeByte(0);
    }

    /**
     * The names in the {@code length} bytes at {@code at}, without a dot at their ends, bytes as characters of ISO 8859-1;
     * or null if a name or a label is cut off, empty, too long or compressed. The last name may lack its end, as in a name
     * that is not fully qualified (RFC 4704 4.2).
     */
    public static @Nullable List<String> read(ByteBuf buf, int at, int length) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        int offset = 0;
        while (offset < length) {
            int label = buf.getUnsignedByte(at + offset++);
            if (label > MAX_LABEL_LENGTH
                    || label > length - offset
                    || label == 0 && name.isEmpty()
                    || name.length() + label + 2 > MAX_NAME_LENGTH) {
                return null;
            }
            if (label == 0) {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(name.isEmpty() ? "" : ".");
                name.append(buf.toString(at + offset, label, StandardCharsets.ISO_8859_1));
                offset += label;
            }
        }
        if (!name.isEmpty()) {
            names.add(name.toString());
        }
        return names;
    }
}
