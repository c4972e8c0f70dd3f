package io.tlengine.pgcheck.scenario.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.fact.OldData.Directory;
import io.tlengine.pgcheck.fact.OldData.Look;
import io.tlengine.pgcheck.scenario.job.ProbeResult;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads what the pod that looked into an old claim said at its end (resources/probe/old.sh). */
final class OldClaimAnswer {

  private static final Pattern DATA = Pattern.compile("(?m)^data (\\S+) \\.(?:/(.*))?$");
  private static final Pattern CLOSED = Pattern.compile("(?m)^closed \\.(?:/(.*))?$");

  /** postgres (PostgreSQL) 17.5 (Debian 17.5-1.pgdg12+1) */
  private static final Pattern SERVER =
      Pattern.compile("(?m)^server [^(]*\\([^)]*\\) (\\d+)(?:\\.(\\d+))?");

  /** The variable that the official images set. */
  private static final Pattern IMAGE = Pattern.compile("(?m)^image (\\d+)(?:\\.(\\d+))?$");

  /** From this major on one number names it; before it was two, as in 9.6. */
  private static final int ONE_NUMBER = 10;

  private OldClaimAnswer() {}

  static Look read(Pod pod) {
    var hopeless = ProbeResult.hopeless(pod);
    if (hopeless.isPresent()) {
      return new Look.Unseen("the pod that looks did not begin: " + hopeless.get());
    }
    var end = ProbeResult.terminated(pod);
    if (end.isEmpty()) {
      return new Look.Unseen("the pod that looks did not begin: " + ProbeResult.waiting(pod));
    }
    var said = end.get().getMessage() == null ? "" : end.get().getMessage().strip();
    if (ProbeResult.withoutPrograms(end.get())) {
      return new Look.Unseen("the database's image has no shell: " + ProbeResult.last(said));
    }
    return end.get().getExitCode() == 0
        ? parse(said)
        : new Look.Unseen(
            ProbeResult.last(said.isEmpty() ? "exit code " + end.get().getExitCode() : said));
  }

  private static Look parse(String said) {
    var servers = majors(SERVER, said);
    return new Look.Seen(
        DATA.matcher(said).results().map(m -> new Directory(path(m.group(2)), m.group(1))).toList(),
        CLOSED.matcher(said).results().map(m -> path(m.group(1))).toList(),
        servers.isEmpty() ? majors(IMAGE, said) : servers);
  }

  private static String path(@org.jspecify.annotations.Nullable String below) {
    return below == null ? "" : below;
  }

  private static List<String> majors(Pattern pattern, String said) {
    return pattern.matcher(said).results().map(OldClaimAnswer::major).distinct().toList();
  }

  private static String major(MatchResult version) {
    return Integer.parseInt(version.group(1)) >= ONE_NUMBER || version.group(2) == null
        ? version.group(1)
        : version.group(1) + "." + version.group(2);
  }
}
