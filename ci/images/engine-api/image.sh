# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The sample application: a small HTTP service with a connection pool (see main.go).

engine_api_images() { echo engine-api:dev; }
engine_api_key() {
  hash_words "$(base_recipe)" "$go_version" \
    "$(hash_files "$images_source"/engine-api/{image.sh,go.mod,go.sum} "$images_source"/engine-api/*.go)"
}

engine_api_build() {
  local key=$2 program dir
  program=$(image_go_program "$images_source/engine-api")
  base_layer
  dir=$(mktemp -d)
  install -D -m 755 "$program/engine-api" "$dir/usr/local/bin/engine-api"
  layer_store_dir engine-api "$key" "$dir"
  rm -rf -- "$dir"
  image_assemble "$1" "$key" \
    '{"User":"65532:65532","Env":["PATH=/usr/lib/postgresql/15/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],"Entrypoint":["engine-api"],"ExposedPorts":{"8080/tcp":{}}}' \
    "base $(base_recipe)" "engine-api $key"
}
