package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import java.util.Optional;

/**
 * Whether the role of the plan's migrations may create a table where its tables would go: tried in
 * a transaction that was rolled back.
 *
 * @param source the Secret and key whose URL was used
 * @param workload what migrates with it, for example Job/tl-engine-migrations; absent when nothing
 *     of the plan does and the URL is meant for it
 * @param schema current_schema(), absent when no schema of the search_path exists
 * @param searchPath the setting as it is in force, and where it was made
 * @param refusal the server's words; absent when it was allowed
 */
public record CreateProof(
    String source,
    Optional<String> workload,
    String role,
    String database,
    Optional<String> schema,
    Setting searchPath,
    Optional<Refusal> refusal) {

  public record Refusal(String sqlState, String message) {}
}
