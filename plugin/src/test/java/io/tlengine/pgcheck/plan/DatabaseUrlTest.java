package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  private static String refusal(String text) {
    return assertThrows(MalformedUrlException.class, () -> DatabaseUrl.parse(text)).getMessage();
  }

  @Test
  void allPartsAreRead() throws MalformedUrlException {
    var url =
        DatabaseUrl.parse(
            "postgresql://app:secret@db.example.com:6432/engine"
                + "?sslmode=verify-full&channel_binding=require&application_name=a%20b");

    assertEquals("db.example.com", url.host());
    assertEquals(6432, url.port());
    assertEquals("engine", url.database());
    assertEquals("app", url.user());
    assertEquals("secret", url.password());
    assertEquals(SslMode.VERIFY_FULL, url.sslMode());
    assertEquals(true, url.channelBindingRequired());
    assertEquals("a b", url.parameters().get("application_name"));
  }

  @Test
  void whatIsNotSaidIsAsLibpqHasIt() throws MalformedUrlException {
    var url = DatabaseUrl.parse("postgres://app@db/engine");

    assertEquals(5432, url.port());
    assertEquals("", url.password());
    assertEquals(SslMode.PREFER, url.sslMode());
    assertFalse(url.channelBindingRequired());
  }

  @ParameterizedTest
  @CsvSource({
    "p%40ss%3Aw%2Ford%25, p@ss:w/ord%",
    "a+b, a+b",
    "a%2Bb, a+b",
    "se%20cret, se cret",
    "contrase%C3%B1a, contraseña",
    "with:colon, with:colon"
  })
  void thePasswordIsPercentDecodedAndAPlusStaysAPlus(String written, String meant)
      throws MalformedUrlException {
    assertEquals(meant, DatabaseUrl.parse("postgresql://app:" + written + "@db/e").password());
  }

  @Test
  void userDatabaseAndHostAreDecodedToo() throws MalformedUrlException {
    var url = DatabaseUrl.parse("postgresql://my%40app:x@db%2Dhost/my%20base");

    assertEquals("my@app", url.user());
    assertEquals("my base", url.database());
    assertEquals("db-host", url.host());
  }

  @Test
  void partsMayStandAmongTheParameters() throws MalformedUrlException {
    var url =
        DatabaseUrl.parse("postgresql:///?host=db&port=6432&user=app&password=x&dbname=engine");

    assertEquals("db", url.host());
    assertEquals(6432, url.port());
    assertEquals("app", url.user());
    assertEquals("x", url.password());
    assertEquals("engine", url.database());
  }

  @ParameterizedTest
  @CsvSource({"[2001:db8::7]:6432, 2001:db8::7, 6432", "[::1], ::1, 5432"})
  void anIpv6AddressStandsInBrackets(String written, String host, int port)
      throws MalformedUrlException {
    var url = DatabaseUrl.parse("postgresql://app:x@" + written + "/engine");

    assertEquals(host, url.host());
    assertEquals(port, url.port());
  }

  @ParameterizedTest
  @EnumSource(SslMode.class)
  void everySslModeOfLibpqIsKnown(SslMode mode) throws MalformedUrlException {
    assertEquals(
        mode, DatabaseUrl.parse("postgresql://app@db/engine?sslmode=" + mode.text()).sslMode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "''| the URL is empty",
        "'   '| the URL is empty",
        "' postgresql://app@db/e'| the URL begins or ends with white space or a line break",
        "mysql://app@db/e| the URL does not begin with postgresql://",
        "postgresql://db/e| the URL names no user",
        "postgresql://app@db| the URL names no database",
        "postgresql://app@db/| the URL names no database",
        "postgresql://app@/e| the URL names no host",
        "postgresql://app:p@ss@db/e| user or password hold an unescaped @; write it as %40",
        "postgresql://app:50%@db/e| the password holds a % that is not followed by two hex digits",
        "postgresql://a%zz@db/e| the user holds a % that is not followed by two hex digits",
        "postgresql://app@db/%| the database holds a % that is not followed by two hex digits",
        "postgresql://app@db/e?x=%| a parameter holds a % that is not followed by two hex digits",
        "postgresql://app@db/e?sslmode| a parameter after the ? is not of the form name=value",
        "postgresql://app@db/e?=x| a parameter after the ? is not of the form name=value",
        "postgresql://app@[::1/e| the IPv6 address has no closing ]"
      })
  void aTextThatIsNoUrlIsRefusedWithThePartThatIsWrong(String text, String message) {
    assertEquals(message, refusal(text));
  }

  /** What people paste; the sentence says what stands before the URL, and never repeats it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "DATABASE_URL=postgresql://app:hunter2@db/e| begins with a variable's name and =",
        "export DATABASE_URL='postgresql://app:hunter2@db/e'| begins with a variable's name and =",
        "hunter2=x| does not begin with postgresql://",
        "psql 'postgresql://app:hunter2@db/e'| is a whole command",
        "\uFEFFpostgresql://app:hunter2@db/e| begins with a byte order mark",
        "'postgresql://app:hunter2@db/e'| stands in quotation marks",
        "\"postgresql://app:hunter2@db/e\"| stands in quotation marks",
        "\u201cpostgresql://app:hunter2@db/e\u201d| stands in quotation marks",
        "host=db dbname=e user=app password=hunter2| is in libpq's form of keywords",
        "password=hunter2 host=db| is in libpq's form of keywords",
        "postgresql+psycopg2://app:hunter2@db/e| names a driver behind a +",
        "POSTGRESQL://app:hunter2@db/e| is not in small letters",
        "postgresql:/app:hunter2@db/e| has not two slashes",
        "cG9zdGdyZXNxbDovL2FwcDpodW50ZXIyQGRiL2U=| is encoded in base64 once more",
        "postgresql://app:hunt/er2@db/e| a / stands before the @",
        "postgresql://app:hunt/er2@db/e?user=app| a / stands before the @",
        "postgresql://app:12/hunter2@db/e| a / stands before the @",
        "postgresql://app:hunt?er2@db/e| a ? stands before the @",
        "postgresql://app:hunt@er2@db/e| hold an unescaped @"
      })
  void aWrongBeginningOrSignIsNamedWithoutTheSecret(String text, String part) {
    var message = refusal(text);

    assertTrue(message.contains(part), message);
    assertFalse(message.contains("hunt"), message);
    assertFalse(message.contains("er2"), message);
  }

  @Test
  void anAtMayStandInAParameter() throws MalformedUrlException {
    assertEquals(
        "a@b",
        DatabaseUrl.parse("postgresql://db/e?user=app&application_name=a@b")
            .parameters()
            .get("application_name"));
  }

  /** libpq looks for the user's @ up to the first / alone. */
  @ParameterizedTest
  @ValueSource(strings = {"db", "db:6432", "[2001:db8::7]:6432", "db:6432,other", "db,[::1]:1"})
  void anAtMayStandInTheDatabase(String servers) throws MalformedUrlException {
    assertEquals("e@x", DatabaseUrl.parse("postgresql://" + servers + "/e@x?user=app").database());
    assertEquals("e@x", DatabaseUrl.parse("postgresql://app@" + servers + "/e@x").database());
  }

  @Test
  void anAtInTheDatabaseIsNoReasonToSpeakOfAPassword() {
    assertEquals("the URL names no user", refusal("postgresql://db/e@x"));
  }

  @Test
  void libpqTakesABareHash() throws MalformedUrlException {
    var text = "postgresql://app:a#b@db/e";

    assertEquals("a#b", DatabaseUrl.parse(text).password());
    assertTrue(DatabaseUrl.bareHash(text));
    assertFalse(DatabaseUrl.bareHash("postgresql://app:a%23b@db/e"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "54x2", "99999999999"})
  void aPortOutOfRangeIsRefused(String port) {
    assertEquals(
        "the port is no number from 1 to 65535; a / : or @ in the password must be percent-encoded",
        refusal("postgresql://app:x@db:" + port + "/engine"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_535})
  void theFirstAndTheLastPortAreFine(int port) throws MalformedUrlException {
    assertEquals(port, DatabaseUrl.parse("postgresql://app@db:" + port + "/engine").port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"disabled", "VERIFY-FULL", "verify_full", ""})
  void anSslModeThatLibpqDoesNotKnowIsRefused(String mode) {
    assertEquals(
        "sslmode is none of libpq's: disable, allow, prefer, require, verify-ca, verify-full",
        refusal("postgresql://app@db/engine?sslmode=" + mode));
  }

  /** kubectl create secret --from-file keeps the line break at a file's end. */
  @Test
  void aLineBreakAtTheEndIsRefused() {
    assertEquals(
        "the URL begins or ends with white space or a line break",
        refusal("postgresql://app:x@db/engine\n"));
  }

  /** base64 without -w0 wraps, and so does many an editor. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql://app:x@db/\nengine", "postgresql://app:x\r\n@db/engine"})
  void aLineBreakInsideIsRefused(String text) {
    assertEquals("the URL holds a line break", refusal(text));
  }

  @Test
  void toStringHidesThePassword() throws MalformedUrlException {
    assertEquals(
        "postgresql://app:***@db:5432/engine",
        DatabaseUrl.parse("postgresql://app:hunter2@db/engine?sslmode=require").toString());
  }

  /** Each password breaks the URL in another place; none of its words may come back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2@tail",
        "hunter2/tail",
        "hunter2:tail/x",
        "hunter2?tail",
        "hunter2?tail=%zz",
        "hunter2?tail%zz=1",
        "hunter2?sslmode=tail",
        "hunter2?user=tail&sslmode=tail",
        "hunter2%zztail",
        "hunter2#tail/",
        "[hunter2/tail",
        "hunter2\ntail",
        " hunter2,tail/"
      })
  void noMessageHoldsAnyPartOfThePasswordOrOfTheUrl(String password) {
    var message = refusal("postgresql://app:" + password + "@db.example.com:70000/engine");

    assertFalse(message.contains("hunter2"), message);
    assertFalse(message.contains("tail"), message);
    assertFalse(message.contains("example.com"), message);
  }
}
