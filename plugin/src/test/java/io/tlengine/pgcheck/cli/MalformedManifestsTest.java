package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.plan.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a broken or odd chart may render to: a finding or one line, whatever it is. */
class MalformedManifestsTest {

  private static final int COUNT = 200;

  @TempDir static Path folder;
  private static RehearsedRun program;

  @BeforeAll
  static void start() throws Exception {
    program = new RehearsedRun(folder);
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  static IntStream seeds() {
    return IntStream.range(0, COUNT);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBrokenManifestEndsInWords(int seed) throws IOException {
    var names =
        new String[] {"our-statefulset", "our-external", "our-replicated", "unrelated-chart"};
    var text = Mutations.of(Fixtures.text(names[seed % names.length]), seed);

    program.ofManifests(text.getBytes(StandardCharsets.UTF_8)).assertInWords(text);
  }

  static Stream<String> odd() {
    return Stream.of(
        "- a\n- list\n",
        "just words\n",
        "42\n",
        "null\n",
        "a: b\n",
        "apiVersion: v1\n",
        "kind: Pod\n",
        "apiVersion: v1\nkind: Pod\n",
        "apiVersion: v1\nkind: Secret\nmetadata:\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: null}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: {a: '%%%'}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata: [a]\n",
        "apiVersion: v1\nkind: List\nitems: null\n",
        "apiVersion: v1\nkind: List\nitems: [null, 1, {}]\n",
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\n",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\nspec: null\n",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\nspec: {}\n",
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: x}\nspec: {template: {}}\n",
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: x}
        spec: {replicas: -3, template: {spec: {containers: [{}]}}}
        """,
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: x}
        spec: {replicas: 2147483647, template: {spec: {containers: [null]}}, volumeClaimTemplates: [{}, null]}
        """,
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: x}
        spec: {template: {spec: {containers: [{name: c, resources: {requests: {cpu: 1Gii, memory: -1}}}]}}, volumeClaimTemplates: [{metadata: {name: d}, spec: {resources: {requests: {storage: lots}}}}]}
        """,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: x}
        spec: {template: {spec: {containers: [{name: c, env: [{}, {name: null}, {name: DATABASE_URL, valueFrom: {secretKeyRef: {}}}, null]}]}}}
        """,
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: x, annotations: {helm.sh/hook: 'nonsense,,'}}
        """,
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: x}
        spec: {schedule: 'never ever'}
        """,
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: x}
        spec: {schedule: '*/0 99 * * *', jobTemplate: {}}
        """,
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: x}\n",
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: x}
        spec: {maxUnavailable: 300%}
        """,
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: x}\n",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: x}
        spec: {egress: [{ports: [{port: 99999999}]}, null], podSelector: {matchExpressions: [{operator: Never}]}}
        """,
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: http}]}\n",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: x}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: [a]}\nspec: {containers: {}}\n",
        "apiVersion: v1/v2/v3\nkind: Pod\nmetadata: {name: x}\n",
        "apiVersion: [v1]\nkind: {a: b}\nmetadata: 7\n",
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: x.y}
        spec: {}
        """,
        "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: x}\nspec: {any: [thing]}\n",
        "apiVersion: example.org/v1\nkind: Thing\n",
        """
        a: &a [x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c]
        e: [*d, *d, *d, *d, *d, *d, *d, *d]
        """,
        "a: &a\n  b: *a\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: " + "[".repeat(5000) + "\n",
        "{".repeat(20_000),
        "--- --- ---\n...\n%YAML 9.9\n---\n",
        "%TAG ! tag:x\n--- !Pod\na: b\n",
        "\ufeffapiVersion: v1\nkind: Pod\n",
        "a: \u0000\n",
        "\t\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '" + "x".repeat(100_000) + "'}\n");
  }

  @ParameterizedTest
  @MethodSource("odd")
  void anOddDocumentEndsInWords(String text) throws IOException {
    var both = Fixtures.text("our-external") + "\n---\n" + text;

    program.ofManifests(both.getBytes(StandardCharsets.UTF_8)).assertInWords(both);
  }

  @Test
  void bytesThatAreNoTextEndInWords() throws IOException {
    var bytes = new byte[1000];
    new java.util.Random(1).nextBytes(bytes);

    program.ofManifests(bytes).assertInWords("random bytes");
  }

  /** The case that shows that the others mean something. */
  @Test
  void theUnbrokenManifestIsRead() throws IOException {
    var run = program.ofManifests(Fixtures.text("our-external").getBytes(StandardCharsets.UTF_8));

    assertEquals(ExitCode.FINDINGS, run.code(), run::toString);
    assertTrue(run.out().contains("PGC-802"), run::out);
  }
}
