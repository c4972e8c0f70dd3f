#!/usr/bin/env bash
# Every kind of kubeconfig reaches the real API server as the user that it names: client keys in all their forms, tokens,
# exec plugins, contexts, proxies. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-kubeconfigs
pki=${TL_CLUSTER_DIR:-/var/lib/tl-engine-cluster}/pki
fresh_namespace "$namespace"
# Without one there is nothing to show, and the run is incomplete.
kubectl create quota roomy -n "$namespace" --hard=pods=1000 >/dev/null
install_plugin_for_test 4
umask 077
dir=$tap_dir/kubeconfigs
mkdir -p "$dir"
kubectl config view --raw -o json >"$dir/admin"
server=$(jq -r '.clusters[0].cluster.server' "$dir/admin")
ca=$(jq -r '.clusters[0].cluster["certificate-authority-data"]' "$dir/admin")

# The certificates' user may see the namespace, and nobody else of those below may.
user=pgcheck-kubeconfigs
kubectl create rolebinding looks --clusterrole=view --user="$user" -n "$namespace" >/dev/null
kubectl create serviceaccount looks -n "$namespace" >/dev/null
kubectl create rolebinding token --clusterrole=view --serviceaccount="$namespace:looks" -n "$namespace" >/dev/null
token=$(kubectl create token looks -n "$namespace")
printf %s "$token" >"$dir/token"

# kubeconfig FILE USER-JSON [CLUSTER-JSON]: both as kubectl writes them; the cluster is ours, with what is said.
kubeconfig() {
  jq -n --arg server "$server" --arg ca "$ca" --argjson user "$2" --argjson cluster "${3:-{\}}" '{
    apiVersion: "v1", kind: "Config", "current-context": "here",
    clusters: [{name: "here", cluster: ({server: $server, "certificate-authority-data": $ca} + $cluster)}],
    contexts: [{name: "here", context: {cluster: "here", user: "me"}}], users: [{name: "me", user: $user}]}' >"$1"
}

# asks FILE...: PGC-303 needs to list quotas, which nobody may who is not one of the two above.
asks() {
  local IFS=:
  KUBECONFIG="$*" run_pgcheck preflight k charts/tl-engine -f values/statefulset.yaml -n "$namespace" \
    --only PGC-303 -o json ${more_arguments[@]+"${more_arguments[@]}"}
}
more_arguments=()
got_in() { [[ "$status" == 0 ]] && jq -e ".results[0].status != \"unknown\"" "$tap_dir/out"; }
# reaches NAME FILE...
reaches() {
  local name=$1
  shift
  asks "$@"
  check "$name" got_in
  [[ "$status" == 0 ]] || head -n 3 "$tap_dir/err" | sed 's/^/    /'
}
unknown() { # NAME PATTERN: of the run before; exit 4, with the reason in the report
  check "$1" jq -e --arg why "$2" --argjson status "$status" '$status == 4 and .summary.unknown == 1
    and (.results[0].reason | test($why)) and .results[0].remedy != ""' "$tap_dir/out"
}
stays_out() { # NAME CODE PATTERN: of the run before; one line of its own
  check "$1" bash -c "[[ $status == $2 && ! -s '$tap_dir/out' ]] && grep -E '$3' '$tap_dir/err' &&
    [[ \$(grep -cvE '^Error: ' '$tap_dir/err') == 1 ]]"
  [[ "$status" == "$2" ]] || sed 's/^/    /' "$tap_dir/err"
}

