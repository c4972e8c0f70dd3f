package io.tlengine.pgcheck.gather.database;

import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.PostgresServer;
import java.sql.Connection;
import java.util.List;

/** A server that one test has to itself, to restart it or to change its files. */
record OwnServer(PostgresServer server) implements AutoCloseable {

  static OwnServer start(Postgres postgres, int major, String... settings) {
    return new OwnServer(postgres.own(major, List.of(settings)));
  }

  String url() {
    return url(Postgres.USER, Postgres.PASSWORD, Postgres.DATABASE);
  }

  Connection superuser(String database) throws Exception {
    return Login.connect(
        DatabaseUrl.parse(url("postgres", Postgres.SUPERUSER_PASSWORD, database)),
        RealDatabases.TIMEOUT);
  }

  String url(String role, String password, String database) {
    return Postgres.url(role, password, "127.0.0.1", server.port(), database, "sslmode=disable");
  }

  /** On another port. */
  OwnServer again() {
    server.close();
    return new OwnServer(server.again());
  }

  @Override
  public void close() {
    server.close();
  }
}
