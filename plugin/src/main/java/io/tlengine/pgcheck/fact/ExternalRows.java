package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What the external database scenario saw: rows through a first connection, new pods of the
 * application, rows through a new connection.
 *
 * @param host where the database is
 * @param namespace of the application
 * @param workload the application's Deployment
 * @param restartedPods how many of its pods were replaced by new, ready ones
 * @param backendBefore pg_backend_pid() of the writing connection
 * @param backendAfter pg_backend_pid() of the reading connection
 * @param serverStartBefore pg_postmaster_start_time() when the rows were written
 * @param serverStartAfter pg_postmaster_start_time() when they were read
 * @param trouble why the rows could not be read back; empty when they could
 * @param coldStart the connection after a wait, where one was asked for
 */
public record ExternalRows(
    String namespace,
    String host,
    String workload,
    int restartedPods,
    int backendBefore,
    int backendAfter,
    String serverStartBefore,
    String serverStartAfter,
    Optional<String> trouble,
    List<RowSet> rows,
    Optional<ColdStart> coldStart) {

  public ExternalRows {
    rows = List.copyOf(rows);
  }
}
