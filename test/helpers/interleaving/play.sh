#!/usr/bin/env bash
# Performs the steps at the end again: AYO=/path/to/ayo bash play.sh [folder]. Written by test/e2e/interleaving.test.ts.
# start ACTOR wait|go-on CALL SIGNAL words…: a command; before that call of the disk it stops or dies, - for never.
set -u
: "${AYO:?set AYO to the ayo command}"
P=${1:-$(mktemp -d)}
export AYO_LOCK_STALE_MS=300 HOME=$P/home NO_COLOR=1 GIT_CONFIG_NOSYSTEM=1
unset TICKETS_DIR AYO_AGENT AYO_SESSION CLAUDECODE
mkdir -p "$HOME" "$P/project" && cd "$P/project" || exit 99
git config --global user.name 'Test User' && git config --global user.email test@example.com
git config --global init.defaultBranch main && git config --global gc.auto 0
S=$P/project/.tickets; declare -A pid; declare -A held; declare -A last

make_store() {
  git init -q . && echo '# Test' > README.md && git add README.md && git commit -qm start
  R=$S; [ "$1" = inline ] && R=$P/project
  if [ "$1" = inline ]; then "$AYO" init --inline; else "$AYO" init; fi
  for n in 0 1 2 3; do printf '{"id":"t-%s","title":"Ticket t-%s","description":"Text"}\n' $n $n; done | "$AYO" --as @setup import - --from jsonl
  home=$(git -C "$R" symbolic-ref --short HEAD)
}
id() { local f; f=$(grep -lxrF --include='*.md' "# $1" "$S" | head -1); [ -n "$f" ] && basename "$f" .md || echo "none-$1"; }
file() { find "$S" -name "$1.md" | head -1; }
still() { while kill -0 "$1" 2>/dev/null; do case $(ps -o state= -p "$1") in T*|Z*|'') return;; esac; sleep .01; done; }
live() { case $(ps -o state= -p "$1") in Z*|'') return 1;; esac; }
# One that ends between the look and the signal needs none.
resume() {
  [ -n "${pid[$1]:-}" ] || return
  while live "${pid[$1]}"; do kill -CONT "${pid[$1]}" 2>/dev/null; sleep .01; still "${pid[$1]}"; done
  wait "${pid[$1]}"; echo "actor $1 ended: $?"; unset "pid[$1]"
}
kill_actor() { kill -KILL "${pid[$1]}" 2>/dev/null; resume "$1"; }
start() {
  local actor=$1 how=$2 call=$3 signal=$4; shift 4
  resume "$actor"
  exec 8<&0
  (
    [ "$call" = - ] || export NODE_OPTIONS=--require=@HELPERS@/stopAt.cjs AYO_STOP_AT=$call AYO_STOP_BY=$signal
    exec "$AYO" "$@" 3>>"$P/stops"
  ) <&8 &
  pid[$actor]=$!
  [ "$how" = go-on ] || still "${pid[$actor]}"
}
in_place() { local f; f=$(file "$1"); local text; text=$(sed "$2" "$f"; echo .); printf '%s' "${text%.}" > "$f"; }
let_go() { local fd=${held[$1]:-}; [ -z "$fd" ] || exec {fd}>&-; unset "held[$1]"; }
hand() {
  local f; f=$(file "$2")
  case $1 in
    append) echo "$3" >> "$f" ;;
    held) [ -n "${held[$2]:-}" ] || { exec {fd}>>"$f"; held[$2]=$fd; }; echo "$3" >&"${held[$2]}"; last[$2]=${3%a}z ;;
    field) if grep -q '^who: ' "$f"; then in_place "$2" "s/^who: .*/who: $3/"; else in_place "$2" "s/^status: .*/&\nwho: $3/"; fi ;;
    rename-save) { cat "$f"; echo "$3"; } > "$S/.swp" && mv "$S/.swp" "$f"; let_go "$2" ;;
    delete) rm "$f"; let_go "$2" ;;
    break) in_place "$2" '1s/$/\nbroken: [/' ;;
    copy) cp "$f" "$S/$2 (conflicted copy).md" ;;
    new) printf -- '---\nid: %s\nstatus: open\n---\n# %s\n' "$2" "$3" > "$S/$2.md" ;;
  esac
}
go_home() { git -C "$R" checkout -q "$home" && git -C "$R" merge -q --ff-only aside && git -C "$R" branch -qd aside; }
by_git() {
  local one; case $1 in back|pull) for one in "${!held[@]}"; do let_go "$one"; done ;; esac
  case $1 in
    log) git -C "$R" log --stat --oneline > /dev/null ;;
    gc) if [ ${#pid[@]} = 0 ]; then git -C "$R" gc -q --prune=now; else git -C "$R" gc -q; fi ;;
    commit) git -C "$R" commit -qam "by git $3" ;;
    side) git -C "$R" checkout -qb aside ;;
    back) go_home ;;
    pull) local c; c=$(mktemp -d); git clone -q "$R" "$c/clone"; local t; t=$(find "$c/clone" -name "$2.md" | head -1)
      echo "$3" >> "$t"; git -C "$c/clone" commit -qam "by git $3"
      git -C "$R" pull -q --ff-only "$c/clone" "$(git -C "$R" symbolic-ref --short HEAD)" ;;
  esac
}
settle() {
  local one
  for one in "${!pid[@]}"; do resume "$one"; done
  for one in "${!held[@]}"; do echo "${last[$one]}" >&"${held[$one]}"; let_go "$one"; done
  rm -f "$S"/*' (conflicted copy).md'
  grep -lxrF --include='*.md' 'broken: [' "$S" | while read -r one; do in_place "$(basename "$one" .md)" '/^broken: \[$/d'; done
  "$AYO" --as @next ticket note t-0 'The next command' || echo "WRONG: the next command fails"
  git -C "$R" rev-parse -q --verify aside > /dev/null && go_home
  git -C "$R" fsck --strict --no-dangling --no-progress; git -C "$R" status --porcelain
}
show() { "$AYO" doctor; git -C "$R" log --format='%h %an: %s'; echo "the store is in $S"; }
