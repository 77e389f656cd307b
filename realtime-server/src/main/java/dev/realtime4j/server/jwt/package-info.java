/**
 * Bearer tokens. The only package that names the JWT library, which is an optional dependency: add
 * {@code com.nimbusds:nimbus-jose-jwt} to use it. Start at {@link
 * dev.realtime4j.server.jwt.JwtAuthenticator}.
 */
@NullMarked
package dev.realtime4j.server.jwt;

import org.jspecify.annotations.NullMarked;
