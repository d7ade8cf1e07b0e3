#!/bin/sh
# The gate, for any forge and for a laptop: sh ci/gate.sh [BASE]
# With BASE, such as origin/main, the change since then is judged; without, every record. Every question is asked, whatever
# the one before it said. Exits with 0 where all is well, 1 where something was found, 2 where the tool could not go on.
# Written by Incidentbook. `incidentbook schema` keeps it up to date as long as this line stands.
set -u
cd "$(dirname "$0")/.." || exit 2

base=${1:-}
worst=0
PATH=$PWD/.venv/bin:$PATH
if ! command -v incidentbook >/dev/null; then
  echo "gate: there is no incidentbook, neither in .venv/bin nor on the PATH; README.md says how to install it" >&2
  exit 2
fi

ask() {
  question=$1
  shift
  echo "== $question"
  "$@"
  code=$?
  if [ "$code" -gt 1 ]; then
    worst=2
  elif [ "$code" -gt "$worst" ]; then
    worst=1
  fi
  if [ "$code" -ne 0 ]; then
    echo "-- $question: no ($code)"
  fi
}

if [ -n "$base" ]; then
  ask "Records are sound" incidentbook check --base "$base"
  ask "No review is overdue" incidentbook reviews --base "$base" --audience internal
else
  ask "Records are sound" incidentbook check
  ask "No review is overdue" incidentbook reviews --overdue --audience internal
fi
ask "What is generated is up to date" incidentbook schema --check
ask "The site builds" mkdocs build --quiet --strict -f mkdocs.public.yml
exit "$worst"
