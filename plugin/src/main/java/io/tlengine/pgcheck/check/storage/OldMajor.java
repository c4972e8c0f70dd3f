package io.tlengine.pgcheck.check.storage;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.OldData.Look;
import io.tlengine.pgcheck.plan.DataDirectory;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a look into an old claim means for the server that is to take its data over. */
sealed interface OldMajor {

  /** Nobody asked to look, or the claim is not for a database. */
  record NotAsked() implements OldMajor {}

  /** It could not be seen, or not be told which of what was seen counts. */
  record Unseen(String why) implements OldMajor {}

  record Same(String major) implements OldMajor {}

  /** The server refuses data of another major. */
  record Other(String data, String server) implements OldMajor {}

  static OldMajor of(PlannedClaim claim, Plan plan, Fact<OldData> data) {
    return switch (data) {
      case Fact.NotApplicable<OldData> none -> new NotAsked();
      case Fact.Unavailable<OldData> gap -> new Unseen(gap.reason());
      case Fact.Known<OldData> known ->
          known
              .value()
              .of(claim.name())
              .<OldMajor>map(look -> judge(look, planned(claim, plan)))
              .orElseGet(NotAsked::new);
    };
  }

  private static OldMajor judge(Look look, Optional<String> planned) {
    return switch (look) {
      case Look.Unseen unseen -> new Unseen(unseen.why());
      case Look.Seen seen -> {
        var counts =
            seen.directories().stream()
                .filter(d -> planned.isEmpty() || planned.get().equals(d.path()))
                .toList();
        yield counts.size() == 1
            ? compare(counts.getFirst().major(), seen.servers())
            : new Unseen(unclear(seen, planned));
      }
    };
  }

  private static OldMajor compare(String data, List<String> servers) {
    if (servers.size() != 1) {
      return new Unseen(
          "the data is of PostgreSQL "
              + data
              + ", and the image "
              + (servers.isEmpty()
                  ? "does not tell its server's version"
                  : "has several servers: " + String.join(", ", servers)));
    }
    var server = servers.getFirst();
    return data.equals(server) ? new Same(data) : new Other(data, server);
  }

  /** None of the directories that were seen is the one that the server is going to open. */
  private static String unclear(Look.Seen seen, Optional<String> planned) {
    if (seen.directories().isEmpty()) {
      return seen.closed().isEmpty()
          ? "no data directory lies in the volume"
          : "the planned user may not read "
              + seen.closed().stream().map(OldMajor::place).collect(Collectors.joining(", "));
    }
    return "the volume has "
        + seen.directories().stream()
            .map(d -> "data of PostgreSQL " + d.major() + " in " + place(d.path()))
            .collect(Collectors.joining(", "))
        + planned
            .map(p -> ", and the server's directory is " + place(p))
            .orElse(", and which the server opens is not known");
  }

  private static String place(String path) {
    return path.isEmpty() ? "its root" : path;
  }

  /** Where in the volume the server looks for its data; empty when the plan does not tell. */
  private static Optional<String> planned(PlannedClaim claim, Plan plan) {
    return plan.workload("StatefulSet", claim.set())
        .flatMap(
            w ->
                plan.databaseContainer(claim.set())
                    .flatMap(c -> DataDirectory.of(w, c))
                    .map(d -> d.place()))
        .flatMap(
            place ->
                place instanceof DataDirectory.Place.OnClaim onClaim
                    ? onClaim.inside()
                    : Optional.empty());
  }
}
