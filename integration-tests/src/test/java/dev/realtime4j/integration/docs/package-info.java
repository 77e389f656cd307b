/**
 * The Java blocks of README and docs that are no classes of their own, with what surrounds them for
 * a reader: fields and parameters. They are compiled and not run. {@code DocSamplesTest} compares.
 */
package dev.realtime4j.integration.docs;
