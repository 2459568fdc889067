#!/bin/bash
# tool-images.sh LAB [OUT] - gets the migration tools that LAB pins, unless they are there; makes root file systems with them under OUT:
#   java     a Java runtime made by jlink, Flyway and Liquibase
#   python   this machine's python3, Alembic and Flask-Migrate
#   golang-N golang-migrate with the files of set N
# Sets: 2, 3 = the first two or three versions; fail, slow = those three and one that fails, or takes 6 s.
# Java and Python find theirs under /sets/N; golang-migrate under /migrations. No shell but busybox's.
set -euo pipefail
lab=$(realpath "$1") out=${2:-}
export LAB_HOME=${XDG_CACHE_HOME:-$HOME/.cache}/rollout-tools
"$lab/db/db" tools >&2
[ -n "$out" ] || exit 0
tools=$LAB_HOME/dbtools
examples=$lab/db/examples
busybox=$(command -v busybox)
jdk=
for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do        # one with module files, if there is one
  [ -x "$home/bin/jlink" ] || continue
  jdk=$home; [ ! -d "$home/jmods" ] || break
done
[ -n "$jdk" ] || { echo "no JDK with jlink found: set JAVA_HOME" >&2; exit 1; }
rm -rf "$out"; mkdir -p "$out"

libraries() {                               # libraries ROOT FILE...: what the files need, at its own place
  local root=$1 file; shift
  { ldd "$@" 2>/dev/null || true; } | awk '/=> \// {print $3} $1 ~ /^\/lib/ {print $1}' | { grep -v "^$out" || true; } | sort -u | while read -r file; do
    mkdir -p "$root$(dirname "$file")"; cp -Ln "$file" "$root$file"
  done
}
root() {                                    # root NAME: an empty one with a shell and a user
  mkdir -p "$out/$1/bin" "$out/$1/etc" "$out/$1/tmp" "$out/$1/usr/bin"
  chmod 1777 "$out/$1/tmp"
  cp "$busybox" "$out/$1/bin/busybox"; ln -s busybox "$out/$1/bin/sh"
  libraries "$out/$1" "$busybox"
  echo "nobody:x:65532:65532::/tmp:/bin/sh" >"$out/$1/etc/passwd"
}
versions() { case $1 in 2) echo 2;; *) echo 3;; esac; }

root java
"$jdk/bin/jlink" --add-modules java.se,jdk.crypto.ec,jdk.unsupported,jdk.zipfs --strip-debug --no-man-pages --no-header-files --output "$out/java/opt/java"
"$out/java/opt/java/bin/java" -XX:+UseSerialGC -Xshare:dump >/dev/null 2>&1 || true      # its own start-up cache
libraries "$out/java" "$out/java/opt/java/bin/java" "$out/java/opt/java/lib/"*.so "$out/java/opt/java/lib/server/libjvm.so"
for tool in flyway liquibase; do
  mkdir -p "$out/java/opt/$tool"; cp -r "$tools/$tool/lib" "$out/java/opt/$tool/"
  [ ! -d "$tools/$tool/classes" ] || cp -r "$tools/$tool/classes" "$out/java/opt/$tool/"
done
run='exec /opt/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto'
printf '#!/bin/sh\n%s -cp "/opt/flyway/lib/*:/opt/flyway/classes" FlywayCli "$@"\n' "$run" >"$out/java/usr/bin/flyway"
printf '#!/bin/sh\nexport LIQUIBASE_ANALYTICS_ENABLED=false\n%s -cp "/opt/liquibase/lib/*" liquibase.integration.commandline.LiquibaseCommandLine "$@"\n' "$run" >"$out/java/usr/bin/liquibase"

root python
python=$(readlink -f "$tools/python/bin/python3")
ask() { "$tools/python/bin/python3" -c "import sys, sysconfig; print($1)"; }
std=$(ask 'sysconfig.get_path("stdlib")') site=$(ask 'sysconfig.get_path("purelib")')
version=$(ask '"python%d.%d" % sys.version_info[:2]')
mkdir -p "$out/python/opt/python/bin" "$out/python/opt/python/lib/$version" "$out/python/opt/site"
cp "$python" "$out/python/opt/python/bin/python3"
tar -C "$std" --exclude=__pycache__ --exclude=test --exclude=dist-packages --exclude=site-packages --exclude=idlelib --exclude=ensurepip --exclude='config-*' -cf - . |
  tar -C "$out/python/opt/python/lib/$version" -xf -
tar -C "$site" --exclude=__pycache__ --exclude=pip --exclude=setuptools -cf - . | tar -C "$out/python/opt/site" -xf -
find "$out/python/opt" -name '*.so*' -print0 | xargs -0 ldd "$python" 2>/dev/null | awk '/=> \// {print $3}' | grep -v "^$out" | sort -u | while read -r file; do
  mkdir -p "$out/python/usr/lib/x86_64-linux-gnu"; cp -Ln "$file" "$out/python/usr/lib/x86_64-linux-gnu/"
done
libraries "$out/python" /bin/ls              # the loader
# A pod may write no bytecode: without it each start compiles every module that it imports.
"$python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$out/python/opt" >/dev/null || true
entry() { printf '#!/opt/python/bin/python3\nimport sys\nsys.path.insert(0, "/opt/site")\nfrom %s import main\nsys.exit(main())\n' "$1"; }
entry alembic.config >"$out/python/usr/bin/alembic"
entry flask.cli >"$out/python/usr/bin/flask"
chmod +x "$out/java/usr/bin/"* "$out/python/usr/bin/"*

for set in 2 3 fail slow; do
  n=$(versions "$set")
  kind=; case $set in fail|slow) kind=$set;; esac
  java=$out/java/sets/$set py=$out/python/sets/$set go=$out/golang-$set
  mkdir -p "$java/sql" "$java/changes" "$py/alembic/versions" "$go/bin" "$go/migrations"
  cp "$examples/liquibase/changelog.yaml" "$java/"
  cp "$examples/alembic/alembic.ini" "$examples/alembic/env.py" "$py/alembic/"
  cp -r "$examples/flask" "$py/flask"; chmod -R u+w "$py/flask"
  # Flask-Migrate looks for its folder where it is called from, which in a Job is the image's business.
  sed -i 's|^Migrate(app, db)|Migrate(app, db, directory=os.path.join(os.path.dirname(__file__), "migrations"))|' "$py/flask/app.py"
  for i in $(seq "$n"); do
    cp "$examples/flyway/sql/"*"${i}_"[a-z_]* "$java/sql/"
    cp "$examples/liquibase/changes/000$i"* "$java/changes/"
    cp "$examples/alembic/versions/000$i"* "$py/alembic/versions/"
    cp "$examples/golang-migrate/sql/"*"${i}_"[a-z_]* "$go/migrations/"
  done
  if [ -n "$kind" ]; then
    cp "$examples/flyway/$kind/"* "$java/sql/"; cp "$examples/liquibase/$kind/"* "$java/changes/"
    cp "$examples/alembic/$kind/"* "$py/alembic/versions/"; cp "$examples/golang-migrate/$kind/"* "$go/migrations/"
  fi
  cp "$tools/golang-migrate/migrate" "$go/bin/migrate"
done
