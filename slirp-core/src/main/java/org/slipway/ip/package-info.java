/**
 * The IP layer of one virtual host: neighbours, input with reassembly, output with fragmentation, ICMP errors. Start with {@code IpHost}.
 */
@NullMarked
package org.slipway.ip;

import org.jspecify.annotations.NullMarked;
