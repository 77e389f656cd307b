/** The methods that clients may call: their table, their parameters and what they give back. */
@NullMarked
package dev.realtime4j.server.internal.session.call;

import org.jspecify.annotations.NullMarked;
