# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# PostgreSQL as Debian packages it, with the user id of the official image and without its entry point: the chart brings
# its own scripts, and must run any PostgreSQL image.

postgres_images() { printf '%s\n' postgres:15 postgres:17; }
postgres_key() { hash_words "$1" "$(hash_files "$images_source/postgres/image.sh" "$images_source/lib.sh")"; }

postgres_suite() { case $1 in 15) echo bookworm ;; 17) echo trixie ;; esac; }

postgres_build() {
  local image=$1 key=$2 major=${1#*:}
  # postgres must have uid 999 before the package would choose another one.
  # The package makes a database cluster, which an image must not have; removing it afterwards is simpler than
  # configuring postgresql-common before it is there. LLVM is for just-in-time compilation: a quarter of the image
  # that PostgreSQL does without, and says so to nobody.
  # shellcheck disable=SC2016 # "$1" is the hook's own argument
  layer_store_debian "postgres-$major" "$key" "$(postgres_suite "$major")" "postgresql-$major" \
    --essential-hook='echo "postgres:x:999:999:PostgreSQL:/var/lib/postgresql:/bin/bash" >>"$1/etc/passwd"' \
    --essential-hook='echo "postgres:!:19000:0:99999:7:::" >>"$1/etc/shadow"' \
    --essential-hook='echo "postgres:x:999:" >>"$1/etc/group"' \
    --customize-hook='rm -rf "$1"/var/lib/postgresql/*/main "$1"/etc/postgresql/*/main "$1"/var/log/postgresql/*' \
    --customize-hook='rm -rf "$1"/usr/lib/*/libLLVM*.so* "$1"/usr/lib/llvm-* "$1"/usr/lib/postgresql/*/lib/llvmjit*.so "$1"/usr/lib/postgresql/*/lib/bitcode'
  image_assemble "$image" "$key" \
    "{\"User\":\"999:999\",\"Env\":[\"PATH=/usr/lib/postgresql/$major/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\"LANG=C.UTF-8\",\"PG_MAJOR=$major\"],\"Cmd\":[\"postgres\"]}" \
    "postgres-$major $key"
}
