# The running suite: six services and the gateway, their settings, and the commands that start, show and stop them.

RUN=$(short_path "$STATE/run")

# Ports: the design's own, or a hundred in a row from --ports N for a suite beside another.
ports_choose() {
  local base=${PORTS:-50000} index=1 name
  [[ $base =~ ^[0-9]+$ ]] && ((base >= 1024 && base <= 65400)) || die "--ports $base: a number from 1024 to 65400"
  PORT_HTTP=8000
  if [[ -n $PORTS ]]; then PORT_HTTP=$base; fi
  PORT_POSTGRES=$((base + 70))
  PORT_REDIS=$((base + 71))
  declare -gA PORT_GRPC PORT_ADMIN
  for name in "${PROGRAMS[@]}"; do
    PORT_GRPC[$name]=$((base + 50 + index))
    PORT_ADMIN[$name]=$((base + 60 + index))
    index=$((index + 1))
  done
  HTTP_LISTEN=${PAPERTAPE_HTTP_LISTEN:-127.0.0.1:$PORT_HTTP}
  HTTP_URL=http://${HTTP_LISTEN/#0.0.0.0:/127.0.0.1:}
}
ports_choose

setting_names() { sed -n 's/^SETTING(\([A-Z_0-9]*\),.*/\1/p' "$ROOT/libs/config/names.def"; }

mail_directory() { echo "${PAPERTAPE_MAIL_DIRECTORY:-$STATE/mail}"; }

# One NAME=value a line: what the process NAME is started with. Settings that this shell has pass through (a misspelt
# PAPERTAPE_ name too: the process refuses it aloud), everything else stays outside. The data key goes to
# those who seal, the keys of the document store and the one that signs tokens to auth.
environment_of() {
  local name=$1 setting peer
  for setting in $({ setting_names && compgen -e PAPERTAPE_; } | sort -u); do
    if [[ $setting =~ ^(AWS_|S3_|JWT_PRIVATE_) && $name != auth ]]; then continue; fi
    if [[ $setting == PAPERTAPE_DATA_KEY* && $name != auth && $name != notification ]]; then continue; fi
    if [[ -n ${!setting-} && $setting != DATABASE_URL ]]; then echo "$setting=${!setting}"; fi
  done
  echo "PATH=$PATH"
  for peer in "${SERVICES[@]}"; do
    echo "PAPERTAPE_$(shout "$peer")_ADDRESS=unix:$RUN/$peer.sock"
  done
  if [[ $name == gateway ]]; then
    echo "PAPERTAPE_HTTP_LISTEN=$HTTP_LISTEN"
  else
    echo "DATABASE_URL=$(database_url "$name")"
    echo "PAPERTAPE_ADMIN_LISTEN=127.0.0.1:${PORT_ADMIN[$name]}"
    echo "PAPERTAPE_LISTEN=unix:$RUN/$name.sock,127.0.0.1:${PORT_GRPC[$name]}"
  fi
  if [[ $name == notification ]]; then echo "PAPERTAPE_MAIL_DIRECTORY=$(mail_directory)"; fi
  if [[ $name == auth && -z ${PAPERTAPE_DOCUMENTS_DIR-} ]]; then echo "PAPERTAPE_DOCUMENTS_DIR=$STATE/documents"; fi
  if [[ $name == market-data && -n ${MARKET_FILES-} ]]; then echo "PAPERTAPE_MARKET_FILES=$MARKET_FILES"; fi
}

# service_up NAME: starts it, or leaves it alone when it runs with this program and these settings already.
service_up() {
  local name=$1 program environment stamp
  program=$(build_dir)/bin/papertape-$name
  mapfile -t environment < <(environment_of "$name")
  stamp=$({ stat -c '%i %Y %s' "$program" && printf '%s\n' "${environment[@]}"; } | sha256sum | cut -c1-16)
  if pid_of "$name" >/dev/null; then
    if [[ $(stamp_of "$name") == "$stamp" ]]; then return; fi
    note "$name: changed, restarting"
    process_stop "$name"
  fi
  if [[ $name == gateway ]]; then
    port_must_be_free "${HTTP_LISTEN##*:}" gateway
  else
    port_must_be_free "${PORT_GRPC[$name]}" "$name"
    port_must_be_free "${PORT_ADMIN[$name]}" "$name"
  fi
  rm -f "$RUN/$name.sock"
  process_start "$name" "$stamp" env -i "${environment[@]}" "$program"
}

# The gateway answers for itself on its public port, a service on its admin port.
is_ready() {
  local base=http://127.0.0.1:${PORT_ADMIN[$1]}
  if [[ $1 == gateway ]]; then base=$HTTP_URL; fi
  curl -fsS -m 2 "$base/health/ready"
}

# Ready, or dead: both end the waiting.
ready_or_gone() { is_ready "$1" || process_gone "$1"; }

