package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import java.util.ArrayList;
import java.util.List;

/** Whether a new pod has the database, the claim and the volume of the one before it. */
final class Attachment {

  private Attachment() {}

  /**
   * @param when what happened in between, as in "the deletion"
   */
  static List<Finding> findings(
      String subject, String when, Instance before, Instance after, String remedy) {
    var findings = new ArrayList<Finding>();
    if (!before.systemIdentifier().equals(after.systemIdentifier())) {
      findings.add(
          Finding.error(
              subject,
              "the new pod runs another database: system identifier "
                  + after.systemIdentifier().orElse("none")
                  + ", before "
                  + when
                  + " "
                  + before.systemIdentifier().orElse("none"),
              before.claim().isEmpty() ? "the data directory lies on no claim" : "",
              remedy));
    }
    if (!before.claimUid().equals(after.claimUid()) || !before.volume().equals(after.volume())) {
      findings.add(
          Finding.error(
              subject,
              "the new pod has another claim or volume: "
                  + after.claim().orElse("none")
                  + " on "
                  + after.volume().orElse("none")
                  + ", before "
                  + when
                  + " "
                  + before.claim().orElse("none")
                  + " on "
                  + before.volume().orElse("none"),
              before.claimUid().equals(after.claimUid())
                  ? ""
                  : "the claim of that name is a new one: UID "
                      + after.claimUid().orElse("none")
                      + ", before "
                      + before.claimUid().orElse("none"),
              remedy));
    }
    return findings;
  }
}
