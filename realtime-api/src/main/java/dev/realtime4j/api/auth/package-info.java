/**
 * Who is at the other end: the handshake as it arrived, the principal that an {@link
 * dev.realtime4j.api.auth.Authenticator} makes of it. No token format is known here. Start at
 * {@link dev.realtime4j.api.auth.Authenticator}.
 */
@NullMarked
package dev.realtime4j.api.auth;

import org.jspecify.annotations.NullMarked;
