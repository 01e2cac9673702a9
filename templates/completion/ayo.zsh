#compdef ayo
# Completion of ayo for zsh. Put it on your fpath as _ayo, or load it in ~/.zshrc after compinit:
#   source <(ayo completion zsh)
# ayo itself knows what may follow; this file only asks it and answers zsh.

_ayo() {
  local -a answers described
  local answer value
  answers=("${(@f)$(ayo completion --words -- "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if [[ $answers[1] == $'\t'files ]]; then
    compset -P '--*='
    _files
    return
  fi
  for answer in $answers; do
    value=${answer%%$'\t'*}
    described+=("${value//:/\\:}:${answer#*$'\t'}")
  done
  (( $#described )) || return 1
  # ayo has chosen already: -U takes what does not begin with the word, a ticket by the end of its id.
  _describe -V -t candidates ayo described -U
}

if [[ $funcstack[1] == _ayo ]]; then
  _ayo "$@"
else
  compdef _ayo ayo
fi
