package io.tlengine.pgcheck.gather;

import java.util.Map;
import java.util.Set;

/**
 * The flags of {@code helm install}, {@code upgrade} and {@code template}, Helm 3 and 4, and what
 * becomes of them when the chart is only rendered. A test compares this list with the help texts of
 * real Helms.
 */
public final class HelmFlags {

  /** Passed on with their value. */
  public static final Set<String> VALUE =
      Set.of(
          "ca-file",
          "cert-file",
          "key-file",
          "keyring",
          "password",
          "post-renderer",
          "post-renderer-args",
          "repo",
          "set",
          "set-file",
          "set-json",
          "set-literal",
          "set-string",
          "username",
          "values",
          "version");

  /** Passed on; they take no value. */
  public static final Set<String> SWITCH =
      Set.of(
          "dependency-update",
          "devel",
          "disable-openapi-validation",
          "enable-dns",
          "insecure-skip-tls-verify",
          "no-hooks",
          "pass-credentials",
          "plain-http",
          "skip-crds",
          "skip-schema-validation",
          "verify");

  /** Of no meaning before an install: left out with their value. */
  public static final Set<String> DROPPED_VALUE = Set.of("description", "history-max", "labels");

  /** Of no meaning before an install: left out. A value can only follow them after "=". */
  public static final Set<String> DROPPED_SWITCH =
      Set.of(
          "atomic",
          "cleanup-on-fail",
          "create-namespace",
          "dry-run",
          "force",
          "force-conflicts",
          "force-replace",
          "hide-notes",
          "hide-secret",
          "install",
          "render-subchart-notes",
          "replace",
          "reset-values",
          "rollback-on-failure",
          "server-side",
          "take-ownership",
          "wait",
          "wait-for-jobs");

  /** Rendered with the values of the installed release before the user's own. */
  public static final Set<String> REUSE = Set.of("reset-then-reuse-values", "reuse-values");

  /** pgcheck has its own of these, or a plugin never sees them. */
  public static final Set<String> OURS =
      Set.of("generate-name", "help", "name-template", "output", "timeout");

  static final Map<String, String> SHORT = Map.of("-f", "values", "-l", "labels", "-i", "install");

  private HelmFlags() {}
}
