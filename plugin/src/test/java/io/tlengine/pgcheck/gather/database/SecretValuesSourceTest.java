package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.SecretValues.Disagreement;
import io.tlengine.pgcheck.fact.SecretValues.ValueFact;
import io.tlengine.pgcheck.plan.Fixtures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretValuesSourceTest {

  private static final String SECRET = "postgresql-secret";

  private static ValueFact value(String text) {
    return SecretValuesSource.fact(SECRET, "password", false, text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<password>",
        "<your password>",
        "changeme",
        "CHANGE_ME",
        "change-me-please",
        "replace-me",
        "your-password",
        "todo",
        "xxxx",
        "placeholder",
        "${DB_PASSWORD}",
        "{{ .password }}",
        "...",
        "postgresql://<user>:<password>@host/db"
      })
  void whatATemplateLeavesBehindIsAPlaceholder(String text) {
    assertTrue(value(text).placeholder());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"S0me-password", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "a<1>c", "x", "exchanged"})
  void aRealPasswordIsNone(String text) {
    assertFalse(value(text).placeholder());
  }

  @Test
  void lineBreaksQuotesAndReservedCharactersAreSeen() {
    assertTrue(value("secret\n").lineBreak());
    assertTrue(value("\"secret\"").quoted());
    assertFalse(value("\"").quoted());
    assertTrue(value("  ").empty());
    assertTrue(value("a@b").reserved());
    assertTrue(value("a%b").reserved());
    assertFalse(value("aZ09._~!$&'()*+,;=-").reserved());
  }

  private static List<String> compared(String fixture, Map<String, String> held) {
    return SecretValuesSource.compare(
            Fixtures.plan(fixture), SECRET, Map.of("URL", "DATABASE_URL", "DIRECT", "X"), held)
        .stream()
        .map(Disagreement::what)
        .toList();
  }

  @Test
  void theUrlsUserAndPasswordAreThoseThatTheDatabaseGets() {
    var held = Map.of("URL", "postgresql://app:p%40ss@db/engine", "username", "app");

    assertEquals(List.of(), compared("our-statefulset", with(held, "password", "p@ss")));
    assertEquals(
        List.of("the password in URL is not that of password"),
        compared("our-statefulset", with(held, "password", "p%40ss")));
    assertEquals(
        List.of("the user in URL is not that of username"),
        compared("our-statefulset", with(with(held, "password", "p@ss"), "username", "other")));
  }

  @Test
  void urlsOfDifferentDatabasesAndAWeakerSslmodeAreSeen() {
    assertEquals(
        List.of("the URLs DIRECT, URL name different databases"),
        compared(
            "our-external",
            Map.of("URL", "postgresql://a:b@db/one", "DIRECT", "postgresql://a:b@db/two")));
    assertEquals(
        List.of("URL says sslmode=prefer, which wins over the expected require (PGSSLMODE)"),
        compared("our-external", Map.of("URL", "postgresql://a:b@db/one?sslmode=prefer")));
    assertEquals(
        List.of(),
        compared("our-external", Map.of("URL", "postgresql://a:b@db/one?sslmode=verify-full")));
  }

  private static Map<String, String> with(Map<String, String> held, String key, String value) {
    var more = new java.util.HashMap<>(held);
    more.put(key, value);
    return more;
  }
}
