/** The client for browsers in a real Chromium: against a scripted server, real ones, bad links. */
@NullMarked
package dev.realtime4j.integration.browser;

import org.jspecify.annotations.NullMarked;
