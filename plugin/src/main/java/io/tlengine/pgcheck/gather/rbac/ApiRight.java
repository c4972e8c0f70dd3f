package io.tlengine.pgcheck.gather.rbac;

import io.tlengine.pgcheck.fact.Grant;

/**
 * One right to the Kubernetes API, in the words of RBAC (rbac.authorization.k8s.io/v1 PolicyRule).
 *
 * @param clusterWide only a ClusterRole can give it; else a Role in the release's namespace can
 * @param group the API group, empty for the core one
 * @param resource the plural, with a subresource behind a slash
 */
public record ApiRight(boolean clusterWide, String group, String resource, String verb) {

  /** A Role in the release's namespace can give it. */
  public static ApiRight inNamespace(String group, String resource, String verb) {
    return new ApiRight(false, group, resource, verb);
  }

  /** Only a ClusterRole can give it. */
  public static ApiRight inCluster(String group, String resource, String verb) {
    return new ApiRight(true, group, resource, verb);
  }

  /** As in "you may not ...". */
  public String action(String namespace) {
    return verb + " " + resource + (clusterWide ? "" : " in " + namespace);
  }

  /** The command by which somebody with more rights gives it. */
  public Grant grant(String namespace) {
    return grantOfItself(namespace)
        .and("helm pgcheck preflight --print-rbac -n " + namespace + " prints all of them");
  }

  /** The same for what makes objects to look: the flags that ask for it belong to the command. */
  public Grant grantForLooks(String namespace) {
    return grantOfItself(namespace)
        .and(
            "helm pgcheck preflight --print-rbac --probe-volume --from-cluster -n "
                + namespace
                + " prints all of them");
  }

  /** The same where no command prints the others. */
  public Grant grantOfItself(String namespace) {
    var name = ("pgcheck-" + verb + "-" + resource).replace('/', '-');
    var rights = "--verb=" + verb + " --resource=" + qualified();
    return clusterWide ? Grant.inCluster(name, rights) : Grant.inNamespace(name, namespace, rights);
  }

  /** As kubectl writes it: statefulsets.apps, deployments.apps/scale. */
  private String qualified() {
    if (group.isEmpty()) {
      return resource;
    }
    int slash = resource.indexOf('/');
    return slash < 0
        ? resource + "." + group
        : resource.substring(0, slash) + "." + group + resource.substring(slash);
  }
}
