#!/bin/bash
# migrate-tool.sh LAB - builds golang-migrate, static, in the version that LAB pins, unless it is there; prints its path.
set -euo pipefail
. "$1/db/versions"
place=${XDG_CACHE_HOME:-$HOME/.cache}/rollout-tools/golang-migrate-$GOLANG_MIGRATE
if [ ! -x "$place/migrate" ]; then
  command -v go >/dev/null || { echo "golang-migrate is built with the go command, which is not on PATH" >&2; exit 1; }
  mkdir -p "$place"
  GOBIN=$place CGO_ENABLED=0 GOFLAGS= go install -trimpath -tags postgres -ldflags "-s -w" \
    "github.com/golang-migrate/migrate/v4/cmd/migrate@$GOLANG_MIGRATE" >&2
fi
echo "$place/migrate"
