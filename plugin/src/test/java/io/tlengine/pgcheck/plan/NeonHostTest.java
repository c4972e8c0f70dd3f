package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeonHostTest {

  @ParameterizedTest
  @CsvSource({
    "ep-cool-dawn-a1b2.eu-central-1.aws.neon.tech, ep-cool-dawn-a1b2, false, eu-central-1.aws",
    "ep-cool-dawn-a1b2-pooler.eu-central-1.aws.neon.tech, ep-cool-dawn-a1b2, true,"
        + " eu-central-1.aws",
    "EP-cool-dawn-a1b2-pooler.c-2.us-east-1.aws.neon.tech, ep-cool-dawn-a1b2, true, us-east-1.aws",
    "ep-pooler-mist-a1b2.gwc.azure.neon.tech, ep-pooler-mist-a1b2, false, gwc.azure"
  })
  void theFirstLabelTellsEndpointAndPooler(
      String host, String endpoint, boolean pooled, String region) {
    assertEquals(Optional.of(new NeonHost(endpoint, pooled, region)), NeonHost.parse(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "neon.tech",
        "ep-x.neon.tech",
        "console.neon.tech",
        "ep-cool-dawn-a1b2.eu-central-1.aws.neon.tech.example.com",
        "xep-cool.eu-central-1.aws.neon.tech",
        "10.0.0.1"
      })
  void anyOtherHostIsNotNeons(String host) {
    assertEquals(Optional.empty(), NeonHost.parse(host));
  }
}
