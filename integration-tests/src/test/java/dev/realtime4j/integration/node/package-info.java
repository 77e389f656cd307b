/** The packaged standalone node as a process: its settings, faults, and replacement under load. */
@NullMarked
package dev.realtime4j.integration.node;

import org.jspecify.annotations.NullMarked;
