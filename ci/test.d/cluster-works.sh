#!/usr/bin/env bash
# What the test cluster promises: pods on both nodes reach each other by name and through Services, both storage classes
# give volumes that outlive their pods, logs, exec and port-forward work, the sample application works with the outside
# database, and that one takes TLS and SCRAM only. Brings the cluster up and leaves it up.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
namespace=cluster-works

in_namespace() { kubectl --namespace="$namespace" "$@"; }

# eventually SECONDS COMMAND...
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

make_objects() {
  kubectl delete namespace "$namespace" --ignore-not-found --timeout=60s
  kubectl create namespace "$namespace"
  kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted
  in_namespace create secret generic postgresql-secret --from-file=DATABASE_URL="$(ci/outside-db url-file)"
  objects | in_namespace apply -f -
  in_namespace rollout status statefulset/db --timeout=120s
  in_namespace wait pod/immediate --for=condition=Ready --timeout=60s
  in_namespace rollout status deployment/api --timeout=120s
}

objects() {
  local restricted='allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}'
  cat <<EOF
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 5
      securityContext: {fsGroup: 999}
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: db}}}
      containers:
        - name: db
          image: localhost:5001/postgres:17
          securityContext: {$restricted}
          command:
            - bash
            - -ec
            - |
              if [ ! -s /data/pg/PG_VERSION ]; then
                initdb -D /data/pg --auth=trust --no-sync
                echo 'host all all all trust' >>/data/pg/pg_hba.conf
              fi
              exec postgres -D /data/pg -c listen_addresses='*' -c unix_socket_directories=/tmp
          readinessProbe: {exec: {command: [pg_isready, --host=127.0.0.1]}, periodSeconds: 1}
          volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 100Mi}}}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: db-any}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: immediate}
spec: {storageClassName: local-path-immediate, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: immediate}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: some
      image: localhost:5001/busybox:dev
      securityContext: {$restricted}
      command: [sh, -c, "echo said && echo there >/data/file && exec sleep 100000"]
      readinessProbe: {exec: {command: [cat, /data/file]}, periodSeconds: 1}
      volumeMounts: [{name: data, mountPath: /data}]
  volumes:
    - {name: data, persistentVolumeClaim: {claimName: immediate}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: localhost:5001/engine-api:dev
          securityContext: {$restricted}
          env: [{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: postgresql-secret, key: DATABASE_URL}}}]
          readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
EOF
}

sql() { in_namespace exec "$1" -- psql --host="$2" --username=postgres --dbname=postgres --no-align --tuples-only --command="$3"; }

pods_on_both_nodes() { [[ "$(in_namespace get pods -l app=db -o jsonpath='{range .items[*]}{.spec.nodeName}{"\n"}{end}' | sort -u | wc -l)" == 2 ]]; }
names_across_nodes() { [[ "$(sql db-0 db-1.db 'SELECT 1')" == 1 && "$(sql db-1 "db-0.db.$namespace.svc.cluster.local" 'SELECT 1')" == 1 ]]; }
service_from_both() { eventually 10 sql db-0 db-any 'SELECT 1' && eventually 10 sql db-1 db-any 'SELECT 1'; }
data_outlives_pod() {
  sql db-0 127.0.0.1 "CREATE TABLE usuarios (nombre text); INSERT INTO usuarios VALUES ('José Núñez')"
  in_namespace delete pod db-0
  in_namespace rollout status statefulset/db --timeout=60s
  [[ "$(sql db-0 127.0.0.1 'SELECT nombre FROM usuarios')" == 'José Núñez' ]]
}
logs_work() { in_namespace logs immediate | grep -x said; }
service_from_host() { eventually 10 curl -fsS --max-time 2 "http://$(in_namespace get service api -o jsonpath='{.spec.clusterIP}')/healthz"; }

port_forward_works() {
  local forward status=0
  kubectl --namespace="$namespace" port-forward --address=127.0.0.1 service/api 18080:80 >/dev/null &
  forward=$!
  eventually 10 curl -fsS --max-time 2 http://127.0.0.1:18080/healthz || status=$?
  kill "$forward"
  return "$status"
}

application_works() {
  local address
  in_namespace rollout status deployment/api --timeout=60s || return 1
  in_namespace exec deployment/api -- engine-api migrate && in_namespace exec deployment/api -- engine-api migrate || return 1
  address="http://$(in_namespace get service api -o jsonpath='{.spec.clusterIP}')"
  curl -fsS -d '{"nombre": "Zoë Ibáñez", "email": "zoe@example.test"}' "$address/usuarios" || return 1
  curl -fsS "$address/usuarios" | grep 'Zoë Ibáñez'
}
application_refuses() { [[ "$(curl -s -o /dev/null -w '%{http_code}' -d '{"nombre": 7}' "http://$(in_namespace get service api -o jsonpath='{.spec.clusterIP}')/usuarios")" == 400 ]]; }

# The database goes and comes back: not ready meanwhile, and no restart needed.
application_waits() {
  local address
  address="http://$(in_namespace get service api -o jsonpath='{.spec.clusterIP}')"
  ci/outside-db down
  eventually 30 none_ready "$address" || { ci/outside-db up; return 1; }
  ci/outside-db up
  eventually 30 curl -fsS --max-time 5 "$address/usuarios"
}

# A pod sees by a request that its database is gone.
none_ready() {
  curl -s -o /dev/null --max-time 5 "$1/usuarios"
  [[ -z "$(in_namespace get deployment api -o jsonpath='{.status.readyReplicas}')" ]]
}

# refused PATTERN URL: the connection fails, and for this reason.
refused() {
  local answer
  # shellcheck disable=SC2016 # expanded in the pod
  if answer=$(in_namespace exec -i db-0 -- sh -c 'read -r url; PGCONNECT_TIMEOUT=5 psql "$url" -c "SELECT 1" 2>&1' <<<"$2"); then return 1; fi
  grep -E "$1" <<<"$answer"
}
without_tls() { refused 'no pg_hba.conf entry|no encryption' "${url/sslmode=require&channel_binding=require/sslmode=disable}"; }
wrong_password() { refused 'password authentication failed' "${url/engine:/engine:wrong}"; }
log_is_clean() {
  local password=${url#*engine:}
  ! grep -rqF -e "${password%%@*}" "$(ci/outside-db url-file | xargs dirname)/../log" && ! in_namespace logs -l app=api --tail=-1 | grep -F -e "${password%%@*}"
}
closed_to_the_outside() { in_namespace exec db-0 -- bash -c '! timeout 5 bash -c "exec 3<>/dev/tcp/192.0.2.77/80"'; }

ci/cluster up
eval "$(ci/cluster env)"
check "the outside database starts" ci/outside-db up
url=$(cat "$(ci/outside-db url-file)")
check "pods under restricted Pod Security start" make_objects
check "they run on both nodes" pods_on_both_nodes
check "they find and reach each other across nodes" names_across_nodes
check "a Service answers on both nodes" service_from_both
check "a Service answers from the host" service_from_host
check "rows outlive their pod" data_outlives_pod
check "logs are there" logs_work
check "port-forward works" port_forward_works
check "the application works with the outside database" application_works
check "the application refuses what is no usuario" application_refuses
check "the application comes back when its database does" application_waits
check "the outside database refuses connections without TLS" without_tls
check "the outside database refuses a wrong password" wrong_password
check "no log has its password" log_is_clean
check "pods do not reach beyond the cluster" closed_to_the_outside
kubectl delete namespace "$namespace" --wait=false >/dev/null
finish cluster-works
