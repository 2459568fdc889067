#!/bin/sh
# Build, render, release: what skaffold renders goes to rollout instead of to kubectl.
# Needs: skaffold.yaml of this folder and deploy/ at the top of the repository, a context of kubectl.
# Of what is rendered the Deployment is the new version; a Service that is as it is in the cluster is
# left alone, and any other difference is named and refused (3): apply that apart, first.
set -eu
skaffold build --filename skaffold/skaffold.yaml --file-output build.json
# Rendered into a file: if that fails, nothing must reach the release.
skaffold render --filename skaffold/skaffold.yaml --build-artifacts build.json --output rendered.yaml
code=0
rollout bluegreen --strategy deploy/strategy.yaml --filename - < rendered.yaml || code=$?
case "$code" in
  0) echo "released" ;;
  4) echo "rolled back: the old version serves" ;;
  6) echo "another release of the shop is under way" ;;
esac
exit "$code"
