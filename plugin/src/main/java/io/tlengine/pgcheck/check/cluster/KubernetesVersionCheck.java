package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Rendering;
import java.util.List;
import java.util.Set;

/**
 * The API server's version lies within Chart.yaml's kubeVersion. Helm itself decides, by its own
 * rules for version ranges, when it renders for that version.
 */
public final class KubernetesVersionCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-301",
        "kubernetes-version-supported",
        Severity.ERROR,
        "the API server's version is outside the chart's kubeVersion");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.RENDERING, FactKey.KUBERNETES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var version = facts.get(FactKey.KUBERNETES).version();
    return switch (facts.get(FactKey.RENDERING)) {
      case Rendering.Rendered rendered -> new Outcome.Passed(evidence("kubernetes", version));
      case Rendering.Refused refused ->
          refused
              .wantedKubernetes()
              .map(wanted -> failed(wanted, version, refused.cause()))
              .orElse(new Outcome.Skipped("follows from PGC-801"));
    };
  }

  private static Outcome failed(String wanted, String version, String cause) {
    return Outcome.of(
        List.of(
            Finding.error(
                "Kubernetes",
                "the chart wants Kubernetes " + wanted + ", and the API server is " + version,
                cause,
                "bring the cluster to a version within "
                    + wanted
                    + ", or take a version of the"
                    + " chart that supports "
                    + version
                    + ": helm install ... --version VERSION")),
        evidence("kubernetes", version, "wanted", wanted));
  }
}
