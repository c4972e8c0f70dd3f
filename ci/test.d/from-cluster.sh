#!/usr/bin/env bash
# Looking from inside the cluster: preflight --from, what differs between here and there, what stands in the way of a
# look, and what a run leaves (nothing). Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/java.sh
source ci/lib/java.sh

namespace=tl-from-cluster image=${TL_PGCHECK_IMAGE:-localhost:5001/pgcheck:dev}
fresh_restricted_namespace "$namespace"
ci/outside-db up 2>/dev/null || exit 1
umask 077
install_plugin_for_test 4
good_url=$(<"$(ci/outside-db url-file)")
password=$(sed -E 's#.*//[^:]*:([^@]*)@.*#\1#' <<<"$good_url")
k() { kubectl -n "$namespace" "$@"; }

# Every Job, pod and endpoint of the namespace that ever was, as the API server shows it.
for kind in jobs pods endpointslices; do
  kubectl get "$kind" -n "$namespace" -o json --watch >"$tap_dir/$kind.seen" 2>/dev/null &
  at_end "kill $! 2>/dev/null"
done

with_url() {
  printf '%s' "$1" >"$tap_dir/url"
  secret_from_file "$namespace" DATABASE_URL "$tap_dir/url"
}
# look ARGUMENTS...: of the application $app.
app=charts/tl-engine
look() {
  run_pgcheck preflight tl "$app" -n "$namespace" -o json "$@"
  cp "$tap_dir/out" "$tap_dir/report"
}
from() { look --image "$image" "$@"; }
report() { jq -e "$1" "$tap_dir/report" || { show; return 1; }; }
result() { jq -c --arg code "$1" '.results[] | select(.code == $code)' "$tap_dir/report"; }
is() { result "$1" | jq -e "$2" || { show; return 1; }; }
nothing_left() { [[ -z "$(k get jobs,pods -l pgcheck.io/helper -o name)" ]]; }
# The same by all objects of the namespace, where nothing else is made meanwhile.
nothing_at_all() { nothing_left && nothing_new; }

# ---- healthy ---------------------------------------------------------------------------------------------------
with_url "$good_url"
look -f values/external.yaml
check "from here: the check of the cluster is skipped, and nothing is incomplete" report '.verdict == "passed" and
  any(.results[]; .code == "PGC-307" and .status == "skipped" and .reason == "needs --from-cluster")'
from -f values/external.yaml --from-cluster --save-facts "$tap_dir/facts"
# But for PGC-109, which judges a time: on a busy machine it may warn.
check "from the cluster: everything passes" report '.verdict == "passed" and
  all(.results[]; .status != "failed" or .severity == "info" or .code == "PGC-109")'
check "with the cluster's DNS and the round trip" bash -c "[[ '$(result PGC-307 | jq -r .status) $(
  result PGC-109 | jq -r '.evidence.roundTripMillis | type')' == 'passed number' ]]"
check "its pod and its Job are gone" within 60 nothing_left
run_pgcheck preflight --facts "$tap_dir/facts" -o json
check "its facts can be judged again" jq -e '.verdict == "passed"' "$tap_dir/out"

