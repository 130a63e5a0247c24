# Runs all tests: test.sh PYTHON [ARGUMENT…]; with arguments for pytest only what they say.
#
# What needs servers alone runs three at a time, for on two cores one of three waits for something; stories and the
# browser start whole products, one after the other.
set -eu
python=$1
shift
if [ $# -gt 0 ]; then exec "$python" -m pytest "$@"; fi
"$python" -m pytest --numprocesses 3 --dist worksteal tests/unit tests/integration
"$python" -m pytest tests/story tests/browser
