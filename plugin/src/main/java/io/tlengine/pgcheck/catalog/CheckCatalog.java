package io.tlengine.pgcheck.catalog;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.cluster.AdmissionAcceptsPodsCheck;
import io.tlengine.pgcheck.check.cluster.ClusterDnsAnswersCheck;
import io.tlengine.pgcheck.check.cluster.DrainsCanProceedCheck;
import io.tlengine.pgcheck.check.cluster.EgressAllowedCheck;
import io.tlengine.pgcheck.check.cluster.InstallerMayCreateCheck;
import io.tlengine.pgcheck.check.cluster.KubernetesVersionCheck;
import io.tlengine.pgcheck.check.cluster.LimitRangeFitsCheck;
import io.tlengine.pgcheck.check.cluster.ManifestsAcceptedCheck;
import io.tlengine.pgcheck.check.cluster.PodsFitNodesCheck;
import io.tlengine.pgcheck.check.cluster.QuotaHasRoomCheck;
import io.tlengine.pgcheck.check.connection.AnswersInTimeCheck;
import io.tlengine.pgcheck.check.connection.CertificateValidCheck;
import io.tlengine.pgcheck.check.connection.HostResolvesCheck;
import io.tlengine.pgcheck.check.connection.LoginSucceedsCheck;
import io.tlengine.pgcheck.check.connection.PortAcceptsCheck;
import io.tlengine.pgcheck.check.connection.RightsSufficientCheck;
import io.tlengine.pgcheck.check.connection.ServerVersionSupportedCheck;
import io.tlengine.pgcheck.check.connection.ServerWritableCheck;
import io.tlengine.pgcheck.check.connection.TlsOfferedCheck;
import io.tlengine.pgcheck.check.connection.UrlWellFormedCheck;
import io.tlengine.pgcheck.check.database.CommitsAreDurableCheck;
import io.tlengine.pgcheck.check.database.DamageNotHiddenCheck;
import io.tlengine.pgcheck.check.database.DataChecksumsOnCheck;
import io.tlengine.pgcheck.check.database.SettingsInForceCheck;
import io.tlengine.pgcheck.check.database.TextIsSafeCheck;
import io.tlengine.pgcheck.check.database.WalNotPilingUpCheck;
import io.tlengine.pgcheck.check.database.WraparoundFarCheck;
import io.tlengine.pgcheck.check.persistence.CommitsSurviveKillCheck;
import io.tlengine.pgcheck.check.persistence.ExternalDataKeptCheck;
import io.tlengine.pgcheck.check.persistence.IndependentDataKeptCheck;
import io.tlengine.pgcheck.check.persistence.NamesAreStableCheck;
import io.tlengine.pgcheck.check.persistence.OrderKeptCheck;
import io.tlengine.pgcheck.check.persistence.StandbysFollowCheck;
import io.tlengine.pgcheck.check.persistence.SurvivesPodDeletionCheck;
import io.tlengine.pgcheck.check.persistence.SurvivesReinstallCheck;
import io.tlengine.pgcheck.check.persistence.SurvivesScalingCheck;
import io.tlengine.pgcheck.check.persistence.VolumeReallyPersistentCheck;
import io.tlengine.pgcheck.check.provider.ConnectionBudgetCheck;
import io.tlengine.pgcheck.check.provider.MigrationsGoDirectCheck;
import io.tlengine.pgcheck.check.provider.PoolerSuitsRuntimeCheck;
import io.tlengine.pgcheck.check.provider.ProbesLetItSleepCheck;
import io.tlengine.pgcheck.check.provider.ProviderAcceptsCheck;
import io.tlengine.pgcheck.check.provider.RoomForDataCheck;
import io.tlengine.pgcheck.check.provider.SniReachesProviderCheck;
import io.tlengine.pgcheck.check.release.ChartRendersCheck;
import io.tlengine.pgcheck.check.release.DataOnTheVolumeCheck;
import io.tlengine.pgcheck.check.release.HooksStandAloneCheck;
import io.tlengine.pgcheck.check.release.ReleaseIsSettledCheck;
import io.tlengine.pgcheck.check.release.RenderIsStableCheck;
import io.tlengine.pgcheck.check.release.ReplicasMakeSenseCheck;
import io.tlengine.pgcheck.check.release.SecretCompleteCheck;
import io.tlengine.pgcheck.check.release.SecretUsableCheck;
import io.tlengine.pgcheck.check.release.ShutdownHasTimeCheck;
import io.tlengine.pgcheck.check.release.UpgradeKeepsItsFieldsCheck;
import io.tlengine.pgcheck.check.storage.AccessModeSupportedCheck;
import io.tlengine.pgcheck.check.storage.BindingModeSuitsCheck;
import io.tlengine.pgcheck.check.storage.CapacityAvailableCheck;
import io.tlengine.pgcheck.check.storage.DataOutlivesReleaseCheck;
import io.tlengine.pgcheck.check.storage.OldClaimsUnderstoodCheck;
import io.tlengine.pgcheck.check.storage.ProvisionerPresentCheck;
import io.tlengine.pgcheck.check.storage.SetCanBeChangedCheck;
import io.tlengine.pgcheck.check.storage.StorageClassResolvesCheck;
import io.tlengine.pgcheck.check.storage.VolumeCanGrowCheck;
import io.tlengine.pgcheck.check.storage.VolumeProvesItselfCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All checks, by the command that asks them. A check that is not listed here does not exist. */
public final class CheckCatalog {

