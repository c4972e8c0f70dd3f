# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# postgres_exporter, which the chart's metrics.enabled runs beside the server: its program alone, as its makers' image.

exporter_images() { echo exporter:dev; }
exporter_key() { hash_words "$(hash_files "$images_source"/exporter/{image.sh,go.mod,go.sum} "$images_source/lib.sh")" "$go_version"; }

exporter_build() {
  local key=$2 program dir
  program=$(image_go_program "$images_source/exporter")
  dir=$(mktemp -d)
  install -D -m 755 "$program/postgres_exporter" "$dir/bin/postgres_exporter"
  layer_store_dir exporter "$key" "$dir"
  rm -rf -- "$dir"
  image_assemble "$1" "$key" \
    '{"User":"65534:65534","Entrypoint":["/bin/postgres_exporter"],"ExposedPorts":{"9187/tcp":{}}}' "exporter $key"
}