# ---- here and there --------------------------------------------------------------------------------------------
# A name that no resolver outside the cluster knows, and needs none: an address behind a Service.
k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Service
metadata: {name: provider}
spec: {ports: [{port: 6432}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: provider, labels: {kubernetes.io/service-name: provider}}
addressType: IPv4
ports: [{port: 6432}]
endpoints: [{addresses: [10.240.0.1]}]
YAML
with_url "${good_url/10.240.0.1/provider.$namespace.svc}"
look -f values/external.yaml
check "a name of a Service is unknown from here, and says what decides" is PGC-101 '.status == "unknown"
  and any(.; .remedy | contains("--from-cluster"))'
from -f values/external.yaml --from=both
check "from the cluster it is decided, and what this machine saw is shown" is PGC-101 '.status == "passed"
  and (.evidence.fromThisMachine | contains("does not resolve from here"))'
check "and nothing else is wrong" report '.verdict == "passed"'

with_url "${good_url/10.240.0.1/provide.$namespace.svc}"
from -f values/external.yaml --from-cluster
check "a name that no Service has: PGC-101 alone fails" report \
  '[.results[] | select(.status == "failed" and .severity != "info") | .code] == ["PGC-101"]'
check "  and its look finds the one that was meant" grep -q "^$namespace *provider " <(pasted "$(looks)")

# ---- one name, two addresses, a server at one of them ------------------------------------------------------------
# In the cluster the two are those of a headless Service; from here, those of a hosts file that this process alone sees.
k apply -f - >/dev/null <<YAML
apiVersion: v1
kind: Service
metadata: {name: doors}
spec: {clusterIP: None, ports: [{port: 6432}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: doors, labels: {kubernetes.io/service-name: doors}}
addressType: IPv4
ports: [{port: 6432}]
endpoints: [{addresses: [10.240.0.2]}, {addresses: [10.240.0.1]}]
YAML
printf '10.240.0.2 doors.%s.svc\n10.240.0.1 doors.%s.svc\n' "$namespace" "$namespace" | cat /etc/hosts - >"$tap_dir/hosts"
cat >"$tap_dir/with-hosts" <<SH
#!/bin/bash
exec unshare --mount bash -c 'mount --bind "$tap_dir/hosts" /etc/hosts && exec "$helm" "\$@"' with-hosts "\$@"
SH
chmod +x "$tap_dir/with-hosts"
with_url "${good_url/10.240.0.1/doors.$namespace.svc}"
one_door() {
  report '[.results[] | select(.status == "failed" and .severity != "info" and .code != "PGC-109") | .code] == ["PGC-102"]' &&
    is PGC-102 '.severity == "warning" and (.findings | length == 1)
      and (.findings[0].message | startswith("1 of 2 addresses of doors."))
      and (.evidence.addresses | length == 2 and any(startswith("10.240.0.2 refused after"))
        and any(startswith("10.240.0.1 accepted after")))' &&
    is PGC-105 '.status == "passed"' && test "$status" = 0
}
from -f values/external.yaml --from-cluster
check "one of the name's two addresses is dead, seen by a pod: PGC-102 warns, alone" one_door
helm=$tap_dir/with-hosts look -f values/external.yaml
check "and seen from this machine" one_door

# An application of our own, whose pods' DNS is given by values.
app=$tap_dir/app
mkdir -p "$app/templates"
printf 'apiVersion: v2\nname: app\nversion: 1.0.0\n' >"$app/Chart.yaml"
cat >"$app/templates/app.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      {{- toYaml .Values.pod | nindent 6 }}
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: app
          image: localhost:5001/busybox:1.36
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          env:
            - name: DATABASE_URL
              valueFrom: {secretKeyRef: {name: postgresql-secret, key: DATABASE_URL}}
            - {name: POOL_MAX_SIZE, value: "2"}
YAML
# It would be an endpoint of this Service, were it ever ready.
k create service clusterip app --tcp=5432 >/dev/null

with_url "${good_url/10.240.0.1/db.example.invalid}"
from --from=both --set 'pod.hostAliases[0].ip=10.240.0.1,pod.hostAliases[0].hostnames[0]=db.example.invalid'
check "a name that only the pods know: works there, not here; information, not counted" is PGC-101 '
  .severity == "info" and (.findings[0].message | startswith("works from the cluster, not from this machine"))'
check "and the run passes" test "$status" = 0

# A port of this machine, at its own address and at the one by which the pods know it.
python3 ci/lib/tunnel.py 10.240.0.1 6432 "$tap_dir/port" "$tap_dir/tunnel" 127.0.0.1 10.240.0.1 &
at_end "kill $! 2>/dev/null"
wait_for 10 "the tunnel" test -s "$tap_dir/port"
port=$(<"$tap_dir/port")
with_url "${good_url/10.240.0.1:6432/127.0.0.1:$port}"
look --set pod.dnsPolicy=ClusterFirst
check "through this machine's own port it works from here" report '.verdict == "passed"'
# here_not_there CODE NAME CAUSE: this code is at fault, and nothing else.
here_not_there() {
  from --from=both --set pod.dnsPolicy=ClusterFirst
  check "$2: $1 alone fails" report "[.results[] | select(.status == \"failed\") | .code] == [\"$1\"]"
  check "$2: works here, not there, with the cause" is "$1" \
    ".findings[0].detail | contains(\"works from this machine, not from the cluster: $3\")"
}
here_not_there PGC-102 "an address that means the pod itself there" "the address is a loopback one"

# What a NetworkPolicy or a firewall does on the way: the network of the test's cluster enforces none.
with_url "${good_url/10.240.0.1:6432/10.240.0.1:$port}"
from --from=both --set pod.dnsPolicy=ClusterFirst
check "the same port without a firewall: passes from both" report '.verdict == "passed"'
at_end "nft delete table inet tl-from-cluster 2>/dev/null"
nft add table inet tl-from-cluster
nft 'add chain inet tl-from-cluster pods { type filter hook input priority 0; }'
nft add rule inet tl-from-cluster pods iifname tl-host tcp dport "$port" drop
here_not_there PGC-102 "a firewall that drops" "something drops the pods' packets: a NetworkPolicy or firewall"
nft flush chain inet tl-from-cluster pods
nft add rule inet tl-from-cluster pods iifname tl-host tcp dport "$port" reject with tcp reset
here_not_there PGC-102 "a firewall that rejects" "something refuses the pods: a NetworkPolicy that rejects"
nft delete table inet tl-from-cluster

# What answers in the database's place on the pods' way alone.
at_end "nft delete table ip tl-from-cluster 2>/dev/null"
nft add table ip tl-from-cluster
nft 'add chain ip tl-from-cluster pods { type nat hook prerouting priority -100; }'
# in_its_place [CERTIFICATE KEY]
in_its_place() {
  rm -f "$tap_dir/other-port"
  python3 ci/lib/in-its-place.py 10.240.0.1 "$tap_dir/other-port" "$@" &
  at_end "kill $! 2>/dev/null"
  wait_for 10 "the other server" test -s "$tap_dir/other-port"
  nft flush chain ip tl-from-cluster pods
  nft add rule ip tl-from-cluster pods iifname tl-host tcp dport "$port" dnat to "10.240.0.1:$(<"$tap_dir/other-port")"
}
in_its_place
here_not_there PGC-103 "a web proxy on the pods' way" "something else than the database answers the pods"
nft flush chain ip tl-from-cluster pods
# This machine trusts the database's authority, as others trust a public one; the pod's image does not.
"$(find_jdk25)/bin/keytool" -importcert -noprompt -alias outside -file "$(ci/outside-db ca-file)" -keystore "$tap_dir/trust" \
  -storepass changeit >/dev/null 2>&1
trusting="-Djavax.net.ssl.trustStore=$tap_dir/trust -Djavax.net.ssl.trustStorePassword=changeit"
verified=${good_url/10.240.0.1:6432/10.240.0.1:$port}
with_url "${verified%%\?*}?sslmode=verify-full&sslrootcert=system"
JAVA_TOOL_OPTIONS=$trusting look --set pod.dnsPolicy=ClusterFirst
check "an authority that this machine trusts: it works from here" report '.verdict == "passed"'
JAVA_TOOL_OPTIONS=$trusting here_not_there PGC-104 "an authority that the pod's image does not know" \
  "the certificate is the same, and the pod's image trusts other roots than this machine"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tap_dir/proxy.key" -out "$tap_dir/proxy.crt" -days 30 \
  -subj "/CN=proxy.example" -addext "subjectAltName=IP:10.240.0.1" 2>/dev/null
in_its_place "$tap_dir/proxy.crt" "$tap_dir/proxy.key"
JAVA_TOOL_OPTIONS=$trusting here_not_there PGC-104 "a proxy that ends TLS on the pods' way" \
  "the pods are shown another certificate (of CN=proxy.example): a proxy on their way ends TLS"
nft delete table ip tl-from-cluster

# Pods whose resolver does not answer.
cat >"$tap_dir/resolver.yaml" <<'YAML'
pod:
  dnsPolicy: None
  dnsConfig: {nameservers: [192.0.2.1], options: [{name: timeout, value: "1"}, {name: attempts, value: "1"}]}
YAML
with_url "${good_url/10.240.0.1/db.outside.test}"
from --from-cluster -f "$tap_dir/resolver.yaml"
check "pods without DNS: PGC-307 alone fails, and names the database's host" report '
  [.results[] | select(.status == "failed") | [.code, .severity]] == [["PGC-307", "error"]]
  and any(.results[]; .code == "PGC-101" and .reason == "follows from PGC-307")
  and any(.results[].findings[]; .message | contains("db.outside.test"))'
check "nothing is left of all these" within 60 nothing_left
no_endpoint() { jq -s 'map(select(.metadata.labels["kubernetes.io/service-name"] == "app") | .endpoints[]?)' \
  "$tap_dir/endpointslices.seen" | jq -e 'length > 0 and all(.[]; .conditions.ready == false)'; }
check "no pod of ours was ever a ready endpoint of the application's Service" no_endpoint

# ---- what stands in the way ------------------------------------------------------------------------------------
with_url "$good_url"
app=charts/tl-engine
# incomplete NAME PATTERN: the last run ended with 4, and what could not be looked at says why and what to do.
incomplete() {
  check "$1: unknown, with what would decide it" test "$status" = 4
  check "$1: says why" jq -e --arg why "$2" 'all(.results[] | select(.code == ("PGC-101", "PGC-307"));
    .status == "unknown" and (.reason | test($why)) and .remedy != "")' "$tap_dir/report"
  check "$1: leaves nothing" within 60 nothing_left
}
few=(-f values/external.yaml --only 'PGC-101,PGC-307')
look "${few[@]}" --from-cluster
incomplete "no image named" 'no pgcheck image is named'
look "${few[@]}" --from-cluster --image localhost:5001/no-such-image:1
incomplete "an image that is not there" 'cannot be pulled: (ImagePullBackOff|ErrImagePull)'
from "${few[@]}" --from-cluster --set-string database.existingSecret=later
check "a Secret that is not there: PGC-802's matter" is PGC-101 '
  .status == "skipped" and .reason == "follows from PGC-802"'
k create quota none --hard=pods=0 >/dev/null
from "${few[@]}" --from-cluster
incomplete "a quota that lets no pod in" 'exceeded quota'
k delete quota none >/dev/null

# With exactly the printed Role the look is complete; without Jobs in it, it is unknown.
k create serviceaccount looker >/dev/null
kubectl config view --raw -o json |
  jq --arg token "$(k create token looker)" '.users[0].user = {token: $token}' >"$tap_dir/looker"
run_pgcheck preflight --print-rbac --from-cluster --only PGC-101,PGC-307 -n "$namespace"
cp "$tap_dir/out" "$tap_dir/role"
k apply -f "$tap_dir/role" >/dev/null
k create rolebinding looker --role=pgcheck-preflight --serviceaccount="$namespace:looker" >/dev/null
KUBECONFIG=$tap_dir/looker from "${few[@]}" --from-cluster
check "with exactly the printed Role the look is complete" test "$status" = 0
k get role pgcheck-preflight -o json | jq '.rules |= map(select(.resources | index("jobs") | not))' |
  k apply -f - >/dev/null 2>&1
KUBECONFIG=$tap_dir/looker from "${few[@]}" --from-cluster
incomplete "no right to create Jobs" 'may not create jobs'
check "no right to create Jobs: nothing is said of deleting what was not made" bash -c "! grep 'could not delete' '$tap_dir/err'"
check "no right to create Jobs: names the command that prints the Role" is PGC-101 '
  .remedy | contains("--print-rbac --from-cluster")'

# ---- told to end in the middle -----------------------------------------------------------------------------------
# begin_look: sets $pid, that of helm. A shell starts what is in the background deaf to SIGINT.
begin_look() {
  : >"$tap_dir/progress"
  env --default-signal=INT setsid "$helm" pgcheck preflight tl charts/tl-engine "${few[@]}" -n "$namespace" \
    --from-cluster --image "$image" --timeout "${limit:-60s}" >/dev/null 2>"$tap_dir/progress" </dev/null &
  pid=$!
}
at_work() { wait_for 60 "the Job" grep -q 'made the Job' "$tap_dir/progress"; }
a_job_is_there() { [[ -n "$(k get jobs -l pgcheck.io/helper -o name)" ]]; }
over() { ! kill -0 "$1" 2>/dev/null; }
# end_look WHO SIGNAL
end_look() {
  local program
  program=$(program_of "$pid")
  case $1 in
    helm) kill "-$2" "$pid" ;;
    program) kill "-$2" "${program:-$pid}" ;;
    all) kill "-$2" ${program:+"$program"} "$pid" ;;
  esac 2>/dev/null
  wait "$pid" 2>/dev/null
  wait_for 60 "the program's end" over "${program:-$pid}"
  cat "$tap_dir/progress" >>"$tap_dir/all-output"
}
remember_names
for signal in INT TERM; do
  begin_look
  check "SIG$signal: a Job is at work" at_work
  check "SIG$signal to helm: the program ends" end_look helm "$signal"
  check "SIG$signal to helm: nothing is left" within 60 nothing_at_all
