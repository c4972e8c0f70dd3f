# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Keys for the caches: equal inputs, equal key.

# hash_of WORD...: of the words and of what is on stdin when it is a pipe or a file given by hash_files.
hash_words() { printf '%s\0' "$@" | sha256sum | cut -c1-16; }

# hash_files FILE...: of the contents, in the order given. Names do not count, so a checkout elsewhere has the same key.
hash_files() { cat -- "$@" | sha256sum | cut -c1-16; }
