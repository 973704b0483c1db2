package org.slipway.ip;

import java.util.random.RandomGenerator;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;

/** IPv6 of one host: IP, ICMPv6 and neighbor discovery. */
final class Ipv6Stack implements IpStack {

    private final NdpOutput ndpOutput;
    private final NdpInput ndpInput;
    private final Neighbours neighbours;
    private final Ipv6Output output;
    private final Icmpv6Errors errors;
    private final Icmpv6Input icmp;
    private final Ipv6Input input;

    Ipv6Stack(
            Loop loop,
            DropCounters drops,
            LocalAddresses locals,
            EthernetOutput ethernet,
            RateLimiter limiter,
            Cause cause,
            Reassembly reassembly,
            RandomGenerator random) {
        ndpOutput = new NdpOutput(locals, ethernet);
        neighbours = new Neighbours(loop, drops, cause, ndpOutput);
        ndpInput = new NdpInput(loop, ethernet.mac(), locals, neighbours, ndpOutput);
        output = new Ipv6Output(drops, locals, neighbours, ethernet, random);
        errors = new Icmpv6Errors(drops, locals, limiter, cause, output);
        icmp = new Icmpv6Input(locals, ndpInput, output);
        input = new Ipv6Input(drops, locals, reassembly, errors);
        input.handler(IpProtocol.ICMPV6, icmp);
    }

    /** See {@link IpHost#ndpListener}. */
    void ndpListener(NdpListener listener) {
        ndpInput.listener(listener);
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
    public void forwarding(boolean forwarding) {
        IpStack.super.forwarding(forwarding);
        ndpOutput.router(forwarding);
    }

    @Override
    public void guard(SourceGuard guard) {
        IpStack.super.guard(guard);
        ndpInput.guard(guard);
    }

    @Override
    public void announce(IpAddress address) {
        ndpOutput.announce(address);
    }
}
