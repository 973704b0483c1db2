#!/bin/bash
# Fuzzes: gives each fuzz test of slirp-core its share of the time, one JVM after the other. Fails if one finds something.
#
#   scripts/fuzz.sh [--seconds N] [--keep] [TARGET...]
#
# TARGET is the name of a test class without FuzzTest, such as TcpConnection; without one all are meant. N (default 60) is
# the time for all of them together. With --keep the inputs that reach new code go, minimised, to the corpus in the sources.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

say() { printf 'fuzz: %s\n' "$*" >&2; }
usage() { sed -n '4,7s/^# \{0,1\}//p' "$PWD/scripts/fuzz.sh"; }

root=$PWD
out=$root/build
tests=$root/slirp-core/src/test
mkdir -p "$out/fuzz/logs" "$out/fuzz/findings" || exit 1
# shellcheck source=scripts/tools.sh
. scripts/tools.sh

seconds=60
keep=false
targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds)
      seconds=${2:-}
      [[ $seconds =~ ^[1-9][0-9]*$ ]] || { say "--seconds wants a number, not '$seconds'"; exit 2; }
      shift
      ;;
    --keep) keep=true ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) targets+=("$1") ;;
  esac
  shift
done

# source_of TARGET: the file of its test.
source_of() { find "$tests/java" -name "$1FuzzTest.java"; }

if [ "${#targets[@]}" -eq 0 ]; then
  mapfile -t targets < <(find "$tests/java" -name '*FuzzTest.java' -printf '%f\n' | sed 's/FuzzTest\.java$//' | sort)
fi
for target in "${targets[@]}"; do
  [ -n "$(source_of "$target")" ] || { say "there is no ${target}FuzzTest"; exit 2; }
done

need_jdk || exit 1
find_maven "$root"
if ! JAVA_HOME=$java_home "$maven" -B -q -ntp -Dfast -pl slirp-core test-compile dependency:build-classpath \
  -Dmdep.includeScope=test -Dmdep.outputFile="$out/fuzz/classpath" >"$out/fuzz/build.log" 2>&1 </dev/null; then
  cat "$out/fuzz/build.log" >&2
  say 'the build failed'
  exit 1
fi

class_path=$root/slirp-core/target/test-classes:$root/slirp-core/target/classes:$(cat "$out/fuzz/classpath")
# Sanitizers for what is not done here (SQL, LDAP, ...): two seconds at each start.
unused=
for name in BigDecimal ClojureLangHooks Deserialization ExpressionLanguageInjection LdapInjection NamingContextLookup \
  OsCommandInjection ReflectiveCall RegexInjection RegexRoadblocks ScriptEngineInjection ServerSideRequestForgery \
  SqlInjection TemplateInjection UnsafeSanitizer XPathInjection XmlParserSsrfGuidance FilePathTraversal; do
  unused=$unused${unused:+:}com.code_intelligence.jazzer.sanitizers.$name
done

# jazzer CLASS ARGUMENTS...: runs Jazzer over one fuzz test. The tests count buffers themselves, so the tracing of each
# access, which costs most of the speed, is off.
jazzer() {
  local class=$1
  shift
  (cd "$out/fuzz" && "${limit[@]}" "$java_home/bin/java" -ea -cp "$class_path" -Xmx1g -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions \
    -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Dio.netty.leakDetection.level=disabled -Dio.netty.allocator.numDirectArenas=1 -Dslipway.root="$root" \
    com.code_intelligence.jazzer.Jazzer --target_class="$class" --instrumentation_includes='org.slipway.**' \
    --custom_hook_includes='org.slipway.**' --disabled_hooks="$unused" "$@")
}

# prepare TARGET: sets class, inputs (checked in), grown (found here), log.
prepare() {
  local source package method
  source=$(source_of "$1")
  package=$(sed -n 's/^package \(.*\);/\1/p' "$source")
  method=$(sed -n '/@FuzzTest/,/(/s/^ *\(public \)\{0,1\}void \([a-zA-Z0-9]*\)(.*/\2/p' "$source")
  class=$package.$1FuzzTest
  inputs=$tests/resources/${package//.//}/$1FuzzTestInputs/$method
  grown=$out/fuzz/corpus/$1
  log=$out/fuzz/logs/$1.log
  mkdir -p "$grown"
}

# statistic NAME: what libFuzzer says at the end.
statistic() { sed -n "s/^stat::$1: *//p" "$log" | tail -n 1; }

share=$((seconds / ${#targets[@]}))
[ "$share" -gt 0 ] || share=1
# A JVM that hangs must not hold up a check for ever.
limit=()
if command -v timeout >/dev/null 2>&1; then limit=(timeout -k 10 "$((share + 300))"); fi
status=0
printf '%-20s %12s %9s %8s %9s\n' target executions seconds inputs coverage
for target in "${targets[@]}"; do
  prepare "$target"
  dirs=("$grown")
  [ ! -d "$inputs" ] || dirs+=("$inputs")
  start=$SECONDS
  jazzer "$class" "${dirs[@]}" -max_total_time="$share" -timeout=60 -rss_limit_mb=3000 -max_len=16384 -print_final_stats=1 \
    -artifact_prefix="$out/fuzz/findings/$target-" >"$log" 2>&1 </dev/null
  result=$?
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  printf '%-20s %12s %9s %8s %9s\n' "$target" "$(statistic number_of_executed_units)" "$((SECONDS - start))" \
    "$(find "$grown" -type f | wc -l)" "${coverage:--}"
  if [ "$result" -ne 0 ]; then
    status=1
    say "$target has found something; the whole log is $log"
    sed -n '/^== Java Exception/,/^==.*libFuzzer/p; /^DEDUP_TOKEN/p; /ALARM: working/p' "$log" | head -n 25 >&2
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    if [ -n "$input" ]; then
      say "the input: $input"
      say "to replay: mkdir -p $inputs && cp $input $inputs/ && mvn -Dfast -pl slirp-core test -Dtest=${target}FuzzTest"
    else
      tail -n 20 "$log" >&2
    fi
  elif [ "$keep" = true ]; then
    rm -rf "$out/fuzz/merged"
    mkdir -p "$out/fuzz/merged" "$inputs"
    # Few inputs that reach every edge; how often they do is left to the corpus in build/fuzz.
    if jazzer "$class" -merge=1 -use_counters=0 "$out/fuzz/merged" "$inputs" "$grown" >"$log.merge" 2>&1 </dev/null; then
      rm -f "$inputs"/*
      cp "$out/fuzz/merged"/* "$inputs/"
    else
      say "could not merge the corpus of $target: $log.merge"
    fi
  fi
done
exit "$status"
