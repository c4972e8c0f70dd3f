package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.scenario.Scenario;
import io.tlengine.pgcheck.scenario.Scenarios.Choice;
import io.tlengine.pgcheck.scenario.journal.Changes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is run on this release: what suits it, may be done to it, and was not left out by the user.
 *
 * @param checks those that are judged
 * @param choices what is done about each fact that they need
 * @param named the codes that --only names
 */
record Selection(List<Check> checks, List<Choice> choices, List<String> named) {

  private static final String NOT_NAMED = "it is run only when it is named: --only ";

  static Selection of(List<Check> checks, List<Choice> choices, OutputOptions options) {
    var wanted =
        checks.stream()
            // An accepted finding is not worth a deleted pod.
            .filter(c -> !options.ignored().containsKey(c.info().code()))
            .flatMap(c -> c.needs().stream())
            .collect(Collectors.toSet());
    return new Selection(
        checks, choices.stream().filter(c -> wanted.contains(c.key())).toList(), options.only());
  }

  /** Those that are run, in order. */
  List<Scenario<?>> scenarios() {
    var scenarios = new ArrayList<Scenario<?>>();
    for (var choice : choices) {
      if (choice instanceof Choice.Runs runs && chosen(runs.scenario())) {
        scenarios.add(runs.scenario());
      }
    }
    return scenarios;
  }

  /** One line each, and what several do once; none where those that are run only look. */
  List<String> changes() {
    return scenarios().stream().flatMap(s -> s.changes().stream()).distinct().toList();
  }

  /** A scenario that takes the release away for a while is never a default. */
  private boolean chosen(Scenario<?> scenario) {
    return !scenario.onlyWhenNamed() || codes(scenario.brings()).stream().anyMatch(named::contains);
  }

  /** The facts of those that are not run: why not. */
  Facts without(Facts facts) {
    var all = facts;
    for (var choice : choices) {
      all =
          switch (choice) {
            case Choice.Unsuitable no -> all.with(no.key(), Fact.notApplicable(no.reason()));
            case Choice.Refused no ->
                chosen(no.scenario())
                    ? all.with(no.key(), Fact.unavailable(no.reason(), no.remedy()))
                    : all.with(no.key(), Fact.notApplicable(notNamed(no.key())));
            case Choice.Runs runs ->
                chosen(runs.scenario())
                    ? all
                    : all.with(runs.key(), Fact.notApplicable(notNamed(runs.key())));
          };
    }
    return all;
  }

  private String notNamed(FactKey<?> key) {
    return NOT_NAMED + String.join(",", codes(key));
  }

  /** Runs them, one after the other; what is done afterwards puts things back. */
  Facts observe(Facts facts, Changes changes, Duration timeout, Steps steps)
      throws InterruptedException {
    var all = facts;
    try {
      for (var scenario : scenarios()) {
        var codes = codes(scenario.brings());
        steps.serve(codes, codes.getFirst() + " " + slug(codes.getFirst()));
        all = with(all, scenario, changes, timeout);
      }
    } finally {
      steps.serve(List.of(), "putting back");
    }
    return all;
  }

  private static <T> Facts with(
      Facts facts, Scenario<T> scenario, Changes changes, Duration timeout)
      throws InterruptedException {
    return facts.with(scenario.brings(), scenario.observe(changes, timeout));
  }

  /** For --list. */
  void print(PrintWriter to) {
    for (var check : checks) {
      for (var choice : choices) {
        if (check.needs().contains(choice.key())) {
          print(check, choice, to);
        }
      }
    }
    to.flush();
  }

  private void print(Check check, Choice choice, PrintWriter to) {
    var info = check.info();
    switch (choice) {
      case Choice.Unsuitable no -> {
        line(to, "no", info.code(), info.slug());
        to.println("           " + no.reason());
      }
      case Choice.Refused no -> {
        line(to, "refused", info.code(), info.slug());
        to.println("           " + no.reason() + "; " + no.remedy());
      }
      case Choice.Runs runs -> {
        line(to, chosen(runs.scenario()) ? "run" : "if named", info.code(), info.slug());
        runs.scenario().changes().forEach(c -> to.println("           - " + c));
      }
    }
  }

  private static void line(PrintWriter to, String what, String code, String slug) {
    to.println(String.format(Locale.ROOT, "  %-8s %s  %s", what, code, slug));
  }

  private String slug(String code) {
    return checks.stream()
        .map(Check::info)
        .filter(i -> i.code().equals(code))
        .map(CheckInfo::slug)
        .findFirst()
        .orElse("");
  }

  private List<String> codes(FactKey<?> key) {
    return checks.stream().filter(c -> c.needs().contains(key)).map(c -> c.info().code()).toList();
  }
}
