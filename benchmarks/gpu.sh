#!/usr/bin/env bash
# What this suite does on one GPU, on JAX and in at most eight minutes: what is there, the
# tests for GPUs, speed beside what the device can do, two chapters, and whether their
# verdicts are those published from processors. All of it goes to results/gpu, or $OUT.
# A second call goes on with a chapter whose time was over.
#
#     benchmarks/gpu.sh --dry-run    checks every step on any machine, and trains nothing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PYTHON="${PYTHON:-.venv/bin/python}"
OUT="${OUT:-results/gpu}"
export KERAS_BACKEND=jax TF_CPP_MIN_LOG_LEVEL=3
# The tests compare with processors, whose products have all digits of float32.
export JAX_DEFAULT_MATMUL_PRECISION=highest NVIDIA_TF32_OVERRIDE=0

# The most seconds of every step, and what it hands to Python.
STEPS=(
    "30 ablations doctor"
    "60 pytest -q -m gpu -W default -p no:cacheprovider tests/ablations/training/test_gpu.py"
    "120 ablations bench --quick --device gpu --out $OUT"
    "70 ablations run xor --preset quick --device gpu --store $OUT/gpu.sqlite"
    "90 ablations run depth --preset quick --device gpu --store $OUT/gpu.sqlite"
    "10 ablations verdicts xor depth --store $OUT/gpu.sqlite"
    "50 ablations run xor --seeds 200 --device cpu --store $OUT/cpu.sqlite"
    "20 ablations compare $OUT/cpu.sqlite $OUT/gpu.sqlite xor"
)

# Read lines of arguments, and ask each command for its help, which needs all to parse.
PARSES='
import shlex, sys
from ablations.__main__ import main
for line in sys.stdin:
    words = shlex.split(line)[2:]
    try:
        main([*words, "--help"])
    except SystemExit as end:
        if end.code:
            sys.exit(f"does not parse: {line}")
'
SEES_GPU='import jax; exit(all(d.platform == "cpu" for d in jax.devices()))'

need() { # WHAT HOW COMMAND...
    if ! "${@:3}" >/dev/null 2>&1; then
        printf '%s\n' "$1 must be there. $2" >&2
        exit 1
    fi
}

need "$PYTHON with this project" "\`make install\` makes it; PYTHON names another." \
    "$PYTHON" -c "import ablations.__main__"
need "jax" "\`make install\` brings it, or \`$PYTHON -m pip install jax\`." \
    "$PYTHON" -c "import importlib.util as u; exit(not u.find_spec('jax'))"
need "pytest" "\`make install\` brings it, or \`$PYTHON -m pip install pytest\`." \
    "$PYTHON" -c "import importlib.util as u; exit(not u.find_spec('pytest'))"
need "timeout" "The coreutils of GNU bring it." command -v timeout

if [[ "${1:-}" == --dry-run ]]; then
    printf '%s\n' "${STEPS[@]}"
    printf '%s\n' "${STEPS[@]}" | grep ' ablations ' | "$PYTHON" -c "$PARSES" >/dev/null
    exit
fi

need "A GPU with its driver" "The maker of the GPU has drivers." nvidia-smi
need "A GPU that JAX can use" \
    "\`$PYTHON -m pip install \"jax[cuda13]\"\` brings what JAX needs (cuda12 for older drivers), of the version that is there." \
    "$PYTHON" -c "$SEES_GPU"
mkdir -p "$OUT"
{
    nvidia-smi
    failed=0
    for step in "${STEPS[@]}"; do
        read -r -a words <<<"$step"
        echo "== ${words[*]:1}"
        code=0
        timeout --signal=INT --kill-after=10 "${words[0]}" \
            "$PYTHON" -m "${words[@]:1}" </dev/null || code=$?
        if ((code)); then
            failed=$((failed + 1))
            ((code != 124)) || echo "Stopped after ${words[0]} s."
            echo "Exit code $code."
        fi
    done
    echo "$failed of ${#STEPS[@]} steps failed; $SECONDS s in all."
    ((failed == 0))
} 2>&1 | tee "$OUT/log.txt"
