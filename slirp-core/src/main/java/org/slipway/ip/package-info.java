/**
 * The IP layer of one virtual host: neighbours, input with reassembly, output with fragmentation, ICMP errors. Start
 * with {@link org.slipway.ip.IpHost}.
 */
@NullMarked
package org.slipway.ip;

import org.jspecify.annotations.NullMarked;
