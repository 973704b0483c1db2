package org.slipway.tcp;

/** What a scenario may say of the connection before it begins. */
final class ScenarioSettings {

    /** Near to where signed numbers turn round. */
    int ourSequence = 0x7FFF_FE00;

    /** Near to where all numbers do: most scenarios cross it. */
    int peerSequence = 0xFFFF_FE00;

    int mss = 1460;

    /** Bytes; 0 for the usual. */
    int receiveBuffer;

    TcpConfig config() {
        TcpConfig usual = TcpConfig.ofMss(mss);
        int receive = receiveBuffer == 0 ? usual.receiveBuffer() : receiveBuffer;
        return new TcpConfig(mss, receive, usual.sendBuffer(), usual.largestSegment(), usual.timeWaitNanos());
    }
}
