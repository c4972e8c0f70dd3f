package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.FromHere;
import io.tlengine.pgcheck.fact.OtherDatabases;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.scenario.job.ClusterLook;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * From where the database is looked at. What a pod saw counts; with both, what this machine saw is
 * kept beside it.
 *
 * @param image of pgcheck; absent: the one that the chart names
 */
record LookFrom(Place place, Optional<String> image) {

  private static final String FROM = "--from";
  private static final String FROM_CLUSTER = "--from-cluster";
  private static final String IMAGE = "--image";

  /** As the kubelet takes it: no blanks, no scheme. */
  private static final Pattern IMAGE_NAME =
      Pattern.compile("(?!.*//)[a-z0-9][A-Za-z0-9._/:@-]{0,511}");

  private enum Place {
    HERE,
    CLUSTER,
    BOTH
  }

  /** How the pod is made, when one is. */
  @FunctionalInterface
  interface Looker {
    Facts look(Plan plan) throws ScenarioException, InterruptedException;
  }

  static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(FROM)
            .paramLabel("PLACE")
            .type(String.class)
            .description(
                "from where to look at the database: here (the default), cluster (a Job of this"
                    + " namespace with the labels, DNS and nodes of the application's pods; it is"
                    + " deleted at the end), or both, which names what differs")
            .build());
    spec.addOption(
        OptionSpec.builder(FROM_CLUSTER).description("the same as --from=cluster").build());
    spec.addOption(
        OptionSpec.builder(IMAGE)
            .paramLabel("IMAGE")
            .type(String.class)
            .description("pgcheck's image for that Job (default: the one that the chart names)")
            .build());
  }

  static LookFrom from(ParseResult parsed) {
    var place =
        switch (parsed.matchedOptionValue(FROM, "")) {
          case "" -> parsed.hasMatchedOption(FROM_CLUSTER) ? Place.CLUSTER : Place.HERE;
          case "here" -> Place.HERE;
          case "cluster" -> Place.CLUSTER;
          case "both" -> Place.BOTH;
          case String other ->
              throw new UsageException(FROM + " is " + other + "; wanted: here, cluster or both");
        };
    if (parsed.hasMatchedOption(FROM) && parsed.hasMatchedOption(FROM_CLUSTER)) {
      throw new UsageException(FROM_CLUSTER + " is --from=cluster; give one of the two");
    }
    var image = image(parsed);
    if (image.isPresent() && place == Place.HERE) {
      throw new UsageException(
          IMAGE + " is for the Job that looks from the cluster; add " + FROM_CLUSTER);
    }
    return new LookFrom(place, image);
  }

  static Optional<String> image(ParseResult parsed) {
    var image = Optional.ofNullable(parsed.<String>matchedOptionValue(IMAGE, null));
    if (image.filter(i -> !IMAGE_NAME.matcher(i).matches()).isPresent()) {
      throw new UsageException(IMAGE + " takes an image, such as registry.example.com/pgcheck:1.0");
    }
    return image;
  }

  /** Nothing but this machine is looked from. */
  boolean hereAlone() {
    return place == Place.HERE;
  }

  /** What is still to be looked for from this machine; the Job's own rights go by its key. */
  Set<FactKey<?>> here(Set<FactKey<?>> wanted) {
    var here = new HashSet<>(wanted);
    here.remove(FactKey.FROM_HERE);
    here.remove(FactKey.CLUSTER_DNS);
    if (place == Place.CLUSTER) {
      here.removeAll(ClusterLook.BRINGS);
    }
    if (!hereAlone()) {
      here.add(FactKey.CLUSTER_DNS);
    }
    return here;
  }

  /** Puts what a pod saw among the facts; where none could look, that is what is known of them. */
  Facts with(Facts facts, Looker looker) throws InterruptedException {
    if (hereAlone()) {
      return facts.with(FactKey.CLUSTER_DNS, notAsked());
    }
    var seen = place == Place.BOTH ? keep(facts) : facts;
    return switch (facts.fact(FactKey.PLAN)) {
      case Fact.Known<Plan> plan -> {
        try {
          yield seen.withAll(looker.look(plan.value()));
        } catch (ScenarioException e) {
          yield all(seen, e.getMessage(), e.remedy());
        }
      }
      case Fact.Unavailable<Plan> gap -> all(seen, gap.reason(), gap.remedy());
      case Fact.NotApplicable<Plan> none -> {
        for (var key : ClusterLook.BRINGS) {
          seen = seen.with(key, Fact.notApplicable(none.reason()));
        }
        yield seen;
      }
    };
  }

  /** What a pod alone can see, where none was asked for. */
  static <T> Fact<T> notAsked() {
    return Fact.notApplicable("needs " + FROM_CLUSTER);
  }

  private static Facts all(Facts facts, String why, String remedy) {
    for (var key : ClusterLook.BRINGS) {
      facts = facts.with(key, Fact.unavailable(why, remedy));
    }
    return facts;
  }

  private static Facts keep(Facts facts) {
    return facts.with(
        FactKey.FROM_HERE,
        Fact.known(
            new FromHere(
                facts.fact(FactKey.CONNECTION) instanceof Fact.Known<ConnectionFacts> known
                    ? Optional.of(known.value())
                    : Optional.empty(),
                facts.fact(FactKey.OTHER_DATABASES) instanceof Fact.Known<OtherDatabases> others
                    ? others.value().all()
                    : List.of())));
  }
}
