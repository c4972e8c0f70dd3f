package io.tlengine.pgcheck.scenario.journal;

import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Instant;

/** What a scenario calls before each change: the Lease is still ours, and the way back is known. */
public final class Changes {

  private final RunLease lease;
  private final JournalStore store;
  private Journal journal;
  private Instant since = Instant.MAX;

  public Changes(RunLease lease, JournalStore store, Journal journal) {
    this.lease = lease;
    this.store = store;
    this.journal = journal;
  }

  /**
   * Before a change that ends by itself, such as the deletion of a pod that its set replaces.
   *
   * @throws ScenarioException when it must not be made
   */
  public void before() throws ScenarioException {
    lease.check();
  }

  /**
   * Before a change that has to be put back.
   *
   * @throws ScenarioException when it must not be made
   */
  public void before(Journal.Entry entry) throws ScenarioException {
    lease.check();
    var next = journal.with(entry);
    if (!next.equals(journal)) {
      // In memory first: whether an interrupted request arrived is not known.
      journal = next;
      var written = store.write(next);
      since = written.isBefore(since) ? written : since;
    }
  }

  /** What has to be put back by now. */
  public Journal journal() {
    return journal;
  }

  /** When the journal was begun, by the API server's clock; Instant.MAX while there is none. */
  public Instant since() {
    return since;
  }
}
