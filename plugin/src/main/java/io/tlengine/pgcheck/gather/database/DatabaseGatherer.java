package io.tlengine.pgcheck.gather.database;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.OtherDatabases;
import io.tlengine.pgcheck.fact.OtherDatabases.OtherDatabase;
import io.tlengine.pgcheck.fact.Routes;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.fact.UrlFacts;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer.Questions;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer.Reached;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.LibpqParameters;
import io.tlengine.pgcheck.plan.Migrations;
import io.tlengine.pgcheck.plan.NeonHost;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.plan.UrlTraits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/** From the plan's URLs to their databases, all at the same time and each over one connection. */
public final class DatabaseGatherer {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

  private final Function<UrlSource, Fact<Optional<String>>> texts;
  private final Set<FactKey<?>> wanted;
  private final ConnectionGatherer gatherer;

  /**
   * @param texts the URL's text; empty when the Secret or the key is missing
   */
  public DatabaseGatherer(
      Function<UrlSource, Fact<Optional<String>>> texts,
      Set<FactKey<?>> wanted,
      Duration left,
      Vantage from) {
    this.texts = texts;
    this.wanted = wanted;
    this.gatherer =
        new ConnectionGatherer(left.compareTo(LOGIN_TIMEOUT) < 0 ? left : LOGIN_TIMEOUT, from);
  }

  /** Of the application's own URL, then of the others. */
  public record Seen(
      Fact<UrlFacts> url,
      Fact<ConnectionFacts> connection,
      Fact<DatabaseFacts> database,
      Fact<OtherDatabases> others,
      Fact<CreateProof> create,
      Fact<List<Route>> routes) {

    /** These facts, each under its key. */
    public Facts addTo(Facts facts) {
      return facts
          .with(FactKey.URL, url)
          .with(FactKey.CONNECTION, connection)
          .with(FactKey.DATABASE_FACTS, database)
          .with(FactKey.OTHER_DATABASES, others)
          .with(FactKey.CREATE_PROOF, create)
          .with(
              FactKey.ROUTES,
              switch (routes) {
                case Fact.Known<List<Route>> known -> Fact.known(new Routes(known.value()));
                case Fact.Unavailable<List<Route>> gap ->
                    Fact.unavailable(gap.reason(), gap.remedy());
                case Fact.NotApplicable<List<Route>> none -> Fact.notApplicable(none.reason());
              });
    }

    static Seen notApplicable(String why) {
      return new Seen(
          Fact.notApplicable(why),
          Fact.notApplicable(why),
          Fact.notApplicable(why),
          Fact.notApplicable(why),
          Fact.notApplicable(why),
          Fact.notApplicable(why));
    }

    static Seen unavailable(String why, String remedy) {
      return new Seen(
          Fact.unavailable(why, remedy),
          Fact.unavailable(why, remedy),
          Fact.unavailable(why, remedy),
          Fact.unavailable(why, remedy),
          Fact.unavailable(why, remedy),
          Fact.unavailable(why, remedy));
    }
  }

  Seen gather(Plan plan) {
    return gather(plan.urlSources(), Migrations.of(plan));
  }

  /** What the runtime URL among these leads to, and what the others do where that is wanted. */
  public Seen gather(List<UrlSource> sources, Optional<Migrations> migrations) {
    var runtime = source(sources, UrlRole.RUNTIME);
    if (runtime.isEmpty()) {
      return Seen.notApplicable("the release takes no database URL from a Secret");
    }
    return switch (texts.apply(runtime.get())) {
      case Fact.Unavailable<Optional<String>> gap -> Seen.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<Optional<String>> none -> Seen.notApplicable(none.reason());
      case Fact.Known<Optional<String>> text when text.value().isEmpty() ->
          Seen.notApplicable("follows from PGC-802");
      case Fact.Known<Optional<String>> text ->
          all(sources, runtime.get(), text.value().orElseThrow(), migrations);
    };
  }

  private static Optional<UrlSource> source(List<UrlSource> sources, UrlRole role) {
    return sources.stream().filter(s -> s.role() == role).findFirst();
  }

