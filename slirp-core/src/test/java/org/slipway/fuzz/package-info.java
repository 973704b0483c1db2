/**
 * What fuzz tests have in common. A fuzz test stands in the package that it tests, is called {@code …FuzzTest}, and has one
 * method; {@link org.slipway.fuzz.FuzzInput} is where its bytes come from.
 */
package org.slipway.fuzz;
