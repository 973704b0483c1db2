package org.slipway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slipway.gateway.OwnNames;
import org.slipway.wire.IpAddress;

/** Reads {@code host-record=NAME=ADDRESS} and {@code dns-block=NAME}, each as often as wanted: what the resolver knows by itself. */
final class OwnNameOptions {

    private static final String RECORD = "host-record";
    private static final String BLOCK = "dns-block";

    private OwnNameOptions() {}

    static OwnNames read(PortOptions options) {
        Map<String, List<IpAddress>> records = new LinkedHashMap<>();
        options.values(RECORD).forEach(record -> add(records, record, "Parameter '" + RECORD + "'", options::error));
        try {
            return new OwnNames(records, new LinkedHashSet<>(options.values(BLOCK)));
        } catch (IllegalArgumentException e) {
            throw options.error(String.valueOf(e.getMessage()));
        }
    }

    /** {@code own} and what {@code --host-record} says beside it. */
    static OwnNames with(OwnNames own, List<String> more) {
        Map<String, List<IpAddress>> records = new LinkedHashMap<>();
        own.records().forEach((name, addresses) -> records.put(name, new ArrayList<>(addresses)));
        more.forEach(record -> add(records, record, "--host-record", UsageException::new));
        try {
            return new OwnNames(records, own.blocked());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--host-record: " + e.getMessage());
        }
    }

    private static void add(
            Map<String, List<IpAddress>> records,
            String record,
            String option,
            Function<String, UsageException> error) {
        int equals = record.indexOf('=');
        IpAddress address = equals < 0 ? null : Literals.ip(record.substring(equals + 1));
        if (address == null) {
            throw error.apply(option + " expects NAME=ADDRESS, not '" + record + "'");
        }
        records.computeIfAbsent(record.substring(0, equals), name -> new ArrayList<>())
                .add(address);
    }
}
