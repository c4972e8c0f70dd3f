// engine-api is the sample application of the test cluster: a small HTTP service that keeps its usuarios in PostgreSQL.
// It knows its database by DATABASE_URL alone and cannot tell where that database runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const usage = `engine-api: usuarios over HTTP, kept in PostgreSQL

  engine-api            serve
  engine-api migrate    create the table usuarios if it is not there, then end

Environment:
  DATABASE_URL          how to reach the database; used exactly as it is given
  DATABASE_URL_DIRECT   used by migrate instead of DATABASE_URL when set (not through a pooler)
  POOL_MAX_SIZE         connections at most (default 10)
  PORT                  where to listen (default 8080)

  GET /healthz          200 while the process serves; needs no database
  GET /readyz           200 when a connection of the pool can be had; sends no query
  GET /usuarios         all of them
  POST /usuarios        {"nombre": "...", "email": "..."} adds one and returns it
`

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(ctx, log, os.Args[1:]); err != nil {
		log.Error("engine-api ends", "error", err.Error())
		os.Exit(1)
	}
}

func run(ctx context.Context, log *slog.Logger, arguments []string) error {
	switch {
	case len(arguments) == 0:
		return serve(ctx, log)
	case len(arguments) == 1 && arguments[0] == "migrate":
		return migrate(ctx, log)
	case len(arguments) == 1 && (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help"):
		fmt.Print(usage)
		return nil
	default:
		return fmt.Errorf("unknown arguments; try engine-api --help")
	}
}

func serve(ctx context.Context, log *slog.Logger) error {
	port, err := positive("PORT", 8080, 65535)
	if err != nil {
		return err
	}
	poolSize, err := positive("POOL_MAX_SIZE", 10, 10000)
	if err != nil {
		return err
	}
	store, err := openStore(os.Getenv("DATABASE_URL"), int32(poolSize))
	if err != nil {
		return err
	}
	defer store.close()
	go store.watch(ctx, log)

	server := &http.Server{Handler: newHandler(store, log), ReadHeaderTimeout: 5 * time.Second}
	listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
	if err != nil {
		return err
	}
	log.Info("listening", "port", port, "poolMaxSize", poolSize)

	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping: finishing the requests that are under way")
	bounded, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	return server.Shutdown(bounded)
}

// positive reads a number from the environment; a wrong one is an error and never silently the default.
func positive(name string, byDefault, most int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return byDefault, nil
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > most {
		return 0, fmt.Errorf("%s must be a number from 1 to %d", name, most)
	}
	return number, nil
}

var errNoURL = errors.New("DATABASE_URL is not set")
