/**
 * The laws of the service provider interfaces, one test class each: extend it with your
 * implementation and run it. Start at {@code NotificationRepositoryContract}.
 */
package dev.realtime4j.contract;
