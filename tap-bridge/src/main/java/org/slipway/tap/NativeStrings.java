package org.slipway.tap;

import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/** C strings, and arrays of them that end with a null pointer. Their memory is there for as long as this is. One thread. */
final class NativeStrings {

    /** How the JDK itself writes names of files and arguments of programs. */
    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private final List<ByteBuffer> memory = new ArrayList<>();

    /** {@code length} bytes of zeros. */
    ByteBuffer zeros(int length) {
        ByteBuffer zeros = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        memory.add(zeros);
        return zeros;
    }

    /** The address of {@code text} with a NUL behind it; {@code text} has none. */
    long string(String text) {
        byte[] bytes = text.getBytes(CHARSET);
        return Buffer.memoryAddress(zeros(bytes.length + 1).put(0, bytes));
    }

    /** The address of the addresses of {@code texts}. */
    long array(List<String> texts) {
        ByteBuffer array = zeros((texts.size() + 1) * Long.BYTES);
        for (int i = 0; i < texts.size(); i++) {
            array.putLong(i * Long.BYTES, string(texts.get(i)));
        }
        return Buffer.memoryAddress(array);
    }
}
