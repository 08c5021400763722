# Processes that outlive the shell. A pid file holds "pid start-time stamp": the start time proves that the pid is still
# ours, the stamp (program and settings) says whether it is still the right one.

# short_path DIRECTORY: the directory itself, or one under /tmp when a unix socket in it would be longer than the 107
# bytes that a socket's path may have.
short_path() {
  if ((${#1} <= 80)); then echo "$1"; else echo "/tmp/papertape-$(id -u)-$(printf %s "$1" | cksum | cut -d' ' -f1)"; fi
}

# own_directory DIRECTORY: makes it for us alone to write; a stranger's directory of that name is refused.
own_directory() {
  mkdir -p "$1"
  [[ -O $1 ]] || die "$1 belongs to somebody else" "Remove it, or use another --state directory."
  chmod 755 "$1"
}

start_time_of() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# The pid of a running process of ours, or failure.
pid_of() {
  local pid started _
  { read -r pid started _ <"$RUN/$1.pid"; } 2>/dev/null || return 1
  [[ -n $started && $(start_time_of "$pid") == "$started" ]] || return 1
  [[ $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -c1) != Z ]] || return 1
  echo "$pid"
}

stamp_of() { cut -d' ' -f3 "$RUN/$1.pid" 2>/dev/null; }

# process_start NAME STAMP COMMAND...: detached from this shell, output to logs/NAME.log.
process_start() {
  local name=$1 stamp=$2 log=$STATE/logs/$1.log
  shift 2
  if [[ -f $log && $(stat -c %s "$log") -gt 50000000 ]]; then mv "$log" "$log.1"; fi
  setsid "$@" >>"$log" 2>&1 </dev/null &
  local pid=$!
  disown
  echo "$pid $(start_time_of "$pid") $stamp" >"$RUN/$name.pid"
}

# process_stop NAME [SIGNAL]: asks, waits, and after 20 s insists.
process_stop() {
  local pid
  if pid=$(pid_of "$1"); then
    kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
    if ! wait_until 20 process_gone "$1"; then
      note "$1 did not stop within 20 s: killed"
      kill -KILL "$pid" 2>/dev/null || true
      wait_until 5 process_gone "$1" || true
    fi
  fi
  rm -f "$RUN/$1.pid"
}

process_gone() { ! pid_of "$1" >/dev/null; }

# port_must_be_free PORT WHO
port_must_be_free() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    die "port $1 is taken, and $2 needs it" "See who has it: ss -ltnp 'sport = :$1'" \
      "Stop that, or start this suite on other ports: ./papertape --ports 21000 up"
  fi
}
