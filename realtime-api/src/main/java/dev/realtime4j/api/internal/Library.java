package dev.realtime4j.api.internal;

import dev.realtime4j.api.ErrorCode;
import dev.realtime4j.api.RealtimeException;

/**
 * A library that may be missing: it is optional, or the application has excluded it. Asked for
 * where something is made that needs it, so that nobody meets a {@link NoClassDefFoundError} at the
 * first use, on some thread.
 *
 * @param name as its makers write it
 * @param probe a class of it that every supported version has
 * @param remedy what to do when it is missing, in the imperative: which artifact to add
 */
public record Library(String name, String probe, String remedy) {
  /** A library that one artifact brings, {@code group:artifact}. */
  public static Library of(String name, String probe, String artifact) {
    return new Library(name, probe, "add " + artifact);
  }

  /**
   * The same, of a library that is a module by itself: on the module path it is there only for who
   * requires it.
   */
  public static Library ofModule(String name, String probe, String artifact, String module) {
    return new Library(
        name, probe, "add " + artifact + " (a modular application also requires " + module + ")");
  }

  /**
   * Checks that it is there; without initializing anything of it.
   *
   * @param what what needs it, as the subject of a sentence
   * @param by the class that is going to use it, through whose class loader it is looked for
   * @throws RealtimeException {@code INTERNAL} when it is missing
   */
  public void requireFor(String what, Class<?> by) {
    try {
      Class.forName(probe, false, by.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new RealtimeException(ErrorCode.INTERNAL, what + " needs " + name + ": " + remedy, e);
    }
  }
}
