# Runs one benchmark, or all: bench.sh PYTHON NAME [ARGUMENT…]. Each prints one JSON object as its last line.
set -eu
python=$1 name=$2
shift 2
if [ -n "$name" ]; then exec "$python" -m "benchmarks.$name" "$@"; fi
for file in benchmarks/[a-z]*.py; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .py)
    if [ "$name" = triage ]; then
        echo "triage is left out: it needs tickets (make bench NAME=triage ARGS=\"--data FILE.jsonl\")" >&2
        continue
    fi
    echo "$name"
    "$python" -m "benchmarks.$name"
done
