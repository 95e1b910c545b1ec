#!/usr/bin/env bash
# Trains on .NET 10 and on the board proxy (Mono for 32-bit ARM under a heap cap) and demands the same bits, also of the simulator.
# Usage: check.sh PROXY_TOOLS [MNIST_FOLDER]
#   PROXY_TOOLS      folder with the proxy's setup.sh and run.sh
#   MNIST_FOLDER     the four MNIST files, plain or gzip (unpacked first, for the proxy reads them in place, as the board does);
#                    without it drawn digits are learned
# The proxy itself is set up once, in BOARD_PROXY_DIR or else the user's cache folder. Ends with a line that starts with PASS or FAIL.
set -euo pipefail

tools=$(cd "${1:?usage: check.sh PROXY_TOOLS [MNIST_FOLDER]}" && pwd)
mnist=${2:+$(cd "$2" && pwd)}
proxy=${BOARD_PROXY_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/board-proxy}
inputs=784
hidden=128          # the board's preset, with which Program.cs agrees
samples=500
heap=16m            # the cap of the board's own heap
largest_heap=3300000  # peak of the managed heap in bytes, the runtime's own included (an empty program: 2.3 MB)
device_samples=2000 # learned by the device application itself, in two lives with a power cut between them
device_hidden=512   # a layer that takes most of the application's budget of 2 MB
largest_device_heap=5000000
largest_ratio=8.5   # instructions a multiply-accumulate; 7.2 when this was written, 23 with spans, 97 with Vector<T>

cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAIL board proxy: $*"; exit 1; }

data=()
if [[ -n $mnist ]]; then
  mkdir "$work/mnist"
  for name in {train,t10k}-{images-idx3,labels-idx1}-ubyte; do
    if [[ -e $mnist/$name ]]; then
      ln -s "$mnist/$name" "$work/mnist/"
    else
      gunzip -c "$mnist/$name.gz" >"$work/mnist/$name" || fail "$mnist/$name.gz can't be unpacked"
    fi
  done
  data=("data=$work/mnist")
fi

"$tools/setup.sh" "$proxy" || fail "the proxy's setup"
dotnet build BoardProxy.csproj -c Release -v q --nologo >"$work/build.log" || { cat "$work/build.log"; fail "the build"; }
desktop=bin/Release/net10.0
board=bin/Release/netstandard2.1/BoardProxy.dll

on_arm() { "$tools/run.sh" "$proxy" arm "$@"; }

dotnet exec "$desktop/BoardProxy.dll" "${data[@]}" samples=$samples >"$work/desktop" || fail "net10.0 assembly on .NET 10"
dotnet exec --runtimeconfig "$desktop/BoardProxy.runtimeconfig.json" "$board" "${data[@]}" samples=$samples \
  >"$work/standard" 2>"$work/err" \
  || { cat "$work/err"; fail "netstandard2.1 assembly on .NET 10"; }
on_arm --heap $heap --alloc "$work/allocations" "$board" "${data[@]}" samples=$samples >"$work/arm" 2>"$work/err" \
  || { cat "$work/err"; fail "netstandard2.1 assembly on ARM"; }

# Only --data and --limit differ from what a user would type: Program.cs must agree with the preset.
if [[ -n $mnist ]]; then source=(--dataset mnist --data "$mnist"); else source=(--dataset digits); fi
dotnet run -c Release --project ../../simulator -- train --preset board --kernels scalar "${source[@]}" --limit $samples --seed 1 \
  --out "$work/run" --json "$work/result.json" >"$work/simulator" 2>&1 || { cat "$work/simulator"; fail "the simulator"; }

cat "$work/arm"
mprof-report --reports=gc,alloc "$work/allocations" >"$work/report"
heap_bytes=$(awk '/Max heap size/ { print $NF }' "$work/report")
total_bytes=$(awk '/Total memory allocated/ { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+$/) { print $i; exit } }' "$work/report")
echo "peak-heap-bytes ${heap_bytes:?mprof-report names no heap size}"
echo "total-allocated-bytes ${total_bytes:?mprof-report names no total}"

count() { on_arm --count "$board" "${data[@]}" samples="$1" 2>&1 >/dev/null | awk '/^insns:/ { print $2 }'; }
few=$(count 100) && many=$(count 200) || fail "counting instructions"
# Everything but the training costs the same in both runs. Five passes over the weights a sample: docs/algorithm.md, section on cost.
ratio=$(awk -v few="$few" -v many="$many" -v macs=$((100 * 5 * inputs * hidden)) 'BEGIN { printf "%.2f", (many - few) / macs }')
echo "instructions-per-sample $(((many - few) / 100))"
echo "instructions-per-multiply-accumulate $ratio"

