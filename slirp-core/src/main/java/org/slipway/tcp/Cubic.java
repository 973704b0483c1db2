package org.slipway.tcp;

import java.util.concurrent.TimeUnit;

/**
 * CUBIC (RFC 9438): after a loss the window grows along a cubic curve of time, flat around the size at which the loss happened,
 * and at least as fast as Reno's would. In packets of {@link #mss} bytes where it follows the RFC's formulas.
 */
final class Cubic implements CongestionControl {

    /** RFC 9438 4.6: beta_cubic. */
    private static final double BETA = 0.7;

    /** RFC 9438 5: C. */
    private static final double C = 0.4;

    /** RFC 9438 4.3: alpha_cubic, by which Reno with a decrease of beta_cubic would grow. */
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private int mss;
    private final SlowStart slowStart = new SlowStart();
    private int window;
    private int slowStartThreshold = MAX_WINDOW;

    /** W_max: the window at the last loss, perhaps reduced by fast convergence. 0 before the first. */
    private double maximum;

    /** The window before the last reduction, cwnd_prior. */
    private double prior;

    /** Whether congestion avoidance has begun since the last reduction, when that was, and K. */
    private boolean inEpoch;

    private long epochStart;
    private double inflection;

    /** W_est. */
    private double estimate;

    /** A part of a packet by which the window is to grow. */
    private double credit;

    private boolean afterTimeOut;
    private long lastAckAt;

    private int formerWindow;
    private int formerThreshold = MAX_WINDOW;
    private double formerMaximum;
    private double formerPrior;

    /** {@code mss}: payload bytes of a full packet. */
    Cubic(int mss) {
        this.mss = mss;
        window = CongestionControl.initialWindow(mss);
    }

    @Override
    public int window() {
        return window;
    }

    @Override
    public void shrink(int smaller) {
        double more = mss / (double) smaller;
        maximum *= more;
        prior *= more;
        formerMaximum *= more;
        formerPrior *= more;
        inEpoch = false;
        mss = smaller;
    }

    @Override
    public void acknowledged(int bytes, long now, long smoothedRtt) {
        int slow = Math.min(bytes, Math.max(0, slowStartThreshold - window));
        window += slowStart.growth(slow);
        if (bytes > slow) {
            avoid((bytes - slow) / (double) mss, now, Math.max(0, smoothedRtt));
        }
        window = Math.min(window, MAX_WINDOW);
        lastAckAt = now;
    }

    /** Congestion avoidance: {@code acked} packets have arrived. */
    private void avoid(double acked, long now, long rtt) {
        double current = window / (double) mss;
        if (!inEpoch) {
            beginEpoch(current, now);
        }
        double elapsed = (now - epochStart) / NANOS_PER_SECOND;
        // RFC 9438 4.3: as fast as Reno, once back at the old window.
        estimate += (estimate >= prior ? 1 : ALPHA) * acked / current;
        if (curve(elapsed) < estimate) {
            credit = 0;
            window = Math.max(window, (int) Math.min(MAX_WINDOW, estimate * mss));
            return;
        }
        double target = curve(elapsed + rtt / NANOS_PER_SECOND);
        target = Math.max(current, Math.min(target, 1.5 * current));
        credit += (target - current) / current * acked;
        int whole = (int) (credit * mss);
        credit -= whole / (double) mss;
        window = Math.min(window + whole, MAX_WINDOW);
    }

    /** W_cubic (RFC 9438 4.2, figure 1). */
    private double curve(double seconds) {
        double fromInflection = seconds - inflection;
        return C * fromInflection * fromInflection * fromInflection + maximum;
    }

    private void beginEpoch(double current, long now) {
        inEpoch = true;
        epochStart = now;
        estimate = current;
        credit = 0;
        if (afterTimeOut || maximum <= current) {
            // RFC 9438 4.8, 4.10: nothing is known of what lies above.
            afterTimeOut = false;
            maximum = current;
            inflection = 0;
        } else {
            inflection = StrictMath.cbrt((maximum - current) / C);
        }
    }

    @Override
    public void unused(long now) {
        // RFC 9438 5.8: time in which the user was the limit does not count.
        if (inEpoch) {
            epochStart += now - lastAckAt;
        }
        lastAckAt = now;
    }

    @Override
    public void sampled(long rtt, int una, int next) {
        if (window < slowStartThreshold && slowStart.sampled(rtt, una, next)) {
            slowStartThreshold = window;
        }
    }

    @Override
    public void lost(int flight) {
        reduce(flight);
        window = slowStartThreshold;
    }

    @Override
    public void timedOut(int flight) {
        reduce(flight);
        afterTimeOut = true;
        window = mss;
    }

    private void reduce(int flight) {
        formerWindow = window;
        formerThreshold = slowStartThreshold;
        formerMaximum = maximum;
        formerPrior = prior;
        slowStart.end();
        // RFC 9438 4.6: what was in flight, since a window that was not used says nothing.
        double used = Math.min(window, flight) / (double) mss;
        prior = used;
        // 4.7, fast convergence: a flow that has got less than before leaves room for others.
        maximum = used < maximum ? used * (1 + BETA) / 2 : used;
        slowStartThreshold = Math.max((int) (BETA * used * mss), 2 * mss);
        inEpoch = false;
        afterTimeOut = false;
    }

    @Override
    public void timeOutConfirmed() {
        window = SEGMENTS_AFTER_TWO_ROUNDS * mss;
    }

    @Override
    public void undo() {
        window = Math.max(window, formerWindow);
        slowStartThreshold = Math.max(slowStartThreshold, formerThreshold);
        maximum = formerMaximum;
        prior = formerPrior;
        inEpoch = false;
        afterTimeOut = false;
    }

    @Override
    public void handshakeLost() {
        window = mss;
    }

    @Override
    public void idle() {
        // RFC 7661 4.4.2: what was known of the path is where slow start ends.
        slowStartThreshold = Math.max(slowStartThreshold, window - window / 4);
        window = Math.min(window, CongestionControl.initialWindow(mss));
        inEpoch = false;
    }
}
