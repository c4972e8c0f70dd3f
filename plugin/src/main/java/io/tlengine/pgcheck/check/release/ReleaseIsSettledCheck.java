package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.InstallCommand;
import io.tlengine.pgcheck.fact.ReleaseFacts;
import io.tlengine.pgcheck.fact.ReleaseFacts.TakenName;
import java.util.ArrayList;
import java.util.Set;

/**
 * Helm can begin: no other operation on the release hangs (status pending-*), and nothing that
 * exists under its objects' names belongs to somebody else, which Helm refuses to take over.
 */
public final class ReleaseIsSettledCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-809",
        "release-is-settled",
        Severity.ERROR,
        "a Helm operation on the release is stuck, or an object of that name has another owner");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.RELEASE, FactKey.INSTALL_COMMAND);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var release = facts.get(FactKey.RELEASE);
    var findings = new ArrayList<Finding>();
    if (release.status().startsWith("pending-")) {
      findings.add(pending(release, facts.get(FactKey.INSTALL_COMMAND)));
    }
    // Argo CD applies its own objects and asks Helm for nothing.
    release.takenNames().stream().filter(t -> !t.byArgoCd()).forEach(t -> findings.add(taken(t)));
    var evidence =
        evidence(
            "release",
            release.exists()
                ? release.status() + ", revision " + release.revision()
                : "not installed yet");
    var argo =
        release.takenNames().stream().filter(TakenName::byArgoCd).map(TakenName::id).toList();
    if (!argo.isEmpty()) {
      evidence.put("managedByArgoCd", argo);
    }
    return Outcome.of(findings, evidence);
  }

  private static Finding pending(ReleaseFacts release, InstallCommand install) {
    return Finding.error(
        "release",
        "the last operation did not end: the release is "
            + release.status()
            + " at revision "
            + release.revision()
            + ", and Helm refuses another one; wanted: deployed",
        "",
        "see that no helm runs any more" + next(release, install));
  }

  /** Only an install has nothing to come back to; whatever else hangs may hold data. */
  private static String next(ReleaseFacts release, InstallCommand install) {
    var name = install.release() + install.inNamespace();
    if (release.status().equals("pending-install")) {
      return ", and that nothing of it holds data yet, then: helm uninstall " + name;
    }
    return release.backTo() == 0
        ? ", then helm rollback to the revision that ran last, which this shows: helm history "
            + name
        : ", then: helm rollback "
            + install.release()
            + " "
            + release.backTo()
            + install.inNamespace();
  }

  private static Finding taken(TakenName taken) {
    return Finding.error(
        taken.id(),
        taken.id()
            + " exists and belongs to "
            + taken.owner()
            + "; Helm takes over only what carries its own label and annotations for this release",
        "",
        "choose another release name or namespace, or hand it over on purpose with Helm's flag"
            + " --take-ownership");
  }
}