# The device application: files of its samples, its two lives on .NET and on ARM, and the same training in the simulator.
mkdir "$work/files"
dotnet exec "$desktop/BoardProxy.dll" "${data[@]}" mode=files samples=$device_samples folder="$work/files" || fail "writing the device's files"
for runtime in desktop arm; do cp -r "$work/files" "$work/device-$runtime"; done
device=(mode=device layers=$device_hidden samples=$device_samples)
dotnet exec "$desktop/BoardProxy.dll" "${device[@]}" folder="$work/device-desktop" >"$work/desktop-lives" 2>"$work/err" \
  || { cat "$work/err"; fail "the device application on .NET 10"; }
on_arm --heap $heap --alloc "$work/device-allocations" "$board" "${device[@]}" folder="$work/device-arm" >"$work/arm-lives" 2>"$work/err" \
  || { cat "$work/err"; fail "the device application on ARM"; }
grep -F 'pieces of work' "$work/err"
for runtime in desktop arm; do
  dotnet exec "$desktop/BoardProxy.dll" mode=weights layers=$device_hidden samples=$device_samples folder="$work/device-$runtime" \
    >>"$work/$runtime-lives" || fail "the weights of the device application ($runtime)"
done
dotnet run -c Release --no-build --project ../../simulator -- train --preset board --kernels scalar --dataset mnist --data "$work/files" \
  --layers $device_hidden --out "$work/device-run" --json "$work/device-result.json" >"$work/simulator" 2>&1 \
  || { cat "$work/simulator"; fail "the simulator on the device's files"; }
cat "$work/arm-lives"
mprof-report --reports=gc "$work/device-allocations" >"$work/report"
device_heap=$(awk '/Max heap size/ { print $NF }' "$work/report")
echo "device-peak-heap-bytes ${device_heap:?mprof-report names no heap size}"

value() { awk -v name="$1" '$1 == name { print $2 }' "$work/arm"; }
cmp -s "$work/desktop" "$work/standard" \
  || fail "net10.0 and netstandard2.1 assembly differ: $(diff "$work/desktop" "$work/standard" | tr '\n' ' ')"
cmp -s "$work/standard" "$work/arm" || fail ".NET 10 and ARM differ: $(diff "$work/standard" "$work/arm" | tr '\n' ' ')"
grep -qF "\"$(value digest)\"" "$work/result.json" \
  || fail "the simulator's preset board gives other weights: $(grep weightsSha256 "$work/result.json")"
[[ -n $(value digest) && $(value digest) == "$(value restored)" ]] || fail "the checkpoint does not bring the weights back"
[[ $(value bytes-allocated-after-first-step) == 0 ]] || fail "training steps allocate $(value bytes-allocated-after-first-step) bytes"
((heap_bytes <= largest_heap)) || fail "the heap grew to $heap_bytes bytes; at most $largest_heap"
awk -v ratio="$ratio" -v most=$largest_ratio 'BEGIN { exit !(ratio <= most) }' \
  || fail "$ratio instructions a multiply-accumulate; at most $largest_ratio"
cmp -s "$work/desktop-lives" "$work/arm-lives" \
  || fail "the device application differs on .NET 10 and ARM: $(diff "$work/desktop-lives" "$work/arm-lives" | tr '\n' ' ')"
device_value() { awk -v name="$1" '$1 == name { print $2 }' "$work/arm-lives"; }
grep -qF "\"$(device_value device-digest)\"" "$work/device-result.json" \
  || fail "the simulator learns other weights than the device: $(grep weightsSha256 "$work/device-result.json")"
[[ $(device_value device-samples) == "$device_samples" ]] || fail "the device learned $(device_value device-samples) samples"
[[ $(device_value device-batches) == arrived ]] || fail "the device's telemetry did not arrive"
[[ $(device_value device-steps-without-allocation) == nearly-all ]] || fail "the device allocates in its training steps"
((device_heap <= largest_device_heap)) || fail "the device's heap grew to $device_heap bytes; at most $largest_device_heap"
echo "PASS board proxy: $(value digest) in the simulator, on .NET 10 (both assemblies), on ARM"
