/**
 * The demo: a small host application with two users, two nodes in one process, PostgreSQL and Redis
 * of its own, and a web page. Start at {@link dev.realtime4j.examples.demo.Demo}; what a host would
 * write is in {@link dev.realtime4j.examples.demo.Story} and {@link
 * dev.realtime4j.examples.demo.DemoNode}, and the page shows exactly those lines.
 */
@NullMarked
package dev.realtime4j.examples.demo;

import org.jspecify.annotations.NullMarked;
