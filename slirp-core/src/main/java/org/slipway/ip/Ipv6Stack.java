package org.slipway.ip;

import io.netty.buffer.ByteBuf;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slipway.lan.Frame;
import org.slipway.loop.Loop;
import org.slipway.wire.DropCounters;
import org.slipway.wire.DropReason;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpProtocol;

/** IPv6 of one host: IP, ICMPv6 and neighbor discovery. */
final class Ipv6Stack implements IpStack {

    private final @Nullable IpProtocolHandler[] handlers = new @Nullable IpProtocolHandler[256];
    private final NdpOutput ndpOutput;
    private final NdpInput ndpInput;
    private final Neighbours neighbours;
    private final Ipv6Output output;
    private final Icmpv6Errors errors;
    private final Icmpv6Input icmpInput;
    private final Reassembly reassembly;
    private final Ipv6Input input;

    Ipv6Stack(
            Loop loop,
            DropCounters drops,
            LocalAddresses locals,
            EthernetOutput ethernet,
            RateLimiter limiter,
            RandomGenerator random) {
        ndpOutput = new NdpOutput(locals, ethernet);
        neighbours = new Neighbours(loop, drops, ndpOutput);
        ndpInput = new NdpInput(loop, ethernet.mac(), locals, neighbours, ndpOutput);
        output = new Ipv6Output(drops, locals, neighbours, ethernet, random);
        errors = new Icmpv6Errors(drops, locals, limiter, output);
        icmpInput = new Icmpv6Input(locals, ndpInput, output);
        handlers[IpProtocol.ICMPV6] = icmpInput;
        reassembly = new Reassembly(loop, drops, errors, Reassembly.IPV6_TIMEOUT_NANOS);
        input = new Ipv6Input(drops, locals, reassembly, errors, handlers);
    }

    @Override
    public @Nullable DropReason receive(
            Frame frame, ByteBuf buf, int at, int available, long sourceMac, boolean toGroup) {
        return input.receive(frame, buf, at, available, sourceMac, toGroup);
    }

    /** See {@link IpHost#ndpListener}. */
    void ndpListener(NdpListener listener) {
        ndpInput.listener(listener);
    }

    @Override
    public IpOutput output() {
        return output;
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
    public void handler(int protocol, IpProtocolHandler handler) {
        handlers[protocol] = handler;
    }

    @Override
    public void forwarding(boolean forwarding) {
        input.forwarding(forwarding);
        ndpOutput.router(forwarding);
    }

    @Override
    public void echoForwarder(IpProtocolHandler handler) {
        icmpInput.echoForwarder(handler);
    }

    @Override
    public void icmpListener(IpProtocolHandler handler) {
        icmpInput.listener(handler);
    }

    @Override
    public void guard(SourceGuard guard) {
        input.guard(guard);
        ndpInput.guard(guard);
    }

    @Override
    public void announce(IpAddress address) {
        ndpOutput.announce(address);
    }

    @Override
    public void close() {
        neighbours.close();
        reassembly.close();
    }
}
