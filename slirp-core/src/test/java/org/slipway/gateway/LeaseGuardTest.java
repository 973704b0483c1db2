package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slipway.ip.IpHost;
import org.slipway.service.Lease;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

class LeaseGuardTest {

    private static final IpAddress LEASED = IpAddress.parse("10.0.2.15");
    private static final IpAddress SELF_MADE = IpAddress.parse("fd00::5054:ff:fe12:3456");
    private static final long HOLDER = 0x5254_0012_3456L;
    private static final long OTHER = 0x5254_0012_3457L;

    private final Set<Long> present = new HashSet<>(Set.of(HOLDER, OTHER));
    private final LeaseGuard guard = new LeaseGuard(
            new Stations() {
                @Override
                public boolean writable(long station) {
                    return true;
                }

                @Override
                public boolean apart(long station, long other) {
                    return present.contains(station) && present.contains(other);
                }
            },
            address -> address.equals(SELF_MADE) ? HOLDER : IpHost.UNKNOWN);
    private final Lease lease = new Lease(LEASED, new MacAddress(HOLDER), "", 0);

    @Test
    void leasedAddressIsItsHoldersOnly() {
        guard.bound(lease);
        assertThat(guard.allows(LEASED, HOLDER)).isTrue();
        assertThat(guard.allows(LEASED, OTHER)).isFalse();
    }

    @Test
    void addressWithoutLeaseIsAnybodys() {
        assertThat(guard.allows(LEASED, OTHER)).isTrue();
        guard.bound(lease);
        guard.released(lease);
        assertThat(guard.allows(LEASED, OTHER)).isTrue();
    }

    @Test
    void addressThatAGuestMadeItselfIsItsOwnWhileItIsThere() {
        assertThat(guard.allows(SELF_MADE, HOLDER)).isTrue();
        assertThat(guard.allows(SELF_MADE, OTHER)).isFalse();
        assertThat(guard.allows(IpAddress.parse("fd00::1"), OTHER)).isTrue();
        present.remove(HOLDER);
        assertThat(guard.allows(SELF_MADE, OTHER)).isTrue();
    }

    @Test
    void addressOfAGuestThatLeftMayBeTaken() {
        guard.bound(lease);
        present.remove(HOLDER);
        assertThat(guard.allows(LEASED, OTHER)).isTrue();
    }
}
