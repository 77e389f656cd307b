/** What holds for all modules together: the public API, the papers, the size of files. */
@NullMarked
package dev.realtime4j.integration.guards;

import org.jspecify.annotations.NullMarked;
