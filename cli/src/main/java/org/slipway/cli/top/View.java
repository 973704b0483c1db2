package org.slipway.cli.top;

import java.util.List;

/**
 * A snapshot, and what changed a second since an earlier one. A rate is NaN while there is no earlier one.
 *
 * @param now the snapshot
 * @param total of all guests
 * @param drops the reasons, those that strike most often at present first
 * @param guests in the order of the snapshot
 * @param flows in the order of the snapshot
 */
public record View(Snapshot now, Rates total, List<Drop> drops, List<GuestRow> guests, List<FlowRow> flows) {

    /** In a second. */
    record Rates(double framesUp, double bitsUp, double framesDown, double bitsDown) {

        double bits() {
            return bitsUp + bitsDown;
        }
    }

    /** How often a reason struck, and strikes in a second. */
    record Drop(String reason, long count, double rate) {}

    /** A guest. */
    record GuestRow(Snapshot.Guest guest, Rates rates) {}

    /** A flow. */
    record FlowRow(Snapshot.Flow flow, Rates rates) {

        long bytes() {
            return flow.traffic().bytesUp() + flow.traffic().bytesDown();
        }
    }

    /** How many frames were dropped, whatever the reason. */
    long dropped() {
        return drops.stream().mapToLong(Drop::count).sum();
    }

    /** How many frames are dropped in a second. */
    double dropRate() {
        return drops.stream().mapToDouble(Drop::rate).sum();
    }
}
