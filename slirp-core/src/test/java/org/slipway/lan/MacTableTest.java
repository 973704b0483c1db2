package org.slipway.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MacTableTest {

    private static final class TestSlot extends MacTable.Slot {}

    private final MacTable table = new MacTable();
    private final TestSlot one = new TestSlot();
    private final TestSlot two = new TestSlot();
    private final MacTable.Slot[] slots = {one, two};

    @Test
    void slotGivesUpItsOwnLongestUnseenStation() {
        for (long address = 1; address <= MacTable.MAX_STATIONS_PER_SLOT; address++) {
            table.learn(address, one, 0, slots);
        }
        long later = MacTable.AGEING_NANOS / 2;
        table.learn(1, one, later, slots);
        table.learn(5000, one, later, slots);
        assertThat(table.size()).isEqualTo(MacTable.MAX_STATIONS_PER_SLOT);
        assertThat(table.slotOf(1, later)).isSameAs(one);
        assertThat(table.slotOf(2, later)).isNull();
        assertThat(table.slotOf(5000, later)).isSameAs(one);
    }

    @Test
    void movedStationCountsForItsNewSlotAndStaysWithinItsBound() {
        for (long address = 1; address <= MacTable.MAX_STATIONS_PER_SLOT; address++) {
            table.learn(address, one, 0, slots);
        }
        table.learn(7000, two, 0, slots);
        table.learn(7000, one, 1, slots);
        assertThat(table.size()).isEqualTo(MacTable.MAX_STATIONS_PER_SLOT);
        assertThat(table.slotOf(7000, 1)).isSameAs(one);
        assertThat(table.slotOf(1, 1)).isNull();
    }

    @Test
    void fullTableGivesUpWhatIsTooOldFirst() {
        MacTable.Slot[] many = new MacTable.Slot[6];
        for (int i = 0; i < many.length; i++) {
            many[i] = new TestSlot();
        }
        table.learn(1, many[5], 0, many);
        for (int i = 0; i < 4; i++) {
            for (long n = 0; n < 1024 - (i == 3 ? 1 : 0); n++) {
                table.learn(10_000 * (i + 1) + n, many[i], 1, many);
            }
        }
        assertThat(table.size()).isEqualTo(MacTable.MAX_STATIONS);
        table.learn(2, many[4], MacTable.AGEING_NANOS, many);
        assertThat(table.size()).isEqualTo(MacTable.MAX_STATIONS);
        assertThat(table.slotOf(1, 0)).isNull();
        assertThat(table.slotOf(10_000, 1)).isSameAs(many[0]);
        table.learn(3, many[4], MacTable.AGEING_NANOS, many);
        assertThat(table.slotOf(10_000, 1)).isNull();
    }

    @Test
    void agreesWithASimpleMapAsLongAsNoBoundIsReached() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            MacTable tested = new MacTable();
            MacTable.Slot[] all = {new TestSlot(), new TestSlot(), new TestSlot()};
            Map<Long, MacTable.Slot> places = new HashMap<>();
            for (int step = 0; step < 2000; step++) {
                long address = 1 + random.nextInt(200);
                MacTable.Slot slot = all[random.nextInt(3)];
                if (random.nextInt(300) == 0) {
                    tested.forget(slot);
                    places.values().removeIf(place -> place == slot);
                } else {
                    tested.learn(address, slot, step, all);
                    places.put(address, slot);
                }
                assertThat(tested.size()).isEqualTo(places.size());
                long asked = 1 + random.nextInt(200);
                assertThat(tested.slotOf(asked, step)).isSameAs(places.get(asked));
            }
        }
    }
}