# ---- client certificates -------------------------------------------------------------------------------------
# certificate NAME KEYFILE: signed by the cluster's authority.
certificate() {
  openssl req -new -key "$2" -subj "/CN=$user" -out "$dir/$1.csr" 2>/dev/null &&
    openssl x509 -req -in "$dir/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial \
      -CAserial "$dir/serial" -days 1 -out "$dir/$1.crt" 2>/dev/null
}
inline() { jq -n --rawfile c "$1" --rawfile k "$2" '{"client-certificate-data": ($c | @base64), "client-key-data": ($k | @base64)}'; }

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$dir/rsa-pkcs8.key" 2>/dev/null
openssl rsa -in "$dir/rsa-pkcs8.key" -traditional -out "$dir/rsa-pkcs1.key" 2>/dev/null
openssl ecparam -name prime256v1 -genkey -noout -out "$dir/ec-sec1.key"
openssl pkcs8 -topk8 -nocrypt -in "$dir/ec-sec1.key" -out "$dir/ec-pkcs8.key"
# As openssl writes it by default: with the parameters in front.
openssl ecparam -name secp384r1 -genkey -out "$dir/ec-sec1-params.key"
openssl genpkey -algorithm ed25519 -out "$dir/ed25519.key"
for key in rsa-pkcs1:'BEGIN RSA PRIVATE KEY' rsa-pkcs8:'BEGIN PRIVATE KEY' ec-sec1:'BEGIN EC PRIVATE KEY' \
  ec-sec1-params:'BEGIN EC PARAMETERS' ec-pkcs8:'BEGIN PRIVATE KEY' ed25519:'BEGIN PRIVATE KEY'; do
  form=${key#*:} key=${key%%:*}
  check "$key is in the form that is meant" grep -q -- "-----$form-----" "$dir/$key.key"
  certificate "$key" "$dir/$key.key"
  kubeconfig "$dir/$key.config" "$(inline "$dir/$key.crt" "$dir/$key.key")"
  reaches "a client key: $key" "$dir/$key.config"
done
kubeconfig "$dir/files.config" '{"client-certificate": "ec-pkcs8.crt", "client-key": "ec-pkcs8.key"}'
reaches "certificate and key in files beside the kubeconfig" "$dir/files.config"
kubeconfig "$dir/other-key.config" "$(inline "$dir/ec-sec1.crt" "$dir/rsa-pkcs8.key")"
asks "$dir/other-key.config"
check "a key that is not the certificate's does not get in" test "$status" = 2 -o "$status" = 4

# ---- tokens and exec plugins ---------------------------------------------------------------------------------
kubeconfig "$dir/token.config" "$(jq -n --arg token "$token" '{token: $token}')"
reaches "a token" "$dir/token.config"
kubeconfig "$dir/token-file.config" "{\"tokenFile\": \"$dir/token\"}"
reaches "a token in a file" "$dir/token-file.config"
kubeconfig "$dir/wrong-token.config" '{"token": "wrong"}'
asks "$dir/wrong-token.config"
unknown "a wrong token is told" Unauthorized

cat >"$dir/login" <<'LOGIN'
#!/bin/sh
[ "$1" = get-token ] && [ "$FLAVOUR" = sweet ] || { echo "login: not like this" >&2; exit 1; }
cat "$(dirname "$0")/credential"
LOGIN
chmod 700 "$dir/login"
exec_user() { # VERSION COMMAND
  jq -n --arg version "client.authentication.k8s.io/$1" --arg command "$2" '{exec: {apiVersion: $version,
    command: $command, args: ["get-token"], env: [{name: "FLAVOUR", value: "sweet"}], interactiveMode: "Never"}}'
}
credential() { # VERSION STATUS-JSON
  jq -n --arg version "client.authentication.k8s.io/$1" --argjson status "$2" \
    '{apiVersion: $version, kind: "ExecCredential", status: $status}' >"$dir/credential"
}
for version in v1 v1beta1; do
  credential "$version" "$(jq -n --arg token "$token" '{token: $token}')"
  kubeconfig "$dir/exec.config" "$(exec_user "$version" "$dir/login")"
  reaches "an exec plugin's token, $version" "$dir/exec.config"
done
kubeconfig "$dir/exec-relative.config" "$(exec_user v1beta1 ./login)"
reaches "an exec plugin beside the kubeconfig" "$dir/exec-relative.config"
for key in rsa-pkcs1 ec-pkcs8; do
  credential v1 "$(jq -n --rawfile c "$dir/$key.crt" --rawfile k "$dir/$key.key" \
    '{clientCertificateData: $c, clientKeyData: $k}')"
  kubeconfig "$dir/exec.config" "$(exec_user v1 "$dir/login")"
  reaches "an exec plugin's certificate, $key" "$dir/exec.config"
done
kubeconfig "$dir/exec.config" "$(exec_user v1 "$dir/login" | jq '.exec.env = []')"
asks "$dir/exec.config"
stays_out "an exec plugin that fails is told with its words" 2 'not like this'

# ---- contexts, several files, impersonation ------------------------------------------------------------------
jq '.contexts += [{name: "there", context: {cluster: "here", user: "other"}}]
  | .users += [{name: "other", user: {token: "wrong"}}] | .["current-context"] = "there"' \
  "$dir/token.config" >"$dir/contexts.config"
more_arguments=(--kube-context here)
reaches "the context that Helm was given" "$dir/contexts.config"
more_arguments=()
asks "$dir/contexts.config"
check "and else the current one" test "$status" = 4
jq '{apiVersion, kind, "current-context": "split", contexts: [{name: "split", context: {cluster: "here", user: "me"}}]}' \
  "$dir/token.config" >"$dir/first.config"
jq 'del(.["current-context"], .contexts)' "$dir/token.config" >"$dir/second.config"
reaches "context, cluster and user in several files" "$dir/first.config" "$dir/second.config"
reaches "a file of several that is not there" "$dir/nowhere.config" "$dir/token.config"
kubeconfig "$dir/as.config" "$(jq -n --argjson a "$(jq '.users[0].user' "$dir/admin")" --arg u "$user" '$a + {as: $u}')"
reaches "another user's rights" "$dir/as.config"
kubeconfig "$dir/as.config" "$(jq -n --argjson a "$(jq '.users[0].user' "$dir/admin")" '$a + {as: "nobody-knows-me"}')"
asks "$dir/as.config"
check "and only that user's" test "$status" != 0

