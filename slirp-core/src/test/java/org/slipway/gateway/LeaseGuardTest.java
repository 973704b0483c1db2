package org.slipway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slipway.service.Lease;
import org.slipway.wire.IpAddress;
import org.slipway.wire.MacAddress;

class LeaseGuardTest {

    private static final IpAddress LEASED = IpAddress.parse("10.0.2.15");
    private static final IpAddress SELF_MADE = IpAddress.parse("fd00::5054:ff:fe12:3456");
    private static final long HOLDER = 0x5254_0012_3456L;
    private static final long OTHER = 0x5254_0012_3457L;

    private final Set<Long> present = new HashSet<>(Set.of(HOLDER, OTHER));
    private final LeaseGuard guard = new LeaseGuard(new Stations() {
        @Override
        public boolean writable(long station) {
            return true;
        }

        @Override
        public boolean apart(long station, long other) {
            return present.contains(station) && present.contains(other);
        }
    });
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
        IpAddress address = IpAddress.parse("fd00::15");
        assertThat(guard.allows(address, HOLDER)).isTrue();
        assertThat(guard.allows(address, OTHER)).isFalse();
        assertThat(guard.allows(address, HOLDER)).isTrue();
        present.remove(HOLDER);
        assertThat(guard.allows(address, OTHER)).isTrue();
        present.add(HOLDER);
        assertThat(guard.allows(address, HOLDER)).isFalse();
    }

    @Test
    void guestWithManyAddressesPushesOutNobodysButItsOwn() {
        IpAddress victims = IpAddress.parse("fd00::15");
        guard.allows(victims, HOLDER);
        for (int i = 0; i < 5000; i++) {
            assertThat(guard.allows(new IpAddress(victims.high(), 0x1_0000 + i), OTHER))
                    .isTrue();
        }
        assertThat(guard.allows(victims, OTHER)).isFalse();
        assertThat(guard.allows(victims, HOLDER)).isTrue();
    }

    @Test
    void forgedStationsPushOutNobody() {
        IpAddress victims = IpAddress.parse("fd00::15");
        guard.allows(victims, HOLDER);
        for (int i = 0; i < 5000; i++) {
            guard.allows(new IpAddress(victims.high(), 0x1_0000 + i), 0x5254_0100_0000L + i);
        }
        assertThat(guard.allows(victims, OTHER)).isFalse();
    }

    @Test
    void addressMadeOfAnEthernetAddressIsThatStationsWhoeverCameFirst() {
        assertThat(guard.allows(SELF_MADE, OTHER)).isTrue();
        assertThat(guard.allows(SELF_MADE, HOLDER)).isTrue();
        assertThat(guard.allows(SELF_MADE, OTHER)).isFalse();
    }

    @Test
    void addressOfAGuestThatLeftMayBeTaken() {
        guard.bound(lease);
        present.remove(HOLDER);
        assertThat(guard.allows(LEASED, OTHER)).isTrue();
    }
}
