package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;

/** IPv4 of one host: IP, ICMP and ARP. */
final class Ipv4Stack implements IpStack {

    private final ArpOutput arpOutput;
    private final ArpInput arpInput;
    private final Neighbours neighbours;
    private final Ipv4Output output;
    private final Icmpv4Errors errors;
    private final Icmpv4Input icmp;
    private final Ipv4Input input;

    Ipv4Stack(
            Loop loop,
            DropCounters drops,
            LocalAddresses locals,
            EthernetOutput ethernet,
            RateLimiter limiter,
            Cause cause,
            Reassembly reassembly,
            RandomGenerator random) {
        arpOutput = new ArpOutput(locals, ethernet);
        neighbours = new Neighbours(loop, drops, cause, arpOutput);
        arpInput = new ArpInput(loop, ethernet.mac(), locals, neighbours, arpOutput);
        output = new Ipv4Output(drops, locals, neighbours, ethernet, random);
        errors = new Icmpv4Errors(drops, locals, limiter, cause, output);
        icmp = new Icmpv4Input(loop, locals, output);
        input = new Ipv4Input(drops, locals, reassembly, errors);
        input.handler(IpProtocol.ICMP, icmp);
    }

    /** Handles the ARP packet in the {@code available} bytes at {@code at}; returns why it was dropped, or null. */
    @Nullable
    DropReason receiveArp(ByteBuf buf, int at, int available) {
        return arpInput.receive(buf, at, available);
    }

    @Override
    public IpInput input() {
        return input;
    }

    @Override
    public IpOutput output() {
        return output;
    }

    @Override
    public IcmpInput icmp() {
        return icmp;
    }

    @Override
    public IcmpErrors errors() {
        return errors;
    }

    @Override
    public Neighbours neighbours() {
        return neighbours;
    }

    @Override
    public void guard(SourceGuard guard) {
        IpStack.super.guard(guard);
        arpInput.guard(guard);
    }

    @Override
    public void announce(IpAddress address) {
        arpOutput.announce(address);
    }
}
