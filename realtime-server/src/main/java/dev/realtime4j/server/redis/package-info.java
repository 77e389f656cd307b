/**
 * What a cluster shares, on Redis. The only package that names Jedis. Start at {@code
 * RedisBackend}.
 */
@NullMarked
package dev.realtime4j.server.redis;

import org.jspecify.annotations.NullMarked;
