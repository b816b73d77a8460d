# Completes wmrec's commands, options and their values, in bash. SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

# The command on the line; "status" if there is none.
_wmrec_command() {
  local word

  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      status | is-recording | watch | wait | settings) echo "$word"; return ;;
    esac
  done
  echo status
}

# The values of an option; fails if it is none that has values.
_wmrec_values() {
  case $1 in
    -o | --output)
      case $2 in
        status) echo text json prometheus ;;
        watch) echo text json prometheus home-assistant ;;
        settings) echo text ;;
        *) echo text json ;;
      esac ;;
    --for) echo NeverStarted Recording Stopped ;;
    --endpoint | --self-hosted | --resolve | --max-time | --interval | --stale-after | --timeout | --address | --ntp-server) ;;
    *) return 1 ;;
  esac
}

_wmrec_options() {
  if [[ $1 == settings ]]; then
    echo --write --read --hex --address --token-file --endpoint --mock --self-hosted --cacert --interval --ntp-server \
      --help --version
    return
  fi
  echo --token-file --endpoint --mock --self-hosted --cacert --resolve --max-time --keep-session --output --verbose \
    --quiet --help --version
  case $1 in
    status) echo --out ;;
    watch) echo --out --interval --stale-after ;;
    wait) echo --for --interval --timeout ;;
  esac
}

_wmrec() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command values

  command=$(_wmrec_command)
  COMPREPLY=()
  case $before in
    --token-file | --cacert | --out | --write | --read)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return ;;
  esac
  if values=$(_wmrec_values "$before" "$command"); then
    mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word")
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_wmrec_options "$command")" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "status is-recording watch wait settings" -- "$word")
  fi
}

complete -F _wmrec wmrec
