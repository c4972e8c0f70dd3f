package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.StoragePlan;

/**
 * The name and type of one fact. A check declares the keys it needs, and only those are gathered.
 *
 * @param name as it appears in messages and saved facts
 * @param type the fact's type
 */
public record FactKey<T>(String name, Class<T> type) {

  /** What the rendered manifests ask for, or what Helm said when it refused to render. */
  public static final FactKey<Rendering> RENDERING = new FactKey<>("rendering", Rendering.class);

  /** The plan read from the rendered manifests. */
  public static final FactKey<Plan> PLAN = new FactKey<>("plan", Plan.class);

  /** The user's own command line, without what may be secret in it. */
  public static final FactKey<InstallCommand> INSTALL_COMMAND =
      new FactKey<>("installCommand", InstallCommand.class);

  /** The Secret that the plan asks for: which of its keys exist, never their values. */
  public static final FactKey<SecretFacts> SECRET = new FactKey<>("secret", SecretFacts.class);

  /** Properties of the values in the plan's Secrets, never the values. */
  public static final FactKey<SecretValues> SECRET_VALUES =
      new FactKey<>("secretValues", SecretValues.class);

  /** What exists under the release's name and those of its objects. */
  public static final FactKey<ReleaseFacts> RELEASE = new FactKey<>("release", ReleaseFacts.class);

  /** Whether Helm knows the release, so that some of what is there is its own. */
  public static final FactKey<Upgrade> UPGRADE = new FactKey<>("upgrade", Upgrade.class);

  /** Where a second rendering differs from the first. */
  public static final FactKey<RenderChanges> RENDER_CHANGES =
      new FactKey<>("renderChanges", RenderChanges.class);

  /** The form of the external database's URL. */
  public static final FactKey<UrlFacts> URL = new FactKey<>("url", UrlFacts.class);

  /** The staged connection to the external database. */
  public static final FactKey<ConnectionFacts> CONNECTION =
      new FactKey<>("connection", ConnectionFacts.class);

  /** What the external database says about itself, by the application's own URL. */
  public static final FactKey<DatabaseFacts> DATABASE_FACTS =
      new FactKey<>("databaseFacts", DatabaseFacts.class);

  /** The direct and the read URL of the plan, and what they lead to. */
  public static final FactKey<OtherDatabases> OTHER_DATABASES =
      new FactKey<>("otherDatabases", OtherDatabases.class);

  /** Whether the migrations' role may create a table, tried and rolled back. */
  public static final FactKey<CreateProof> CREATE_PROOF =
      new FactKey<>("createProof", CreateProof.class);

  /** By which way each URL of the plan leads to its server: straight, by a pooler, a provider. */
  public static final FactKey<Routes> ROUTES = new FactKey<>("routes", Routes.class);

  /** With --from-cluster: whether a pod of the namespace gets answers to its name queries. */
  public static final FactKey<ClusterDns> CLUSTER_DNS =
      new FactKey<>("clusterDns", ClusterDns.class);

  /** With --from=both: the connections as this machine saw them. */
  public static final FactKey<FromHere> FROM_HERE = new FactKey<>("fromHere", FromHere.class);

  /** The cluster's storage classes (storage.k8s.io/v1 StorageClass, list). */
  public static final FactKey<StorageClasses> STORAGE_CLASSES =
      new FactKey<>("storageClasses", StorageClasses.class);

  /** The claims in the release's namespace (v1 PersistentVolumeClaim, list). */
  public static final FactKey<Claims> CLAIMS = new FactKey<>("claims", Claims.class);

  /** What the release does with volumes, read from the rendered manifests. */
  public static final FactKey<StoragePlan> STORAGE_PLAN =
      new FactKey<>("storagePlan", StoragePlan.class);

  /** Which pods mount the planned claims that exist already (v1 Pod, list in the namespace). */
  public static final FactKey<ClaimUsers> CLAIM_USERS =
      new FactKey<>("claimUsers", ClaimUsers.class);

  /** The StatefulSets of the plan that exist already (apps/v1 StatefulSet, get). */
  public static final FactKey<LiveSets> LIVE_SETS = new FactKey<>("liveSets", LiveSets.class);

  /** Storage drivers, and the nodes that have them (storage.k8s.io/v1 CSIDriver, CSINode, list). */
  public static final FactKey<StorageDrivers> STORAGE_DRIVERS =
      new FactKey<>("storageDrivers", StorageDrivers.class);

  /** Labels and taints of the nodes (v1 Node, list). */
  public static final FactKey<StorageNodes> STORAGE_NODES =
      new FactKey<>("storageNodes", StorageNodes.class);

