// A small image registry that keeps what was pushed: `crane registry serve` forgets its manifests when it is
// restarted, and the full distribution program brings the storage drivers of every cloud with it.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"github.com/sirupsen/logrus"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:5001", "addresses to listen on, separated by commas")
	directory := flag.String("directory", "", "where the images are kept")
	flag.Parse()
	if *directory == "" {
		log.Fatal("registry: -directory is needed")
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	config := &configuration.Configuration{
		Storage: configuration.Storage{
			"filesystem": configuration.Parameters{"rootdirectory": *directory},
			// An image that is pushed again under its old tag leaves layers behind; the directory is thrown away as a whole.
			"delete": configuration.Parameters{"enabled": true},
		},
	}
	config.Catalog.MaxEntries = 1000
	// A line for each request otherwise.
	logrus.SetLevel(logrus.WarnLevel)
	config.HTTP.Secret = "only one process serves this directory"
	server := &http.Server{Handler: handlers.NewApp(ctx, config), ReadHeaderTimeout: 10 * time.Second}

	failed := make(chan error, 1)
	for address := range strings.SplitSeq(*listen, ",") {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			log.Fatalf("registry: cannot listen on %s: %v", address, err)
		}
		log.Printf("registry: listening on %s", address)
		go func() { failed <- server.Serve(listener) }()
	}

	select {
	case err := <-failed:
		log.Fatalf("registry: %v", err)
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = server.Shutdown(bounded)
}
