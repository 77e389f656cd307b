/**
 * The laws of the service provider interfaces, one test class each: extend it with your
 * implementation and run it. Start at {@code NotificationRepositoryContract}, which runs those of
 * all parts of a repository; each of them can be run alone.
 */
package dev.realtime4j.contract;
