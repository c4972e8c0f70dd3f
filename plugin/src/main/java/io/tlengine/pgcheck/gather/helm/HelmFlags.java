package io.tlengine.pgcheck.gather.helm;

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
          "api-versions",
          "ca-file",
          "cert-file",
          "key-file",
          "keyring",
          "kube-version",
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
          "include-crds",
          "insecure-skip-tls-verify",
          "is-upgrade",
          "no-hooks",
          "pass-credentials",
          "plain-http",
          "skip-crds",
          "skip-schema-validation",
          "skip-tests",
          "verify");

  /** By these of them Helm finds the chart: {@code helm show chart} takes them, too. */
  static final Set<String> FINDING =
      Set.of(
          "ca-file",
          "cert-file",
          "devel",
          "insecure-skip-tls-verify",
          "key-file",
          "keyring",
          "pass-credentials",
          "password",
          "plain-http",
          "repo",
          "username",
          "verify",
          "version");

  /**
   * Of no meaning before an install, or for the rendering as a whole: left out with their value.
   * The last ones are global flags that Helm hands on to a plugin nevertheless.
   */
  public static final Set<String> DROPPED_VALUE =
      Set.of(
          "description",
          "history-max",
          "labels",
          "output-dir",
          "show-only",
          "burst-limit",
          "color",
          "colour",
          "content-cache",
          "qps");

  /** Left out; a value may also follow them after a blank, if it is one of these. */
  public static final Map<String, Set<String>> DROPPED_CHOICE =
      Map.of("server-side", Set.of("auto", "false", "true"));

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
          "release-name",
          "render-subchart-notes",
          "replace",
          "reset-values",
          "rollback-on-failure",
          "take-ownership",
          "validate",
          "wait",
          "wait-for-jobs");

  /** Rendered with the values of the installed release before the user's own. */
  public static final Set<String> REUSE = Set.of("reset-then-reuse-values", "reuse-values");

  /** pgcheck has its own of these, or a plugin never sees them. */
  public static final Set<String> OURS =
      Set.of("generate-name", "help", "name-template", "output", "timeout");

  static final Map<String, String> SHORT =
      Map.of(
          "-a", "api-versions",
          "-f", "values",
          "-i", "install",
          "-l", "labels",
          "-s", "show-only");

  private HelmFlags() {}
}
