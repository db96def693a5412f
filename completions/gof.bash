# TAB for gof in bash: commands, options and their arguments; names from the node that runs, if one does.
# Made by the target `pages` from src/pages/gof.bash.in and the option table.

_gof_commands='serve forward relay run connect status peers ping trace id ticket server client both demo completion help'

# Sets, for a command: options, takes (those with an argument, and what is offered there), arguments.
_gof_options() {
  case $1 in
    serve)
      options='--join --listen --no-listen --advertise --ticket-file --allow --name --key --ephemeral --network-key --config --connect-timeout --survive --keep-alive --control --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file --allow=nothing --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --keep-alive=nothing --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=nothing
      ;;
    forward)
      options='--join --listen --no-listen --advertise --ticket-file -L --name --key --ephemeral --network-key --config --connect-timeout --survive --keep-alive --control --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file -L=live --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --keep-alive=nothing --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=live
      ;;
    relay)
      options='--join --listen -p --no-listen --advertise --ticket-file --name --key --ephemeral --network-key --config --connect-timeout --survive --control --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address -p=nothing --advertise=address --ticket-file=file --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=nothing
      ;;
    run)
      options='--join --listen --no-listen --advertise --ticket-file --allow --name --key --ephemeral --network-key --config --connect-timeout --survive --keep-alive --control --check --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file --allow=nothing --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --keep-alive=nothing --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=file
      ;;
    connect)
      options='--join --listen --no-listen --advertise --ticket-file --name --key --ephemeral --network-key --config --connect-timeout --survive -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=live
      ;;
    status)
      options='--control --watch --check --json -h --help -V --version'
      takes=' --control=file '
      arguments=nothing
      ;;
    peers)
      options='--control --json -h --help -V --version'
      takes=' --control=file '
      arguments=nothing
      ;;
    ping)
      options='--ticket-file --config --control -c --count --until-direct --timeout --json -h --help -V --version'
      takes=' --ticket-file=file --config=file --control=file -c=nothing --count=nothing --timeout=duration '
      arguments=live
      ;;
    trace)
      options='--ticket-file --config --control --timeout --json -h --help -V --version'
      takes=' --ticket-file=file --config=file --control=file --timeout=duration '
      arguments=live
      ;;
    id)
      options='--key --json -h --help -V --version'
      takes=' --key=file '
      arguments=nothing
      ;;
    ticket)
      options='--ticket-file --show --new --key --json -h --help -V --version'
      takes=' --ticket-file=file --key=file '
      arguments=live
      ;;
    server)
      options='--join --listen --no-listen --advertise --ticket-file -a -f --allow --name --key --ephemeral --network-key --config --connect-timeout --survive --keep-alive --control --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file -a=nothing -f=nothing --allow=nothing --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --keep-alive=nothing --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=nothing
      ;;
    client)
      options='--join --listen --no-listen --advertise --ticket-file -c -l -L --name --key --ephemeral --network-key --config --connect-timeout --survive --keep-alive --control --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file -c=live -l=nothing -L=live --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --keep-alive=nothing --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=nothing
      ;;
    both)
      options='--join --listen --no-listen --advertise --ticket-file -a -f -c -l --allow --name --key --ephemeral --network-key --config --connect-timeout --survive --keep-alive --control --ready-fd -v --verbose -q --quiet --log-level --log-format --color -h --help -V --version'
      takes=' --join=address --listen=address --advertise=address --ticket-file=file -a=nothing -f=nothing -c=live -l=nothing --allow=nothing --name=nothing --key=file --network-key=file --config=file --connect-timeout=duration --survive=duration --keep-alive=nothing --control=file --ready-fd=nothing --log-level=choice:error:warn:info:debug:trace --log-format=choice:text:json --color=choice:auto:always:never '
      arguments=nothing
      ;;
    demo)
      options='--size --json --color -h --help -V --version'
      takes=' --size=nothing --color=choice:auto:always:never '
      arguments=nothing
      ;;
    completion)
      options='-h --help -V --version'
      takes=' '
      arguments=nothing
      ;;
    *) return 1 ;;
  esac
}

# What the running node would put there. Nobody answers: nothing is offered. bash puts it on the line as it is:
# what is more than a word to it is left out.
_gof_live() {
  local line LC_ALL=C
  while IFS= read -r line; do
    line=${line%%$'\t'*}
    [[ $line == "$value"* && $line != -* && ${line#"$value"} != *[^A-Za-z0-9._:-]* ]] && COMPREPLY+=("$line")
  done < <("$program" __complete "${typed[@]:1}" 2>/dev/null </dev/null)
}

# Adds what fits $value, of the kind given.
_gof_offer() {
  case $1 in
    file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$value" 2>/dev/null)
      ;;
    address)
      compopt -o nospace 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -A hostname -S : -- "$value" 2>/dev/null)
      ;;
    duration) [[ $value =~ ^[0-9]+$ ]] && COMPREPLY=("$value"{ms,s,m,h}) ;;
    choice:*)
      local word=${1#choice:}
      mapfile -t COMPREPLY < <(compgen -W "${word//:/ }" -- "$value")
      ;;
    live) _gof_live ;;
  esac
}

_gof() {
  local program=$1 line=${COMP_LINE:0:COMP_POINT} options takes arguments
  local -a typed
  COMPREPLY=()
  # Words as gof gets them: bash itself also splits at ':' and '='.
  read -ra typed <<<"$line"
  [[ $line == *[[:blank:]] ]] && typed+=('')
  while ((${#typed[@]} > 0)) && [[ ${typed[0]} != "$program" ]]; do typed=("${typed[@]:1}"); done
  ((${#typed[@]} > 1)) || return 0
  local current=${typed[-1]} before=${typed[-2]} value prefix=
  value=$current

  if ((${#typed[@]} == 2)); then
    mapfile -t COMPREPLY < <(compgen -W "$_gof_commands -h --help -V --version" -- "$value")
  elif [[ ${typed[1]} == help ]]; then
    ((${#typed[@]} == 3)) && mapfile -t COMPREPLY < <(compgen -W "$_gof_commands" -- "$value")
  elif _gof_options "${typed[1]}"; then
    local kind=$arguments
    if [[ " ${typed[*]:2:${#typed[@]}-3} " == *' -- '* ]]; then
      :
    elif [[ $current == --*=* ]]; then
      prefix=${current%%=*}=
      value=${current#*=}
      kind=nothing
      [[ $takes == *" $prefix"* ]] && kind=${takes#*" $prefix"} && kind=${kind%% *}
    elif ((${#typed[@]} > 3)) && [[ $takes == *" $before="* ]]; then
      kind=${takes#*" $before="}
      kind=${kind%% *}
    elif [[ $current == -?* ]]; then
      kind=nothing
      mapfile -t COMPREPLY < <(compgen -W "$options" -- "$value")
    fi
    _gof_offer "$kind"
  fi

  # bash puts what is offered behind the last of its own word breaks.
  local at=${#current} i
  while ((at > 0)) && [[ $COMP_WORDBREAKS != *"${current:at-1:1}"* ]]; do at=$((at - 1)); done
  for i in "${!COMPREPLY[@]}"; do
    COMPREPLY[i]=$prefix${COMPREPLY[i]}
    COMPREPLY[i]=${COMPREPLY[i]:at}
  done
  return 0
}

complete -F _gof gof
