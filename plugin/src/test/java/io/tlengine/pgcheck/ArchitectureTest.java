package io.tlengine.pgcheck;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLConnection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The design's rules about packages. Each is also shown to fail, on classes that break it. */
class ArchitectureTest {

  private static final String MAIN = "io.tlengine.pgcheck";

  /** The same packages under another root, with classes that break the rules. */
  private static final String VIOLATING = "io.tlengine.violating";

  /** Anything that reaches a cluster, a database or another machine. */
  private static final DescribedPredicate<JavaClass> OUTSIDE_WORLD =
      resideInAnyPackage(
              "io.fabric8.kubernetes.client..",
              "java.sql..",
              "javax.sql..",
              "org.postgresql..",
              "java.net.http..",
              "javax.net..")
          .or(
              belongToAnyOf(
                  Socket.class,
                  ServerSocket.class,
                  InetAddress.class,
                  InetSocketAddress.class,
                  URLConnection.class))
          .as("the Kubernetes client, JDBC and the network");

  /** A rule, for a root package. */
  @SuppressWarnings("ImmutableEnumChecker") // the functions are lambdas without state
  private enum Rule {
    FLAT(
        root ->
            classes()
                .should()
                .resideInAnyPackage(
                    root,
                    root + ".plan",
                    root + ".fact",
                    root + ".check",
                    root + ".check.*",
                    root + ".catalog",
                    root + ".gather",
                    root + ".gather.*",
                    root + ".scenario",
                    root + ".scenario.*",
                    root + ".report",
                    root + ".cli")),
    NO_CYCLES(root -> slices().matching(root + ".(**)").should().beFreeOfCycles()),
    OUTSIDE_WORLD_ONLY_WHERE_FACTS_ARE_MADE(
        root ->
            noClasses()
                .that()
                .resideOutsideOfPackages(root + ".gather..", root + ".scenario..")
                .should()
                .dependOnClassesThat(OUTSIDE_WORLD)),
    PLAN_READS_MANIFESTS_ALONE(
        root ->
            classes()
                .that()
                .resideInAPackage(root + ".plan")
                .should()
                .onlyDependOnClassesThat(
                    resideInAnyPackage(
                            root + ".plan",
                            "io.fabric8.kubernetes.api.model..",
                            "java.util..",
                            "java.lang..",
                            "java.math",
                            "java.nio.charset",
                            "org.jspecify.annotations")
                        .or(belongToAnyOf(java.net.URLDecoder.class, java.net.URLEncoder.class)))),
    FACTS_KNOW_THE_PLAN_ALONE(
        root ->
            classes()
                .that()
                .resideInAPackage(root + ".fact")
                .should()
                .onlyDependOnClassesThat(
                    resideInAnyPackage(
                        root + ".fact",
                        root + ".plan",
                        "io.fabric8.kubernetes.api.model..",
                        "java.util..",
                        "java.lang..",
                        "java.math",
                        "java.time..",
                        "org.jspecify.annotations"))),
    CHECKS_ARE_PURE(
        root ->
            classes()
                .that()
                .resideInAPackage(root + ".check..")
                .should()
                .onlyDependOnClassesThat(
                    resideInAnyPackage(
                            root + ".check..",
                            root + ".fact",
                            root + ".plan",
                            "io.fabric8.kubernetes.api.model..",
                            "java.util..",
                            "java.lang..",
                            "java.math",
                            "java.time..",
                            "org.jspecify.annotations")
                        .and(not(belongToAnyOf(java.time.Clock.class))))),
    REPORTS_LOOK_AT_NOTHING(
        root ->
            noClasses()
                .that()
                .resideInAPackage(root + ".report")
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage(root + ".gather..", root + ".scenario..", root + ".cli"))),
    ONE_EXIT(
        root ->
            noClasses()
                .that()
                .doNotHaveFullyQualifiedName(root + ".Main")
                .and()
                .doNotHaveFullyQualifiedName(root + ".cli.Ending")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)),
    ONE_TERMINAL(
        root ->
            noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")),
    EVERY_PACKAGE_SAYS_WHAT_IT_IS_FOR(root -> classes().should(haveAPackageInfo()));

    private final Function<String, ArchRule> rule;

    Rule(Function<String, ArchRule> rule) {
      this.rule = rule;
    }

    ArchRule of(String root) {
      return rule.apply(root);
    }
  }

  private static ArchCondition<JavaClass> haveAPackageInfo() {
    return new ArchCondition<>("have a package-info beside them") {
      private Set<String> described = Set.of();

      @Override
      public void init(java.util.Collection<JavaClass> all) {
        described =
            all.stream()
                .filter(c -> c.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
      }

      @Override
      public void check(JavaClass item, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(
                item,
                described.contains(item.getPackageName()),
                item.getPackageName() + " of " + item.getName()));
      }
    };
  }

  private static JavaClasses imported(String root) {
    var importer = new ClassFileImporter();
    return root.equals(MAIN)
        ? importer.withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(root)
        : importer.importPackages(root);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void theRuleHolds(Rule rule) {
    var classes = imported(MAIN);
    // A rule about nothing holds always.
    assertTrue(classes.size() > 60, () -> classes.size() + " classes");

    assertEquals(
        List.of(), rule.of(MAIN).evaluate(classes).getFailureReport().getDetails(), rule::name);
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void theRuleCanFail(Rule rule) {
    assertTrue(rule.of(VIOLATING).evaluate(imported(VIOLATING)).hasViolation(), rule::name);
  }

  /** The violating classes break each rule once; a sound package beside them breaks none. */
  @ParameterizedTest
  @EnumSource(
      value = Rule.class,
      names = {"PLAN_READS_MANIFESTS_ALONE", "OUTSIDE_WORLD_ONLY_WHERE_FACTS_ARE_MADE"})
  void theRuleNamesTheClassThatBreaksIt(Rule rule) {
    var details = rule.of(VIOLATING).evaluate(imported(VIOLATING)).getFailureReport().getDetails();

    assertTrue(details.stream().anyMatch(d -> d.contains("PlanThatAsksTheCluster")), rule::name);
    assertTrue(details.stream().noneMatch(d -> d.contains(".utils.")), rule::name);
  }
}