service_ready() {
  wait_until 60 ready_or_gone "$1" || true
  if process_gone "$1"; then die_with_log "$1 stopped while starting" "$STATE/logs/$1.log"; fi
  is_ready "$1" >/dev/null 2>&1 || die_with_log "$1 is not ready after 60 s" "$STATE/logs/$1.log"
}

suite_up() {
  local name
  own_directory "$STATE"
  own_directory "$RUN"
  mkdir -p "$STATE/logs"
  exec {lock}>"$STATE/lock"
  flock -w 600 "$lock" || die "another ./papertape up is at work"
  packages_install
  build_programs
  secrets_load
  postgres_up {lock}>&-
  postgres_roles
  redis_up {lock}>&-
  market_files
  step "Services: starting ${SERVICES[*]}, gateway"
  for name in "${PROGRAMS[@]}"; do service_up "$name" {lock}>&-; done
  for name in "${PROGRAMS[@]}"; do service_ready "$name"; done
  suite_welcome
}

suite_welcome() {
  step "Papertape is up: $HTTP_URL"
  cat <<TEXT
    HTTP and WebSocket  $HTTP_URL  ws://${HTTP_URL#http://}/ws/{user_id}
    gRPC                127.0.0.1:${PORT_GRPC[auth]}-${PORT_GRPC[notification]}, with reflection
    Logs                ./papertape logs -f
    Mail                $(mail_destination)

    Try:
      curl $HTTP_URL/market/live/AAPL
      curl $HTTP_URL/stocks
      ./papertape demo
TEXT
}

# Where codes to sign in with arrive.
mail_destination() {
  local host=${SMTP_HOST:-${SMTP_SERVER-}}
  if [[ -n $host ]]; then echo "by way of $host"; else echo "$(mail_directory)/*.eml (set SMTP_HOST to send it)"; fi
}

suite_down() {
  local index erase=""
  if [[ ${1-} == --erase ]]; then erase=yes; fi
  step "Stopping"
  for ((index = ${#PROGRAMS[@]} - 1; index >= 0; index--)); do process_stop "${PROGRAMS[index]}"; done
  process_stop redis
  process_stop postgres INT
  if [[ -n $erase ]]; then
    step "Erasing $STATE"
    rm -rf "$(readlink -f "$STATE/postgres")" "$RUN" "$STATE"
  fi
}

suite_status() {
  local name pid state answer failed=0
  printf '%-14s %-8s %-12s %-24s %s\n' NAME PID UP ADDRESS STATE
  for name in postgres redis "${PROGRAMS[@]}"; do
    state=stopped
    if pid=$(pid_of "$name"); then
      case $name in
        postgres | redis) state=running ;;
        *) if answer=$(is_ready "$name" 2>/dev/null); then state=ready$(left_alone "$answer"); else state="not ready"; fi ;;
      esac
    else
      pid=-
      # No private server was ever made: DATABASE_URL or REDIS_URL named another.
      if [[ $name == postgres || $name == redis ]] && [[ ! -e $STATE/$name ]]; then state="not ours"; fi
    fi
    if [[ $state != running && $state != ready* && $state != "not ours" ]]; then failed=1; fi
    printf '%-14s %-8s %-12s %-24s %s\n' "$name" "$pid" "$(uptime_of "$pid")" "$(address_of "$name")" "$state"
  done
  return $failed
}

# "; left alone: polygon, tiingo": the providers whose breakers are not closed, of an answer of /health/ready.
left_alone() {
  local names
  names=$(grep -oE '"[a-z]+":"(open|half_open)"' <<<"$1" | cut -d'"' -f2 | paste -sd, | sed 's/,/, /g' || true)
  if [[ -n $names ]]; then echo "; left alone: $names"; fi
}

uptime_of() { if [[ $1 == - ]]; then echo -; else ps -o etime= -p "$1" | tr -d ' '; fi; }

address_of() {
  case $1 in
    postgres) echo "127.0.0.1:$PORT_POSTGRES" ;;
    redis) echo "127.0.0.1:$PORT_REDIS" ;;
    gateway) echo "$HTTP_LISTEN" ;;
    *) echo "127.0.0.1:${PORT_GRPC[$1]}" ;;
  esac
}

suite_logs() {
  local follow="" files=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      -f | --follow) follow=-f ;;
      *)
        [[ -f $STATE/logs/$1.log ]] || die "there is no log of $1" "There are: $(cd "$STATE/logs" 2>/dev/null && ls)"
        files+=("$STATE/logs/$1.log")
        ;;
    esac
    shift
  done
  if [[ ${#files[@]} == 0 ]]; then
    for name in "${PROGRAMS[@]}"; do [[ -f $STATE/logs/$name.log ]] && files+=("$STATE/logs/$name.log"); done
  fi
  [[ ${#files[@]} -gt 0 ]] || die "there are no logs yet" "Start the suite first: ./papertape up"
  # shellcheck disable=SC2086
  tail -n 50 $follow "${files[@]}"
}
