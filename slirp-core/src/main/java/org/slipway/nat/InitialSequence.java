package org.slipway.nat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import org.slipway.wire.IpAddress;

/** Initial sequence numbers that others cannot predict (RFC 6528 3): ISN = M + F(addresses, ports, secret). */
final class InitialSequence {

    private static final int SECRET_LENGTH = 32;

    /** RFC 9293 3.4.1: the clock M ticks about every 4 microseconds. */
    private static final long NANOS_PER_TICK = 4000;

    private final MessageDigest digest;
    private final byte[] secret = new byte[SECRET_LENGTH];

    /** {@code random} must be unpredictable; it is asked once. */
    InitialSequence(RandomGenerator random) {
        random.nextBytes(secret);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The number for a connection that begins now. */
    int next(IpAddress local, int localPort, IpAddress peer, int peerPort, long nowNanos) {
        ByteBuffer tuple = ByteBuffer.allocate(40);
        tuple.putLong(local.high()).putLong(local.low()).putLong(peer.high()).putLong(peer.low());
        tuple.putInt(localPort).putInt(peerPort);
        digest.update(secret);
        int f = ByteBuffer.wrap(digest.digest(tuple.array())).getInt();
        return (int) (nowNanos / NANOS_PER_TICK) + f;
    }
}