  private CheckCatalog() {}

  public static List<Check> preflight() {
    return List.of(
        new HostResolvesCheck(),
        new PortAcceptsCheck(),
        new TlsOfferedCheck(),
        new CertificateValidCheck(),
        new LoginSucceedsCheck(),
        new ServerWritableCheck(),
        new RightsSufficientCheck(),
        new ServerVersionSupportedCheck(),
        new AnswersInTimeCheck(),
        new UrlWellFormedCheck(),
        new StorageClassResolvesCheck(),
        new CommitsAreDurableCheck(),
        new DataChecksumsOnCheck(),
        new DamageNotHiddenCheck(),
        new TextIsSafeCheck(),
        new SettingsInForceCheck(),
        new WalNotPilingUpCheck(),
        new WraparoundFarCheck(),
        new BindingModeSuitsCheck(),
        new VolumeCanGrowCheck(),
        new DataOutlivesReleaseCheck(),
        new ProvisionerPresentCheck(),
        new CapacityAvailableCheck(),
        new OldClaimsUnderstoodCheck(),
        new SetCanBeChangedCheck(),
        new VolumeProvesItselfCheck(),
        new AccessModeSupportedCheck(),
        new KubernetesVersionCheck(),
        new InstallerMayCreateCheck(),
        new QuotaHasRoomCheck(),
        new LimitRangeFitsCheck(),
        new PodsFitNodesCheck(),
        new AdmissionAcceptsPodsCheck(),
        new ClusterDnsAnswersCheck(),
        new ManifestsAcceptedCheck(),
        new DrainsCanProceedCheck(),
        new EgressAllowedCheck(),
        new ConnectionBudgetCheck(),
        new PoolerSuitsRuntimeCheck(),
        new MigrationsGoDirectCheck(),
        new ProbesLetItSleepCheck(),
        new SniReachesProviderCheck(),
        new ProviderAcceptsCheck(),
        new RoomForDataCheck(),
        new ChartRendersCheck(),
        new SecretCompleteCheck(),
        new SecretUsableCheck(),
        new RenderIsStableCheck(),
        new HooksStandAloneCheck(),
        new ReplicasMakeSenseCheck(),
        new DataOnTheVolumeCheck(),
        new ShutdownHasTimeCheck(),
        new ReleaseIsSettledCheck(),
        new UpgradeKeepsItsFieldsCheck());
  }

  /** The command that asks the check of this code. */
  public static String command(String code) {
    return persistence().stream().anyMatch(c -> c.info().code().equals(code))
        ? "persistence"
        : "preflight";
  }

  public static List<Check> persistence() {
    return List.of(
        new SurvivesPodDeletionCheck(),
        new SurvivesScalingCheck(),
        new IndependentDataKeptCheck(),
        new NamesAreStableCheck(),
        new OrderKeptCheck(),
        new CommitsSurviveKillCheck(),
        new StandbysFollowCheck(),
        new ExternalDataKeptCheck(),
        new SurvivesReinstallCheck(),
        new VolumeReallyPersistentCheck());
  }

  /** All of them, by code. */
  public static List<Check> all() {
    return Stream.concat(preflight().stream(), persistence().stream())
        .sorted((a, b) -> a.info().code().compareTo(b.info().code()))
        .toList();
  }

  public static Optional<Check> byCode(String code) {
    return all().stream().filter(c -> c.info().code().equalsIgnoreCase(code)).findFirst();
  }

  /** A code's page, in Markdown: Meaning, Impact, Diagnosis, Remedy. */
  public static String page(Check check) {
    var name = "/checks/" + check.info().code() + ".md";
    try (var in = CheckCatalog.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no page " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
