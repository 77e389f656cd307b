package dev.realtime4j.server.redis;

import dev.realtime4j.api.RealtimeException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.PipeliningBase;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * How the stores speak to Redis: scripts by their digest, many calls in one pipeline, and an outage
 * as {@code UNAVAILABLE}. Thread safety: as the client's, any thread.
 */
final class RedisCommands {
  /** How many calls go out before the answers are awaited. */
  private static final int PIPELINE = 500;

  /** A call of a script; all keys are in one slot. */
  record Call(LuaScript script, List<String> keys, List<String> arguments) {}

  private final UnifiedJedis jedis;
  private final Runnable onStale;

  /**
   * @param onStale run when a connection turns out to be dead, to forget others like it
   */
  RedisCommands(UnifiedJedis jedis, Runnable onStale) {
    this.jedis = jedis;
    this.onStale = onStale;
  }

  /** Runs one command, again if its connection turns out to be one of before an outage. */
  <T> T run(Function<UnifiedJedis, T> command) {
    try {
      try {
        return command.apply(jedis);
      } catch (JedisConnectionException e) {
        if (e.getCause() instanceof SocketTimeoutException) {
          throw e;
        }
        onStale.run();
        return command.apply(jedis);
      }
    } catch (JedisException e) {
      throw away(e);
    }
  }

  /** Runs one script. */
  Object run(Call call) {
    return run(client -> evaluate(client, call));
  }

  /** Runs many scripts, pipelined; the answers are in the same order. */
  List<Object> runAll(List<Call> calls) {
    return runAll(
        calls,
        (pipeline, call) -> pipeline.evalsha(call.script().sha(), call.keys(), call.arguments()),
        RedisCommands::evaluate);
  }

  /**
   * Runs a command for each input, pipelined; the answers are in the same order.
   *
   * @param one the same command by itself, for what a pipeline cannot do: load a script, follow a
   *     slot that has moved
   * @throws RealtimeException {@code UNAVAILABLE} when a part of Redis is away; other parts may
   *     have done theirs
   */
  <I, O> List<O> runAll(
      List<I> inputs,
      BiFunction<PipeliningBase, I, Response<O>> piped,
      BiFunction<UnifiedJedis, I, O> one) {
    List<O> answers = new ArrayList<>(inputs.size());
    for (int from = 0; from < inputs.size(); from += PIPELINE) {
      List<I> batch = inputs.subList(from, Math.min(from + PIPELINE, inputs.size()));
      List<Response<O>> responses = run(client -> pipelined(client, batch, piped));
      for (int i = 0; i < batch.size(); i++) {
        I input = batch.get(i);
        try {
          answers.add(responses.get(i).get());
        } catch (JedisDataException | IllegalStateException refusedOrUnanswered) {
          answers.add(run(client -> one.apply(client, input)));
        }
      }
    }
    return answers;
  }

  private static <I, O> List<Response<O>> pipelined(
      UnifiedJedis jedis, List<I> batch, BiFunction<PipeliningBase, I, Response<O>> piped) {
    List<Response<O>> responses = new ArrayList<>(batch.size());
    try (AbstractPipeline pipeline = Pipelines.open(jedis)) {
      batch.forEach(input -> responses.add(piped.apply(pipeline, input)));
      pipeline.sync();
    }
    return responses;
  }

  private static Object evaluate(UnifiedJedis jedis, Call call) {
    try {
      return jedis.evalsha(call.script().sha(), call.keys(), call.arguments());
    } catch (JedisNoScriptException notLoaded) {
      return jedis.eval(call.script().text(), call.keys(), call.arguments());
    }
  }

  private static RealtimeException away(JedisException e) {
    return RealtimeException.unavailable(
        "Redis did not answer as expected; presence and rooms of other nodes are unknown until it"
            + " does",
        e);
  }
}
