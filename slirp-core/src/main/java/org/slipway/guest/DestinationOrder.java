package org.slipway.guest;

import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slipway.wire.IpAddress;
import org.slipway.wire.IpPrefix;

/**
 * Which of a name's addresses to try first (RFC 6724 6, rules 1, 2, 5 and 6): those that can be reached, whose scope and
 * kind are those of the source, and then by the default policy table. So a guest with a unique-local address goes to the
 * outside by IPv4.
 */
final class DestinationOrder {

    /** Addresses of one kind (RFC 6724 2.1). */
    private record Policy(IpPrefix prefix, int precedence, int label) {

        static Policy of(String prefix, int length, int precedence, int label) {
            return new Policy(IpPrefix.of(IpAddress.parse(prefix), length), precedence, label);
        }
    }

    /** The longest prefix first. */
    private static final List<Policy> POLICIES = List.of(
            Policy.of("::1", 128, 50, 0),
            Policy.of("0.0.0.0", 0, 35, 4),
            Policy.of("::", 96, 1, 3),
            Policy.of("2001::", 32, 5, 5),
            Policy.of("2002::", 16, 30, 2),
            Policy.of("3ffe::", 16, 1, 12),
            Policy.of("fec0::", 10, 1, 11),
            Policy.of("fc00::", 7, 3, 13),
            Policy.of("::", 0, 40, 1));

    private final UnaryOperator<IpAddress> sourceFor;

    /** {@code sourceFor} tells from which address a destination is talked to, unspecified if from none. */
    DestinationOrder(UnaryOperator<IpAddress> sourceFor) {
        this.sourceFor = sourceFor;
    }

    /** The best first; what is equal stays in its order (rule 10). */
    List<IpAddress> sort(List<IpAddress> destinations) {
        Comparator<IpAddress> best = Comparator.comparing(this::isReachable)
                .thenComparing(this::isOfScope)
                .thenComparing(this::isOfKind)
                .thenComparing(destination -> policy(destination).precedence());
        return destinations.stream().sorted(best.reversed()).toList();
    }

    private boolean isReachable(IpAddress destination) {
        return !sourceFor.apply(destination).isUnspecified();
    }

    private boolean isOfScope(IpAddress destination) {
        return sourceFor.apply(destination).isLinkLocal() == destination.isLinkLocal();
    }

    private boolean isOfKind(IpAddress destination) {
        return policy(sourceFor.apply(destination)).label()
                == policy(destination).label();
    }

    private static Policy policy(IpAddress address) {
        return POLICIES.stream()
                .filter(policy -> policy.prefix().contains(address))
                .findFirst()
                .orElseThrow();
    }
}
