package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The role of the plan's migrations may create tables, tried and rolled back. From PostgreSQL 15 on
 * the schema public of a new database lets only its owner create (release notes of 15). The
 * application's own role needs no such right.
 */
public final class RightsSufficientCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-107",
        "rights-sufficient",
        Severity.ERROR,
        "the role of the plan's migrations may not create tables");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CREATE_PROOF);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var proof = facts.get(FactKey.CREATE_PROOF);
    var evidence =
        evidence(
            "role",
            proof.role(),
            "schema",
            proof.schema().orElse(""),
            "usedBy",
            proof.workload().orElse("migrations by hand"));
    if (proof.refusal().isEmpty()) {
      return new Outcome.Passed(evidence);
    }
    var refusal = proof.refusal().get();
    if (refusal.sqlState().equals("25006")) {
      return new Outcome.Skipped("follows from PGC-106");
    }
    return Outcome.of(
        List.of(
            Finding.error(
                proof.source(),
                "the role "
                    + proof.role()
                    + " may not create a table in "
                    + proof.schema().map(s -> "the schema " + s).orElse("any schema")
                    + " of the database "
                    + proof.database()
                    + "; "
                    + proof.workload().orElse("whoever migrates by " + proof.source())
                    + " needs it",
                refusal.message()
                    + " (SQLSTATE "
                    + refusal.sqlState()
                    + ")"
                    + (proof.schema().isEmpty()
                        ? "; search_path is " + proof.searchPath().value()
                        : ""),
                remedy(proof, refusal))),
        evidence);
  }

  /** One of search_path: with quotation marks, or bare. */
  private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^,\\s\"]+");

  private static String remedy(CreateProof proof, CreateProof.Refusal refusal) {
    var role = Sql.name(proof.role());
    return switch (refusal.sqlState()) {
      case "3F000" ->
          proof.searchPath().source().equals("default") ? ownSchema(role) : otherPath(proof);
      case "42501" ->
          "as the schema's owner:\nGRANT CREATE ON SCHEMA "
              + Sql.name(proof.schema().orElse("public"))
              + " TO "
              + role
              + ";";
      default -> "look at the server's log for this time and role, and mend what it names";
    };
  }

  private static String ownSchema(String role) {
    return "as a superuser or the database's owner:\nCREATE SCHEMA "
        + role
        + " AUTHORIZATION "
        + role
        + ";\n(a schema of the role's name is first in the default search_path)";
  }

  /** A schema of the role's name would not help: the role's tables go where this path says. */
  private static String otherPath(CreateProof proof) {
    var path = proof.searchPath();
    var place =
        new Sql.Place("search_path", path.source(), proof.role(), proof.database(), proof.source());
    var role = Sql.name(proof.role());
    var make =
        firstSchema(path.value(), proof.role())
            .map(Sql::name)
            .map(
                // It may be there, and the role may not use it: that looks the same to the role.
                s ->
                    "to keep that path, as a superuser:\nCREATE SCHEMA IF NOT EXISTS "
                        + s
                        + " AUTHORIZATION "
                        + role
                        + ";\nGRANT USAGE, CREATE ON SCHEMA "
                        + s
                        + " TO "
                        + role
                        + ";\nor else:\n")
            .orElse("");
    return "search_path is "
        + path.value()
        + ", "
        + place.origin()
        + (make.isEmpty() ? ":\n" : "; ")
        + make
        + place.reset();
  }

  /** The first that can be made, as PostgreSQL reads the setting: a bare name in small letters. */
  private static Optional<String> firstSchema(String path, String role) {
    return NAME.matcher(path)
        .results()
        .map(
            m ->
                m.group(1) == null
                    ? m.group().toLowerCase(Locale.ROOT)
                    : m.group(1).replace("\"\"", "\""))
        .map(n -> n.equals("$user") ? role : n)
        .filter(n -> !n.isEmpty() && !n.startsWith("pg_"))
        .findFirst();
  }
}
