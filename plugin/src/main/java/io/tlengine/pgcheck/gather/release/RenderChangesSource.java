package io.tlengine.pgcheck.gather.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.RenderChanges;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Renders the chart a second time and compares: what differs, differs at every sync. */
public final class RenderChangesSource implements FactSource {

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(FactKey.RENDER_CHANGES, Rights.none());
  }

  @Override
  public Facts gather(Look look) {
    var again = look.renderer().render(look.left());
    Fact<RenderChanges> fact =
        again.code() == 0
            ? Fact.known(
                new RenderChanges(changes(look.manifests(), look.cluster().parse(again.out()))))
            : Fact.unavailable("the second rendering failed: " + again.cause(), "run again");
    return look.none().with(FactKey.RENDER_CHANGES, fact);
  }

  static List<String> changes(List<HasMetadata> first, List<HasMetadata> second) {
    var mapper = new ObjectMapper();
    var before = trees(mapper, first);
    var after = trees(mapper, second);
    var paths = new ArrayList<String>();
    var ids = new TreeSet<>(before.keySet());
    ids.addAll(after.keySet());
    for (var id : ids) {
      if (!before.containsKey(id) || !after.containsKey(id)) {
        paths.add(id + " (rendered once only)");
      } else {
        differences(before.get(id), after.get(id), "", id, paths);
      }
    }
    return paths;
  }

  private static Map<String, JsonNode> trees(ObjectMapper mapper, List<HasMetadata> objects) {
    Map<String, JsonNode> trees = new LinkedHashMap<>();
    for (var object : objects) {
      trees.put(
          object.getKind() + "/" + object.getMetadata().getName(), mapper.valueToTree(object));
    }
    return trees;
  }

  private static void differences(
      JsonNode before, JsonNode after, String path, String id, List<String> paths) {
    if (before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      var names = new TreeSet<String>();
      before.fieldNames().forEachRemaining(names::add);
      after.fieldNames().forEachRemaining(names::add);
      for (var name : names) {
        differences(
            before.path(name),
            after.path(name),
            path.isEmpty() ? name : path + "." + name,
            id,
            paths);
      }
    } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        differences(before.get(i), after.get(i), path + "[" + i + "]", id, paths);
      }
    } else {
      paths.add(id + " " + path);
    }
  }
}
