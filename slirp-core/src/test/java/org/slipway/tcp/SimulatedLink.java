package org.slipway.tcp;

/**
 * One direction of a simulated wire: a queue in front of a line of some rate, then a latency, with whatever chance does to
 * packets on the way. Several connections may share it: then its queue is the bottleneck that they compete for.
 */
final class SimulatedLink {

    /**
     * What a link does.
     *
     * @param latencyNanos from the end of sending to arrival
     * @param bitsPerSecond 0 if nothing limits it
     * @param queueBytes what waits beyond this is dropped; with a rate only
     * @param loss chance of a packet to vanish, 0 to 1 (corrupt packets do, too: their checksum is wrong)
     * @param bursts chance that all packets of the next few milliseconds vanish
     * @param reorder chance of a packet to be late by up to two latencies
     * @param duplicate chance of a packet to arrive twice
     * @param jitterNanos most by which a packet is late, evenly spread; packets do not overtake each other for it
     * @param toBad in the model of Gilbert: chance at each packet of a good link to turn bad, where all packets vanish
     * @param toGood and of a bad one to turn good; 1 / toGood is the mean length of a burst
     */
    record Conditions(
            long latencyNanos,
            long bitsPerSecond,
            int queueBytes,
            double loss,
            double bursts,
            double reorder,
            double duplicate,
            long jitterNanos,
            double toBad,
            double toGood) {

        static Conditions latencyMillis(long millis) {
            return latencyMicros(millis * 1000);
        }

        static Conditions latencyMicros(long micros) {
            return new Conditions(micros * 1000, 0, Integer.MAX_VALUE, 0, 0, 0, 0, 0, 0, 1);
        }

        Conditions rate(long bits, int queue) {
            return new Conditions(
                    latencyNanos, bits, queue, loss, bursts, reorder, duplicate, jitterNanos, toBad, toGood);
        }

        Conditions losing(double chance) {
            return new Conditions(
                    latencyNanos,
                    bitsPerSecond,
                    queueBytes,
                    chance,
                    bursts,
                    reorder,
                    duplicate,
                    jitterNanos,
                    toBad,
                    toGood);
        }

        Conditions burstsOf(double chance) {
            return new Conditions(
                    latencyNanos,
                    bitsPerSecond,
                    queueBytes,
                    loss,
                    chance,
                    reorder,
                    duplicate,
                    jitterNanos,
                    toBad,
                    toGood);
        }

        Conditions disorder(double late, double twice) {
            return new Conditions(
                    latencyNanos, bitsPerSecond, queueBytes, loss, bursts, late, twice, jitterNanos, toBad, toGood);
        }

        Conditions jitterMillis(double millis) {
            return new Conditions(
                    latencyNanos,
                    bitsPerSecond,
                    queueBytes,
                    loss,
                    bursts,
                    reorder,
                    duplicate,
                    (long) (millis * 1e6),
                    toBad,
                    toGood);
        }

        /** Loses {@code share} of all packets, in bursts of {@code length} on the average. */
        Conditions gilbert(double share, double length) {
            double leave = 1 / length;
            double enter = share * leave / (1 - share);
            return new Conditions(
                    latencyNanos,
                    bitsPerSecond,
                    queueBytes,
                    loss,
                    bursts,
                    reorder,
                    duplicate,
                    jitterNanos,
                    enter,
                    leave);
        }
    }

    private final SimulatedClock clock;
    private final Conditions conditions;
    private long lineFreeAt;
    private long burstUntil;
    private long lastArrival;
    private boolean bad;
    long carried;
    long lost;
    long overflowed;

    SimulatedLink(SimulatedClock clock, Conditions conditions) {
        this.clock = clock;
        this.conditions = conditions;
    }

    private boolean chance(double probability) {
        return probability > 0 && clock.random.nextDouble() < probability;
    }

    /** Carries a packet of {@code bytes} with its headers; {@code arrival} runs when, and each time, it arrives. */
    void carry(int bytes, Runnable arrival) {
        carried++;
        long now = clock.now();
        if (chance(conditions.bursts)) {
            burstUntil = now + 1_000_000L * (1 + clock.random.nextInt(20));
        }
        bad = bad ? !chance(conditions.toGood) : chance(conditions.toBad);
        boolean vanishes = bad || now < burstUntil || chance(conditions.loss);
        long leaves = now;
        if (conditions.bitsPerSecond > 0) {
            long waiting = Math.max(0, lineFreeAt - now);
            if (waiting * conditions.bitsPerSecond / 8_000_000_000L > conditions.queueBytes) {
                overflowed++;
                return;
            }
            lineFreeAt = Math.max(now, lineFreeAt) + bytes * 8_000_000_000L / conditions.bitsPerSecond;
            leaves = lineFreeAt;
        }
        if (vanishes) {
            lost++;
            return;
        }
        deliver(leaves, arrival);
        if (chance(conditions.duplicate)) {
            deliver(leaves, arrival);
        }
    }

    private void deliver(long leaves, Runnable arrival) {
        long at = leaves + conditions.latencyNanos;
        if (conditions.jitterNanos > 0) {
            at = Math.max(lastArrival, at + clock.random.nextLong(conditions.jitterNanos));
            lastArrival = at;
        }
        if (chance(conditions.reorder)) {
            at += (long) (clock.random.nextDouble() * 2 * conditions.latencyNanos);
        }
        clock.at(at, arrival);
    }
}