  private Seen all(
      List<UrlSource> sources, UrlSource runtime, String text, Optional<Migrations> migrations) {
    Future<Looked> own;
    List<Future<Optional<Looked>>> others;
    // Closing the executor waits for all of them.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      own = threads.submit(() -> look(runtime, text, migrations));
      others =
          wantsOthers()
              ? List.of(UrlRole.DIRECT, UrlRole.READ).stream()
                  .flatMap(role -> source(sources, role).stream())
                  .map(s -> threads.submit(() -> other(s, migrations)))
                  .toList()
              : List.of();
    }
    var looked = own.resultNow();
    var rest = others.stream().flatMap(o -> o.resultNow().stream()).toList();
    return new Seen(
        Fact.known(looked.url()),
        looked.connection().map(Fact::known).orElse(Fact.notApplicable("follows from PGC-110")),
        looked.database(),
        Fact.known(new OtherDatabases(rest.stream().map(Looked::asOther).toList())),
        create(looked, rest, migrations),
        looked.route().isEmpty()
            ? Fact.notApplicable("follows from PGC-110")
            : Fact.known(
                Stream.concat(Stream.of(looked), rest.stream())
                    .flatMap(l -> l.route().stream())
                    .toList()));
  }

  private boolean wantsOthers() {
    return wanted.contains(FactKey.OTHER_DATABASES)
        || wanted.contains(FactKey.CREATE_PROOF)
        || wanted.contains(FactKey.ROUTES);
  }

  private static Fact<CreateProof> create(
      Looked own, List<Looked> others, Optional<Migrations> migrations) {
    if (migrations.isEmpty()) {
      return Fact.notApplicable("nothing of the plan migrates the database, and no URL is for it");
    }
    var source = migrations.get().source();
    return Stream.concat(Stream.of(own), others.stream())
        .filter(l -> l.source().where().equals(source.where()))
        .findFirst()
        .map(Looked::create)
        .orElse(Fact.notApplicable("follows from PGC-802"));
  }

  /** A URL whose Secret is missing is a matter of PGC-802. */
  private Optional<Looked> other(UrlSource source, Optional<Migrations> migrations) {
    return texts.apply(source) instanceof Fact.Known<Optional<String>> known
        ? known.value().map(text -> look(source, text, migrations))
        : Optional.empty();
  }

  /** What one URL led to. */
  private record Looked(
      UrlSource source,
      UrlFacts url,
      Optional<ConnectionFacts> connection,
      Fact<DatabaseFacts> database,
      Fact<CreateProof> create,
      Optional<Route> route) {

    OtherDatabase asOther() {
      return new OtherDatabase(
          source.role(),
          url,
          connection,
          database instanceof Fact.Known<DatabaseFacts> known
              ? Optional.of(known.value())
              : Optional.empty());
    }
  }

  private Looked look(UrlSource source, String text, Optional<Migrations> migrations) {
    var where = source.where();
    try {
      var url = DatabaseUrl.parse(text);
      var facts =
          new UrlFacts(
              where,
              Optional.empty(),
              LibpqParameters.unknown(url.parameters().keySet()),
              DatabaseUrl.bareHash(text));
      if (!wantsConnection()) {
        return new Looked(
            source,
            facts,
            Optional.empty(),
            Fact.notApplicable("not wanted"),
            Fact.notApplicable("not wanted"),
            Optional.empty());
      }
      // Neon's name says whether its pooler is meant; its proxy hides the server's process id.
      var neon = NeonHost.parse(url.host());
      boolean create =
          wanted.contains(FactKey.CREATE_PROOF)
              && migrations.filter(m -> m.source().where().equals(where)).isPresent();
      var reached =
          gatherer.reach(
              url,
              where,
              new Questions(
                  wanted.contains(FactKey.DATABASE_FACTS) || wantsOthers(),
                  create,
                  migrations.flatMap(Migrations::workload),
                  wanted.contains(FactKey.ROUTES) && neon.isEmpty()));
      return new Looked(
          source,
          facts,
          Optional.of(reached.connection()),
          reached.database().orElse(notReached(reached)),
          reached.create().orElse(notReached(reached)),
          Optional.of(
              new Route(
                  source.role(),
                  where,
                  neon,
                  UrlTraits.of(url),
                  reached
                      .pooling()
                      .orElseGet(
                          () ->
                              new Pooling.NotSeen(
                                  neon.isPresent()
                                      ? "the host's name says it"
                                      : "nobody logged in")))));
    } catch (MalformedUrlException e) {
      return new Looked(
          source,
          new UrlFacts(where, Optional.of(e.getMessage()), List.of(), false),
          Optional.empty(),
          Fact.notApplicable("follows from PGC-110"),
          Fact.notApplicable("follows from PGC-110"),
          Optional.empty());
    }
  }

  private boolean wantsConnection() {
    return wanted.contains(FactKey.CONNECTION)
        || wanted.contains(FactKey.DATABASE_FACTS)
        || wantsOthers();
  }

  private static <T> Fact<T> notReached(Reached reached) {
    return Fact.unavailable(
        "the database of " + reached.connection().target().source() + " was not logged in to",
        "see PGC-101 to PGC-105, and mend the first that is not passed");
  }
}