# ---- the way to the server -----------------------------------------------------------------------------------
kubeconfig "$dir/insecure.config" "$(jq -n --arg token "$token" '{token: $token}')" \
  '{"certificate-authority-data": null, "insecure-skip-tls-verify": true}'
reaches "a server whose certificate is not verified" "$dir/insecure.config"
kubeconfig "$dir/untrusted.config" "$(jq -n --arg token "$token" '{token: $token}')" '{"certificate-authority-data": null}'
asks "$dir/untrusted.config"
unknown "a server of an unknown authority" TLS
base64 -d <<<"$ca" >"$dir/ca.crt"
kubeconfig "$dir/ca-file.config" "$(jq -n --arg token "$token" '{token: $token}')" \
  '{"certificate-authority-data": null, "certificate-authority": "ca.crt"}'
reaches "an authority in a file beside the kubeconfig" "$dir/ca-file.config"

host=${server#https://}
python3 ci/lib/tunnel.py "${host%:*}" "${host#*:}" "$dir/tunnel-port" "$dir/tunnel-log" 127.0.0.1 127.0.0.2 &
tunnel=$!
at_end "kill $tunnel 2>/dev/null"
within 10 test -s "$dir/tunnel-port"
# by_tunnel HOST SERVER-NAME
by_tunnel() {
  kubeconfig "$dir/tunnel.config" "$(jq -n --arg token "$token" '{token: $token}')" \
    "$(jq -n --arg server "https://$1:$(<"$dir/tunnel-port")" --arg name "$2" '{$server, "tls-server-name": $name}')"
  : >"$dir/tunnel-log"
  asks "$dir/tunnel.config"
}
named() { got_in && grep -qa "$1" "$dir/tunnel-log"; }
by_tunnel 127.0.0.2 kubernetes.default.svc
check "tls-server-name: a certificate for another name than the address, which TLS names" named kubernetes.default.svc
by_tunnel localhost kubernetes.default.svc
check "  also in place of the address's own name" named kubernetes.default.svc
by_tunnel 127.0.0.2 ''
unknown "  without it the certificate does not hold" TLS
by_tunnel 127.0.0.2 not-the-server.example
unknown "  nor with a name that it has not" TLS
by_tunnel 127.0.0.2 ''
more_arguments=(--kube-tls-server-name kubernetes.default)
asks "$dir/tunnel.config"
check "  Helm's own flag does the same" named kubernetes.default
more_arguments=()
by_tunnel 127.0.0.2 'not a name'
stays_out "  what is no name is told" 2 'tls-server-name not a name is no host name'

python3 ci/lib/connect-proxy.py "$dir/proxy-port" "$dir/proxy-log" &
proxy=$!
at_end "kill $proxy 2>/dev/null"
within 10 test -s "$dir/proxy-port"
proxy_url=http://127.0.0.1:$(<"$dir/proxy-port")
through_proxy() { [[ -s "$dir/proxy-log" ]] && got_in; }
past_proxy() { [[ ! -s "$dir/proxy-log" ]] && got_in; }
: >"$dir/proxy-log"
kubeconfig "$dir/proxy.config" "$(jq -n --arg token "$token" '{token: $token}')" \
  "$(jq -n --arg url "$proxy_url" '{"proxy-url": $url}')"
asks "$dir/proxy.config"
check "proxy-url of the kubeconfig is used" through_proxy
: >"$dir/proxy-log"
HTTPS_PROXY=$proxy_url asks "$dir/token.config"
check "HTTPS_PROXY is used" through_proxy
: >"$dir/proxy-log"
https_proxy=$proxy_url asks "$dir/token.config"
check "https_proxy is used" through_proxy
for exception in "${host%:*}" 'example.org, 10.0.0.0/8' '*'; do
  : >"$dir/proxy-log"
  HTTPS_PROXY=$proxy_url NO_PROXY=$exception asks "$dir/token.config"
  check "NO_PROXY=$exception goes past it" past_proxy
done
: >"$dir/proxy-log"
HTTPS_PROXY=$proxy_url NO_PROXY=example.org asks "$dir/token.config"
check "NO_PROXY of another host changes nothing" through_proxy

# ---- nothing of it is printed --------------------------------------------------------------------------------
{ printf '%s\n' "$token"; for key in "$dir"/*.key; do sed -n '/PRIVATE/,$p' "$key" | sed 1d | head -n 1; done; } >"$tap_dir/secrets"
check "the output to search is there" test "$(wc -l <"$tap_dir/all-output")" -gt 100
no_secret_printed() { ! grep -Ff "$tap_dir/secrets" "$tap_dir/all-output"; }
check "no token or key was ever printed" no_secret_printed
check "and no stack trace" no_stack_trace "$tap_dir/all-output"

finish kubeconfigs
