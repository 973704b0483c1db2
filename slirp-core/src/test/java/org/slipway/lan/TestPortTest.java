package org.slipway.lan;

import java.util.List;

class TestPortTest extends PortContract {

    private final TestPort test = new TestPort("guest1");

    @Override
    protected Port open() {
        return test;
    }

    @Override
    protected void endTurn() {}

    @Override
    protected void deviceSends(byte[] frame) {
        test.inject(frame);
    }

    @Override
    protected List<byte[]> deviceGot() {
        return test.frames();
    }

    @Override
    protected void fill() {
        test.writable(false);
    }

    @Override
    protected void drain() {
        test.writable(true);
    }
}
