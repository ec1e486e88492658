#!/usr/bin/env bash
# Checks a machine with an NVIDIA GPU: run.sh PROGRAM, where PROGRAM is the published VptDsl.DeviceCheck. Sections run one after the other, each with
# a time limit, and whatever becomes of them the table comes last. Logs lie in $OUT, a temporary folder if it is not set. Ends with 0 if all passed.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:?run.sh PROGRAM}
out=${OUT:-$(mktemp -d)}
mkdir -p "$out"
rows=()
status=0

# section NAME SECONDS COMMAND…: runs it, shows its last lines, and notes a row of the table.
section() {
    local name=$1 limit=$2 start=$SECONDS code
    shift 2
    echo "== $name (at most $limit s)"
    timeout "$limit" "$@" > "$out/$name.log" 2>&1
    code=$?
    grep -h FAILED "$out/$name.log" | head -10
    tail -n 8 "$out/$name.log"
    case $code in
        0) result=passed ;;
        124) result="out of time" ;;
        *) result="failed ($code)" ;;
    esac
    [ "$code" -eq 0 ] || status=1
    rows+=("$(printf '%-24s %-14s %5d s' "$name" "$result" $((SECONDS - start)))")
}

# At most ten minutes in all.
section info 20 "$program" info
section ptx 40 "$program" ptx
section golden 60 "$program" golden
section against-cpu 100 "$program" against-cpu --models deep shallow full
section against-cpu-tensor 60 "$program" against-cpu --tensor-cores --models deep full
section steps 90 "$program" steps
section steps-cublas 40 "$program" steps --cublas --models deep
section steps-tensor 60 "$program" steps --tensor-cores
if python3 -c 'import torch' 2>/dev/null; then
    section pytorch 90 python3 "$here/torch_peer.py"
    section pytorch-pruned 40 python3 "$here/torch_peer.py" --pruned --models deep
fi

echo "== table"
printf '%s\n' "${rows[@]}"
python3 "$here/table.py" "$out"/steps*.log "$out"/pytorch*.log 2>/dev/null || echo "(no times: see $out)"
echo "logs: $out"
exit $status
