/** What needs the operating system, through jnr-ffi. Start with {@code Libc}. */
@NullMarked
package org.slipway.tap;

import org.jspecify.annotations.NullMarked;
