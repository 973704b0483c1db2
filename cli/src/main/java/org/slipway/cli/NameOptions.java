package org.slipway.cli;

import org.slipway.gateway.ToldNames;

/** Reads {@code hostname=}, {@code domainname=} and {@code dnssearch=}: what names guests are told. */
final class NameOptions {

    private NameOptions() {}

    static ToldNames read(PortOptions options) {
        String host = options.value("hostname");
        String domain = options.value("domainname");
        if (domain != null && domain.isEmpty()) {
            throw options.error("'domainname' parameter cannot be empty");
        }
        try {
            return new ToldNames(
                    host == null ? "" : host,
                    domain == null ? "" : relative(domain),
                    options.values("dnssearch").stream()
                            .map(NameOptions::relative)
                            .toList());
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    /** Fully qualified domains may be written with the dot of the root. */
    private static String relative(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }
}
