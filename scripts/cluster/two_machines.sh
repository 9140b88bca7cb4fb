#!/usr/bin/env bash
# Audit a corpus with the cores of several machines that share a folder.
#
#   bash scripts/cluster/two_machines.sh CORPUS OUT node1 node2
#
# CORPUS and OUT lie in the shared folder; `mining` with the extra [scale] is installed at the same
# place everywhere, and the machines can be reached by ssh. The scheduler runs on this machine.
set -euo pipefail
corpus=$(realpath "$1") out=$(realpath -m "$2")
shift 2
here=$(hostname -f)
port=8786

dask scheduler --port "$port" --no-dashboard &
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

for node in "$@"; do
    # One thread for each core: a thread only waits for a process of its own that audits.
    # shellcheck disable=SC2029 # all but the number of cores is known here
    ssh "$node" "cd '$PWD' && exec dask worker 'tcp://$here:$port' \
        --nworkers 1 --nthreads \$(nproc) --no-dashboard --death-timeout 600" &
done

mining audit "$corpus" --out "$out" --scheduler "tcp://$here:$port" --resume
