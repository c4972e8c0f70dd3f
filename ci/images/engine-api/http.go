package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

const largestBody = 64 << 10

func newHandler(s *store, log *slog.Logger) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	routes.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if !s.ready(r.Context()) {
			problem(w, http.StatusServiceUnavailable, "no connection to the database")
			return
		}
		answer(w, http.StatusOK, map[string]string{"status": "ready"})
	})
	routes.HandleFunc("GET /usuarios", func(w http.ResponseWriter, r *http.Request) {
		list, err := s.list(r.Context())
		if err != nil {
			failed(w, log, err)
			return
		}
		answer(w, http.StatusOK, list)
	})
	routes.HandleFunc("POST /usuarios", func(w http.ResponseWriter, r *http.Request) {
		var wanted struct {
			Nombre string `json:"nombre"`
			Email  string `json:"email"`
		}
		body := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestBody))
		body.DisallowUnknownFields()
		if err := body.Decode(&wanted); err != nil {
			problem(w, http.StatusBadRequest, `the body must be JSON like {"nombre": "...", "email": "..."}: `+err.Error())
			return
		}
		if strings.TrimSpace(wanted.Nombre) == "" || strings.TrimSpace(wanted.Email) == "" {
			problem(w, http.StatusUnprocessableEntity, "nombre and email must not be empty")
			return
		}
		added, err := s.add(r.Context(), wanted.Nombre, wanted.Email)
		if err != nil {
			failed(w, log, err)
			return
		}
		answer(w, http.StatusCreated, added)
	})
	return routes
}

// failed answers 503 when the database could not be asked or is not prepared, 500 when it refused.
func failed(w http.ResponseWriter, log *slog.Logger, err error) {
	log.Error("request failed", "error", err.Error())
	var database *databaseError
	switch {
	case errors.As(err, &database) && database.code == "42P01":
		problem(w, http.StatusServiceUnavailable, "the table usuarios is missing: run engine-api migrate")
	case errors.As(err, &database) && database.code != "":
		problem(w, http.StatusInternalServerError, err.Error())
	default:
		problem(w, http.StatusServiceUnavailable, err.Error())
	}
}

func problem(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"error": message})
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value)
}
