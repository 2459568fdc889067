#!/bin/sh
# A look at the next version with a process on your own machine in its place: the candidate stands
# behind the Service shop-preview without any traffic, and Telepresence brings the requests of the
# preview to localhost:8080. Production stays on the version that serves.
# Needs: Telepresence 2 in the cluster, a Service shop-preview, a context of kubectl.
# It ends by taking the candidate back, on whatever way out: its pods have an agent in them now, and
# what people shall get is released anew.
set -eu
version=$1
code=0
rollout bluegreen -s deploy/strategy.yaml --image "shop=registry.example/shop:$version" \
  --preview shop-preview --hold --no-wait || code=$?
[ "$code" -eq 8 ] || exit "$code"
candidate=
back() {
  telepresence leave "$candidate" || true
  rollout rollback shop -n shop --reason "looked at"
}
trap back EXIT
candidate=$(kubectl get deployment -n shop -l rollout/target=shop -o 'jsonpath={.items[0].metadata.name}')
telepresence connect --namespace shop
telepresence intercept "$candidate" --service shop-preview --port 8080:http
echo "http://shop-preview.shop is on localhost:8080 now; Enter ends it."
read -r _
