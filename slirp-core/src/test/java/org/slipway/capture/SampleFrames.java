package org.slipway.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Frames in the order of a capture, and those for which our text is meant to differ from tshark's. */
final class SampleFrames {

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;

    private final List<byte[]> frames = new ArrayList<>();
    private final Map<Integer, String> differences = new HashMap<>();

    /** Adds a whole frame. */
    void add(byte[] frame) {
        frames.add(frame);
    }

    /** Adds an IP packet of the guest. */
    void out(byte[] packet) {
        add(Packets.fromGuest(etherType(packet), packet));
    }

    /** Adds an IP packet of the gateway. */
    void in(byte[] packet) {
        add(Packets.fromGateway(etherType(packet), packet));
    }

    /** Adds the frame of a guest's IP packet without its last bytes: a NIC that lies, or a capture that was cut. */
    void outCutTo(int frameLength, byte[] packet) {
        add(java.util.Arrays.copyOf(Packets.fromGuest(etherType(packet), packet), frameLength));
    }

    private static int etherType(byte[] packet) {
        return packet[0] >>> 4 == 4 ? IPV4 : IPV6;
    }

    /** The next frame is not described as tshark does. */
    void differs(String reason) {
        differences.put(frames.size(), reason);
    }

    List<byte[]> all() {
        return frames;
    }

    /** Indices of the frames for which our text differs from tshark's, and why. */
    Map<Integer, String> differences() {
        return differences;
    }
}
