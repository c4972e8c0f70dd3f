package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Map;

/** The storage classes and claims that the planned claims will meet. */
final class StorageSource implements FactSource {

  private static final String NO_CLAIMS = "the release makes no claims";

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(
        FactKey.STORAGE_CLASSES, Rights.of(StorageGatherer.LIST_CLASSES),
        FactKey.CLAIMS, Rights.of(StorageGatherer.LIST_CLAIMS));
  }

  @Override
  public Facts gather(Look look) {
    if (look.plan().claims().isEmpty()) {
      return look.none()
          .with(FactKey.STORAGE_CLASSES, Fact.notApplicable(NO_CLAIMS))
          .with(FactKey.CLAIMS, Fact.notApplicable(NO_CLAIMS));
    }
    var storage = new StorageGatherer(look.cluster());
    return look.none()
        .with(FactKey.STORAGE_CLASSES, storage.storageClasses())
        .with(FactKey.CLAIMS, storage.claims(look.namespace()));
  }
}
