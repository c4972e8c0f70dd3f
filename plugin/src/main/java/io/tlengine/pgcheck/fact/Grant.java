package io.tlengine.pgcheck.fact;

/** The line by which somebody who may grant a right gives it: a role, and its binding. */
public final class Grant {

  /** A service account is a user, too, by its whole name. */
  private static final String WHOSE = "; USER as kubectl auth whoami shows it";

  private Grant() {}

  /**
   * @param rights as kubectl create role takes them
   */
  public static String inNamespace(String name, String namespace, String rights) {
    return line("role", name, " -n " + namespace, rights);
  }

  public static String inCluster(String name, String rights) {
    return line("clusterrole", name, "", rights);
  }

  private static String line(String kind, String name, String where, String rights) {
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
        + " --user=USER"
        + WHOSE;
  }
}
