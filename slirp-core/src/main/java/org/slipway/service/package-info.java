/**
 * What the gateway answers itself: DHCP and DNS, each from datagram to optional reply. Start with {@code DhcpServer}.
 */
@NullMarked
package org.slipway.service;

import org.jspecify.annotations.NullMarked;
