/**
 * The words that every part of the system shares: ids, JSON, pages, errors. No behaviour of a
 * feature lives here. Start at {@link dev.realtime4j.api.RealtimeException} and {@link
 * dev.realtime4j.api.Json}.
 */
@NullMarked
package dev.realtime4j.api;

import org.jspecify.annotations.NullMarked;
