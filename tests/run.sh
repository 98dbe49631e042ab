#!/usr/bin/env bash
# Installs what the tests need, builds the solution and runs every test. Arguments are handed to `dotnet test`.
# The last line is always `N passed, N failed, N skipped`. It fails when a test failed, when none ran, when the build did,
# and, with CI=true, when a test was skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v dotnet > /dev/null; then
  echo 'dotnet is not on PATH: install the .NET SDK that global.json names' >&2
  exit 1
fi

tests/install-tools.sh

what=(--solution MultiArch.Build.sln)
for argument in "$@"; do
  case $argument in
    --solution | --project | --test-modules | --solution=* | --project=* | --test-modules=*) what=() ;;
  esac
done

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DOTNET_CLI_UI_LANGUAGE=en   # the summary is read below

# 8 is "zero tests ran" in one of the projects, which a filter makes of most; that none ran in any is found below.
status=0
dotnet test ${what[@]+"${what[@]}"} --configuration Release --ignore-exit-code 8 "$@" 2>&1 | tee "$log" || status=$?

# count <name>: the last number under the last summary, so that no output of a test is taken for one.
count() {
  sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$log" | awk -v name="$1:" '
    /^Test run summary:/ { value = 0 }
    $1 == name && $2 ~ /^[0-9]+$/ { value = $2 }
    END { print value + 0 }'
}

passed=$(count succeeded)
failed=$(count failed)
skipped=$(count skipped)

if [[ $status -eq 0 && $failed -gt 0 ]]; then
  status=1
elif [[ $status -eq 0 && $((passed + failed)) -eq 0 ]]; then
  echo 'run.sh: no test ran' >&2
  status=1
elif [[ $status -eq 0 && ${CI:-} == true && $skipped -gt 0 ]]; then
  echo 'run.sh: with CI=true every test has to run' >&2
  status=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
