package org.slipway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes to be sent against the pattern that they follow, read forwards and backwards. */
class SendBufferTest {

    @Test
    void anyPartIsReadAsItWasGiven() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SendBuffer buffer = new SendBuffer(PooledByteBufAllocator.DEFAULT);
            List<ByteBuf> given = new ArrayList<>();
            Segment segment = new Segment();
            int start = 0;
            int end = 0;
            for (int step = 0; step < 500; step++) {
                int held = end - start;
                switch (random.nextInt(4)) {
                    case 0 -> {
                        int length = 1 + random.nextInt(random.nextBoolean() ? 300 : 9000);
                        given.add(Pattern.bytes(end, length));
                        buffer.append(given.get(given.size() - 1));
                        end += length;
                    }
                    case 1 -> {
                        int acknowledged = random.nextInt(held + 1) / (1 + random.nextInt(4));
                        buffer.acknowledge(acknowledged);
                        start += acknowledged;
                    }
                    default -> {
                        if (held > 0) {
                            int offset = random.nextInt(held);
                            int wanted = 1 + random.nextInt(held - offset);
                            int length = buffer.contiguous(offset, wanted);
                            assertThat(length).isBetween(1, wanted);
                            buffer.read(offset, length, segment);
                            Pattern.check(start + offset, segment.buf, segment.payload, length);
                        }
                    }
                }
                assertThat(buffer.length()).isEqualTo(end - start);
            }
            int length = end - start;
            assertThatThrownBy(() -> buffer.contiguous(length, 1)).isInstanceOf(IllegalArgumentException.class);
            buffer.clear();
            assertThat(buffer.length()).isZero();
            assertThat(given).allMatch(buf -> buf.refCnt() == 0);
        }
    }
}
