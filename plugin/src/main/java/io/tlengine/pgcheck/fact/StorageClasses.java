package io.tlengine.pgcheck.fact;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All storage classes of the cluster (storage.k8s.io/v1). */
public record StorageClasses(List<StorageClassFact> items) {

  public StorageClasses {
    items = List.copyOf(items);
  }

  /**
   * In-tree volume plugins and the CSI drivers to which Kubernetes redirects them
   * (k8s.io/csi-translation-lib, plugins).
   */
  private static final Map<String, String> MIGRATED =
      Map.of(
          "kubernetes.io/aws-ebs", "ebs.csi.aws.com",
          "kubernetes.io/gce-pd", "pd.csi.storage.gke.io",
          "kubernetes.io/azure-disk", "disk.csi.azure.com",
          "kubernetes.io/azure-file", "file.csi.azure.com",
          "kubernetes.io/cinder", "cinder.csi.openstack.org",
          "kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com",
          "kubernetes.io/portworx-volume", "pxd.portworx.com");

  /**
   * One storage class.
   *
   * @param isDefault annotation storageclass.kubernetes.io/is-default-class, or its beta form
   * @param created metadata.creationTimestamp
   * @param bindingMode Immediate (also when not set) or WaitForFirstConsumer
   * @param expandable allowVolumeExpansion
   * @param reclaimPolicy Delete (also when not set) or Retain
   * @param topologies allowedTopologies: a node fits when it has, for all labels of one of these,
   *     one of the values; none: every node fits
   */
  public record StorageClassFact(
      String name,
      String provisioner,
      boolean isDefault,
      Instant created,
      String bindingMode,
      boolean expandable,
      String reclaimPolicy,
      List<Map<String, List<String>>> topologies) {

    public StorageClassFact {
      topologies = List.copyOf(topologies);
    }

    /** The CSI driver behind the provisioner: the name itself but for in-tree ones. */
    public String driver() {
      return MIGRATED.getOrDefault(provisioner, provisioner);
    }

    public boolean bindsImmediately() {
      return bindingMode.equals("Immediate");
    }
  }

  public Optional<StorageClassFact> named(String name) {
    return items.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /**
   * The class of a claim that names this one, or none; empty when there is no such class, or no
   * dynamic provisioning is wanted (an empty name).
   */
  public Optional<StorageClassFact> of(Optional<String> name) {
    return name.isPresent() ? named(name.get()) : defaults().stream().findFirst();
  }

  /** The default classes, the one that Kubernetes uses first: the most recently created wins. */
  public List<StorageClassFact> defaults() {
    return items.stream()
        .filter(StorageClassFact::isDefault)
        .sorted(Comparator.comparing(StorageClassFact::created).reversed())
        .toList();
  }

  public List<String> names() {
    return items.stream().map(StorageClassFact::name).sorted().toList();
  }
}
