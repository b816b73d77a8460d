# Completion for bash: wmrec's commands, options and their values. SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

# Sets words: the words after wmrec, up to the one that is completed. Joins what bash splits at = and :, such as
# --for=Stopped and URLs.
_wmrec_words() {
  local word is_part=

  words=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ ${#words[@]} -gt 0 && ($is_part || $word == [=:]*) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    [[ $word == *[=:] ]] && is_part=yes || is_part=
  done
}

# Sets option: the option whose value is completed, "id" after --, or empty; command: the command, or empty if there is
# neither a command nor an id before the word.
_wmrec_read() {
  local word is_ended=

  option='' command=''
  for word in "${words[@]:0:${#words[@]}-1}"; do
    if [[ $option ]]; then
      option=''
    elif [[ ! $is_ended && $word == -* ]]; then
      case $word in
        --) is_ended=yes ;;
        -o | -[qv]*o | --token-file | --user | --password-file | --endpoint | --self-hosted | --server | --cacert | --resolve | --max-time | \
          --output | --out | \
          --interval | --stale-after | --for | --timeout | --uf2 | --write | --read | --address | --ntp-server) option=$word ;;
      esac
    elif [[ ! $command ]]; then
      case $word in
        is-recording | watch | wait | settings) command=$word ;;
        *) command=status ;;
      esac
    fi
  done
  if [[ ! $option && ! $is_ended && $word_now == --*=* ]]; then
    option=${word_now%%=*}
    word_now=${word_now#*=}
  fi
  [[ ! $is_ended ]] || option=${option:-id}
}

_wmrec_formats() {
  case $1 in
    watch) echo text json prometheus home-assistant ;;
    wait | is-recording) echo text json ;;
    settings) echo text ;;
    *) echo text json prometheus ;;
  esac
}

_wmrec_options() {
  echo --token-file --user --password-file --endpoint --mock --self-hosted --server --cacert --output --help --version
  [[ $1 == settings ]] || echo --resolve --max-time --stale-after --keep-session --verbose --quiet
  case $1 in
    is-recording) ;;
    settings) echo --uf2 --write --read --hex --address --interval --ntp-server ;;
    watch) echo --out --interval ;;
    wait) echo --for --interval --timeout ;;
    *) echo --out ;;
  esac
}

# Adds what compgen finds for the word to the reply.
_wmrec_reply() {
  local found

  while IFS= read -r found; do
    COMPREPLY+=("$found")
  done < <(compgen "$@" -- "$word_now")
}

_wmrec() {
  local IFS=$' \t\n' words word_now option command

  COMPREPLY=()
  _wmrec_words
  word_now=${words[${#words[@]} - 1]}
  _wmrec_read
  case $option in
    --token-file | --password-file | --cacert | --out | --uf2 | --write | --read)
      compopt -o filenames 2>/dev/null
      _wmrec_reply -f ;;
    -o | -[qv]*o | --output) _wmrec_reply -W "$(_wmrec_formats "$command")" ;;
    --for) _wmrec_reply -W "NeverStarted Recording Stopped" ;;
    '')
      if [[ $word_now == -* ]]; then
        _wmrec_reply -W "$(_wmrec_options "$command")"
      elif [[ ! $command ]]; then
        _wmrec_reply -W "status is-recording watch wait settings"
      fi ;;
  esac
}

complete -F _wmrec wmrec