  /** Provisioners that have made a volume (v1 PersistentVolume, list). */
  public static final FactKey<VolumeMakers> VOLUME_MAKERS =
      new FactKey<>("volumeMakers", VolumeMakers.class);

  /**
   * Room that drivers publish, and what is attached (storage.k8s.io/v1 CSIStorageCapacity,
   * VolumeAttachment, list).
   */
  public static final FactKey<StorageRoom> STORAGE_ROOM =
      new FactKey<>("storageRoom", StorageRoom.class);

  /** Immutable fields that an upgrade would change (apps/v1 StatefulSet, dry-run). */
  public static final FactKey<SetChanges> SET_CHANGES =
      new FactKey<>("setChanges", SetChanges.class);

  /** Fields that other managers own (server-side apply of the release's objects, dry-run). */
  public static final FactKey<FieldConflicts> FIELD_CONFLICTS =
      new FactKey<>("fieldConflicts", FieldConflicts.class);

  /** What a real claim went through, with --probe-volume. */
  public static final FactKey<VolumeProbe> VOLUME_PROBE =
      new FactKey<>("volumeProbe", VolumeProbe.class);

  /** What lies in the claims that an earlier install left, with --probe-volume. */
  public static final FactKey<OldData> OLD_DATA = new FactKey<>("oldData", OldData.class);

  /** The API server's version. */
  public static final FactKey<KubernetesServer> KUBERNETES =
      new FactKey<>("kubernetes", KubernetesServer.class);

  /** The release's own pods, and the claims, in its namespace. */
  public static final FactKey<NamespaceUse> NAMESPACE_USE =
      new FactKey<>("namespaceUse", NamespaceUse.class);

  /** The namespace's quotas. */
  public static final FactKey<Quotas> QUOTAS = new FactKey<>("quotas", Quotas.class);

  /** The namespace's limit ranges. */
  public static final FactKey<LimitRanges> LIMIT_RANGES =
      new FactKey<>("limitRanges", LimitRanges.class);

  /** The nodes, and what of them is taken. */
  public static final FactKey<Nodes> NODES = new FactKey<>("nodes", Nodes.class);

  /** The disruption budgets of the manifests. */
  public static final FactKey<DisruptionBudgets> DISRUPTION_BUDGETS =
      new FactKey<>("disruptionBudgets", DisruptionBudgets.class);

  /** The network policies of manifests and namespace. */
  public static final FactKey<NetworkPolicies> NETWORK_POLICIES =
      new FactKey<>("networkPolicies", NetworkPolicies.class);

  /** The objects of the manifests, and which of them exist. */
  public static final FactKey<ReleaseObjects> RELEASE_OBJECTS =
      new FactKey<>("releaseObjects", ReleaseObjects.class);

  /** What the installing user may do. */
  public static final FactKey<InstallerRights> INSTALLER_RIGHTS =
      new FactKey<>("installerRights", InstallerRights.class);

  /** Server-side dry runs of the pods and claims that the release's objects make. */
  public static final FactKey<DryRuns> ADMISSION = new FactKey<>("admission", DryRuns.class);

  /** Server-side dry runs of the release's objects themselves. */
  public static final FactKey<DryRuns> DRY_RUNS = new FactKey<>("dryRuns", DryRuns.class);

  /** What the pod deletion scenario observed. */
  public static final FactKey<PodDeletion> POD_DELETION =
      new FactKey<>("podDeletion", PodDeletion.class);

  /** What the scaling scenario observed. */
  public static final FactKey<Scaling> SCALING = new FactKey<>("scaling", Scaling.class);

  /** What the reinstall scenario observed. */
  public static final FactKey<Reinstall> REINSTALL = new FactKey<>("reinstall", Reinstall.class);

  /** What the kill scenario observed. */
  public static final FactKey<CrashRun> CRASH_RUN = new FactKey<>("crashRun", CrashRun.class);

  /** Where the running servers' files lie. */
  public static final FactKey<DataPlaces> DATA_PLACES =
      new FactKey<>("dataPlaces", DataPlaces.class);

  /** What the pods' names led to. */
  public static final FactKey<PodNames> POD_NAMES = new FactKey<>("podNames", PodNames.class);

  /** What the standbys of a replicated database showed. */
  public static final FactKey<StandbyCopies> STANDBY_COPIES =
      new FactKey<>("standbyCopies", StandbyCopies.class);

  /** What the external database scenario observed. */
  public static final FactKey<ExternalRows> EXTERNAL_ROWS =
      new FactKey<>("externalRows", ExternalRows.class);
}
