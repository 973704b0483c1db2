package org.slipway.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StationQuotaTest {

    private static final int TOTAL = 1200;

    private static int takeAll(StationQuota quota, long share) {
        int taken = 0;
        while (quota.take(share)) {
            taken++;
        }
        return taken;
    }

    @Test
    void shareIsBoundedWhateverIsFree() {
        StationQuota quota = new StationQuota(TOTAL, 100);
        assertThat(takeAll(quota, 1)).isEqualTo(100);
        assertThat(quota.isUsedUp(1)).isTrue();
        assertThat(quota.isUsedUp(2)).isFalse();
    }

    @Test
    void shareIsNeverLargerThanWhatIsLeftForOthers() {
        StationQuota quota = new StationQuota(TOTAL, TOTAL);
        assertThat(takeAll(quota, 1)).isEqualTo(TOTAL / 2);
        assertThat(takeAll(quota, 2)).isEqualTo(TOTAL / 4);
    }

    @Test
    void manyGreedySharesLeaveAsMuchForOneMore() {
        StationQuota quota = new StationQuota(TOTAL, TOTAL / 2);
        int[] taken = new int[10];
        for (boolean more = true; more; ) {
            more = false;
            for (int share = 0; share < taken.length - 1; share++) {
                if (quota.take(share)) {
                    taken[share]++;
                    more = true;
                }
            }
        }
        assertThat(taken[0]).isEqualTo(TOTAL / 10);
        assertThat(takeAll(quota, 9)).isEqualTo(TOTAL / 20);
    }

    @Test
    void whatIsGivenBackIsThereAgain() {
        StationQuota quota = new StationQuota(TOTAL, 1);
        assertThat(quota.take(1)).isTrue();
        assertThat(quota.take(1)).isFalse();
        quota.giveBack(1);
        assertThat(quota.take(1)).isTrue();
    }

    @Test
    void shareWithoutAnyIsNotUsedUpButThereMayBeNoRoom() {
        StationQuota quota = new StationQuota(1, 1);
        assertThat(quota.take(1)).isTrue();
        assertThat(quota.isUsedUp(2)).isFalse();
        assertThat(quota.hasRoom(2)).isFalse();
    }
}
