package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.tlengine.pgcheck.fact.DryRuns.Answer;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.source.Look;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Asks the API server to take an object and not to keep it (dryRun=All, fieldValidation=Strict), as
 * Helm would send it.
 */
final class DryRunner {

  /** Helm's own name among the field managers. */
  private static final String HELM = "helm";

  /** RBAC's words; an admission plugin says "is forbidden" of an object and not of a user. */
  private static final Pattern NOT_ALLOWED =
      Pattern.compile("User \"[^\"]*\" cannot (\\w+) resource \"([^\"]*)\"");

  private static final Pattern NO_DRY_RUN = Pattern.compile("does not support dry.?run");

  /** A webhook or the API server broke: it says nothing about the object. */
  private static final int FIRST_SERVER_ERROR = 500;

  private final ApiKinds kinds;
  private final String printRbac;

  DryRunner(Look look, ApiKinds kinds) {
    this.kinds = kinds;
    this.printRbac =
        "the rights that it takes: "
            + look.arguments().command(look.namespace()).as("preflight", List.of("--print-rbac"));
  }

  /** For who may not do what the install does. */
  String printRbac() {
    return printRbac;
  }

  /**
   * Empty for who may not look.
   *
   * @throws KubernetesClientException when the API server does not answer
   */
  Optional<Boolean> exists(HasMetadata object) {
    try {
      return Optional.of(kinds.at(object).get() != null);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** A new object. */
  Answer create(HasMetadata object) {
    return answer(() -> kinds.at(object).dryRun().fieldValidation(Validation.STRICT).create());
  }

  /** One that exists. Fields that others own are PGC-810's, so they are no conflict here. */
  Answer apply(HasMetadata object) {
    return answer(
        () ->
            kinds
                .at(object)
                .dryRun()
                .fieldValidation(Validation.STRICT)
                .fieldManager(HELM)
                .forceConflicts()
                .serverSideApply());
  }

  private Answer answer(Runnable request) {
    try {
      request.run();
      return new Answer.Accepted();
    } catch (KubernetesClientException e) {
      return answer(e);
    }
  }

  private Answer answer(KubernetesClientException e) {
    var status = e.getStatus();
    var message =
        status != null && status.getMessage() != null ? status.getMessage() : Failure.of(e);
    var reason = status == null ? "" : Objects.requireNonNullElse(status.getReason(), "");
    var notAllowed = NOT_ALLOWED.matcher(message);
    if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN && notAllowed.find()) {
      var verb = notAllowed.group(1);
      var resource = notAllowed.group(2);
      return new Answer.Undecided("forbidden: you may not " + verb + " " + resource, printRbac);
    }
    if (NO_DRY_RUN.matcher(message).find()) {
      return new Answer.Undecided(
          message, "only the install itself will tell: the webhook takes no dry run");
    }
    if (e.getCode() == 0 || unwell(e.getCode(), message)) {
      return new Answer.Undecided("the API server could not try it: " + message, "run again");
    }
    return new Answer.Rejected(e.getCode(), reason, message);
  }

  /** Applying an object with an unknown field ends in 500, too. */
  private static boolean unwell(int code, String message) {
    return code >= FIRST_SERVER_ERROR && !message.contains("failed to create typed patch object");
  }
}
