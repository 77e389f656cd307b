package dev.realtime4j.server.internal.feature;

import dev.realtime4j.api.MaintenanceStep;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A store of a feature that a node checks and maintains.
 *
 * @param name begins the names of what is wrong with it, such as {@code notifications}
 * @param check returns when it is fit, and else throws what the operator is to read; blocks on it
 * @param maintenance what is to be done at the start and twice a day
 * @param monthsAhead for how many months ahead it has room; empty when it has no such bound; blocks
 *     on it
 */
public record DurableStore(
    String name,
    Runnable check,
    List<MaintenanceStep> maintenance,
    Supplier<OptionalInt> monthsAhead) {}
