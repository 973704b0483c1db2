package org.slipway.capture;

/** One interface of a recording: a port, and how many of its packets are where. */
final class CaptureInterface {

    private final int id;
    private final String name;
    private final String description;
    private final LoopCounter captured = new LoopCounter();
    private long staged;
    private long written;

    CaptureInterface(int id, String name, String description) {
        this.id = id;
        this.name = name;
        this.description = description;
    }

    /** Its number in the file, from 0. */
    int id() {
        return id;
    }

    /** The port's name. */
    String name() {
        return name;
    }

    /** What it is, for people. */
    String description() {
        return description;
    }

    /** Packets that passed; counted by the loop. */
    LoopCounter captured() {
        return captured;
    }

    /** Another of its packets stands in the staging memory. Writer's thread only, as all below. */
    void stage() {
        staged++;
    }

    /** What was staged is in the file now, or will never be. */
    void settle(boolean inFile) {
        written += inFile ? staged : 0;
        staged = 0;
    }

    /** Its packets that are in the file. */
    long written() {
        return written;
    }
}
