package org.slipway.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the method that may look names up and wait for it; the build forbids it everywhere else. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface BlocksOnNames {}
