package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type usuario struct {
	ID     int64  `json:"id"`
	Nombre string `json:"nombre"`
	Email  string `json:"email"`
}

type store struct {
	pool      *pgxpool.Pool
	reachable atomic.Bool
}

// parseURL hides the parser's error: it repeats parts of the URL, and a URL holds a password.
func parseURL(url string) (*pgxpool.Config, error) {
	if url == "" {
		return nil, errNoURL
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a valid PostgreSQL URL (reserved characters in user and password must be percent-encoded)")
	}
	return config, nil
}

// openStore makes the pool without connecting: the application starts before its database and waits for it.
func openStore(url string, size int32) (*store, error) {
	config, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = size
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, plain(err)
	}
	return &store{pool: pool}, nil
}

func (s *store) close() { s.pool.Close() }

// ready tells whether a connection can be had. An idle one of the pool is enough, and no query is sent: a probe that
// queries every few seconds would keep a serverless database awake for ever. What breaks an idle connection is found
// by the next request, which reports it and turns readiness off until a connection was made again.
func (s *store) ready(ctx context.Context) bool {
	if s.reachable.Load() {
		return true
	}
	return s.connect(ctx) == nil
}

// connect takes a connection from the pool, making one if none is idle, and gives it back.
func (s *store) connect(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	connection, err := s.pool.Acquire(bounded)
	if err != nil {
		return s.noted(err)
	}
	connection.Release()
	s.reachable.Store(true)
	return nil
}

// watch makes the first connection as soon as it can be made, and says once why it cannot.
func (s *store) watch(ctx context.Context, log *slog.Logger) {
	said := ""
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := s.connect(ctx)
		if err == nil {
			log.Info("connected to the database")
			return
		}
		if text := err.Error(); text != said {
			said = text
			log.Warn("the database cannot be reached yet", "error", text)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (s *store) list(ctx context.Context) ([]usuario, error) {
	rows, err := s.pool.Query(ctx, "SELECT id, nombre, email FROM usuarios ORDER BY id")
	if err != nil {
		return nil, s.noted(err)
	}
	list, err := pgx.AppendRows([]usuario{}, rows, pgx.RowToStructByPos[usuario])
	return list, s.noted(err)
}

func (s *store) add(ctx context.Context, nombre, email string) (usuario, error) {
	added := usuario{Nombre: nombre, Email: email}
	row := s.pool.QueryRow(ctx, "INSERT INTO usuarios (nombre, email) VALUES ($1, $2) RETURNING id", nombre, email)
	return added, s.noted(row.Scan(&added.ID))
}

// noted keeps what an error says about the database: an answer from the server is no loss of the connection, unless the
// server says that it is going away (classes 57P and 08).
func (s *store) noted(err error) error {
	if err == nil {
		return nil
	}
	var answer *pgconn.PgError
	if !errors.As(err, &answer) || len(answer.Code) > 2 && (answer.Code[:3] == "57P" || answer.Code[:2] == "08") {
		s.reachable.Store(false)
	}
	return plain(err)
}

// plain leaves the connection's parameters out of an error: pgx names host, user and database in it, which is more than
// a log or an answer over HTTP needs.
func plain(err error) error {
	if err == nil {
		return nil
	}
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return &databaseError{code: answer.Code, message: answer.Message}
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return &databaseError{message: "no connection to the database: " + reason(connecting.Unwrap())}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &databaseError{message: "no connection to the database in time"}
	}
	return &databaseError{message: "the connection to the database failed"}
}

type databaseError struct{ code, message string }

func (e *databaseError) Error() string {
	if e.code == "" {
		return e.message
	}
	return e.message + " (SQLSTATE " + e.code + ")"
}

// migrate creates what the application needs, and is right to run any number of times.
func migrate(ctx context.Context, log *slog.Logger) error {
	url := os.Getenv("DATABASE_URL_DIRECT")
	if url == "" {
		url = os.Getenv("DATABASE_URL")
	}
	config, err := parseURL(url)
	if err != nil {
		return err
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 10 * time.Second
	}
	connection, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return plain(err)
	}
	defer connection.Close(context.WithoutCancel(ctx))
	// CREATE TABLE IF NOT EXISTS alone can fail when two run at the same moment; the lock makes the second one wait. It
	// belongs to the transaction, so that a pooler in transaction mode keeps it right.
	return pgx.BeginFunc(ctx, connection, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(7301002415)"); err != nil {
			return plain(err)
		}
		_, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS usuarios (id serial PRIMARY KEY, nombre text NOT NULL, email text NOT NULL)")
		if err == nil {
			log.Info("the table usuarios is there")
		}
		return plain(err)
	})
}

// reason keeps the innermost cause, such as "connection refused".
func reason(err error) string {
	for err != nil {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
	return "unknown"
}
