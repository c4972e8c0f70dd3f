package io.tlengine.pgcheck.fact;

import java.util.regex.Pattern;

/**
 * The line by which somebody who may grant a right gives it: a role, and its binding.
 *
 * @param where the namespace as kubectl takes it, with a space before it
 * @param rights as kubectl create role takes them
 * @param more what is said behind the line
 */
public record Grant(String kind, String name, String where, String rights, String more) {

  /**
   * How the API server names whom it refused (k8s.io/apiserver, responsewriters.Forbidden): known
   * without another question, and right for whom kubectl or Helm asked as, too. Helm may write the
   * marks with a backslash.
   */
  private static final Pattern REFUSED = Pattern.compile("\\bUser \\\\*\"(.+?)\\\\*\" cannot ");

  private static final Pattern ACCOUNT =
      Pattern.compile("system:serviceaccount:([a-z0-9-]+:[a-z0-9.-]+)");

  private static final String WHOSE = "; USER as kubectl auth whoami shows it";

  /** A right in one namespace, by a Role. */
  public static Grant inNamespace(String name, String namespace, String rights) {
    return new Grant("role", name, " -n " + namespace, rights, "");
  }

  /** A right in the whole cluster, by a ClusterRole. */
  public static Grant inCluster(String name, String rights) {
    return new Grant("clusterrole", name, "", rights, "");
  }

  public Grant and(String said) {
    return new Grant(kind, name, where, rights, "; " + said);
  }

  /**
   * For the user whom the API server refused in these words.
   *
   * @param refusal without a user's name in it the line has a placeholder
   */
  public String after(String refusal) {
    var found = REFUSED.matcher(refusal);
    return to(found.find() ? found.group(1).replaceAll("\\\\(.)", "$1") : "");
  }

  /**
   * @param user as the API server names it; empty for one that is not known
   */
  public String to(String user) {
    return "kubectl create "
        + kind
        + " "
        + name
        + where
        + " "
        + rights
        + " && kubectl create "
        + kind
        + "binding "
        + name
        + where
        + " --"
        + kind
        + "="
        + name
        + " "
        + subject(user)
        + (user.isEmpty() ? WHOSE : "")
        + more;
  }

  private static String subject(String user) {
    var account = ACCOUNT.matcher(user);
    if (account.matches()) {
      return "--serviceaccount=" + account.group(1);
    }
    return "--user=" + (user.isEmpty() ? "USER" : ShellWord.quoted(user));
  }
}