done

# At any moment of a look: the program may not be there yet, or have ended by itself.
for how in 'helm TERM' 'program INT' 'helm INT' 'program TERM' 'all INT' 'all TERM'; do
  begin_look
  random_moment 6000
  # shellcheck disable=SC2086 # two words
  end_look $how
  # A pod that was being made when its Job was deleted goes a moment later: Kubernetes takes it along.
  check "SIG${how#* } to the ${how% *} after $moment ms ($(tail -n 1 "$tap_dir/progress" | cut -c1-40)): nothing is left" \
    within 60 nothing_at_all
done
# What helm's end leaves alone ends as well, however early it came.
begin_look
java_runs() { [[ "$(cat "/proc/$(program_of "$pid")/comm")" == java ]]; }
check "SIGTERM to helm at once: the program has begun" within 60 java_runs
read -rt 0.4 <> <(:) || true
check "SIGTERM to helm at once: the program ends" end_look helm TERM
check "SIGTERM to helm at once: the program was told" grep -q 'told to end' "$tap_dir/progress"
check "SIGTERM to helm at once: nothing is left" within 60 nothing_at_all

# After kill -9 nobody deletes anything; it ends by itself, when its deadline has passed.
limit=30s
begin_look
check "SIGKILL: a Job is at work" at_work
end_look all KILL
check "SIGKILL leaves the Job" a_job_is_there
for _ in 1 2; do
  begin_look
  random_moment 6000
  end_look all KILL
done
check "SIGKILL: what was left has ended by itself" wait_for 150 "the end of the Jobs" nothing_at_all

# ---- no secret anywhere ----------------------------------------------------------------------------------------
printf '%s\n' "$password" "$test_password" >"$tap_dir/secrets"
mkdir "$tap_dir/seen"
cp "$tap_dir"/{facts,jobs.seen,pods.seen,endpointslices.seen,all-output} "$tap_dir/seen"
check "the Jobs and pods to search were seen" test "$(grep -c '"kind": "Job"' "$tap_dir/jobs.seen")" -gt 10
no_password() { ! grep -rFf "$tap_dir/secrets" "$tap_dir/seen"; }
check "no password in outputs, facts, Jobs and pods" no_password

finish from-cluster
