package org.slipway.tcp;

/** Which congestion control a connection uses. */
public enum CongestionAlgorithm {
    /** RFC 9438. */
    CUBIC {
        @Override
        CongestionControl create(int mss) {
            return new Cubic(mss);
        }
    },
    /** RFC 5681. */
    RENO {
        @Override
        CongestionControl create(int mss) {
            return new Reno(mss);
        }
    };

    /** {@code mss}: payload bytes of a full packet. */
    abstract CongestionControl create(int mss);
}
