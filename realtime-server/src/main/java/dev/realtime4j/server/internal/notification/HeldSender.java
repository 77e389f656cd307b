package dev.realtime4j.server.internal.notification;
