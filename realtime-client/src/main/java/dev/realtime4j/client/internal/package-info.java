/**
 * One client, put together: {@code ClientRuntime} makes the parts, {@code ConnectionDriver} runs
 * the state machine and performs its effects. The parts are in the packages below, which name this
 * one nowhere.
 */
@NullMarked
package dev.realtime4j.client.internal;

import org.jspecify.annotations.NullMarked;
