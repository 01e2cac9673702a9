# Completion of ayo for bash 3.2 and later. Load it in ~/.bashrc:
#   source <(ayo completion bash)
# ayo itself knows what may follow; this file only asks it and answers bash.

_ayo() {
  local line=${COMP_LINE:0:${COMP_POINT:-0}} words=() part cur head i
  if [[ -z $line ]]; then
    words=("${COMP_WORDS[@]:0:COMP_CWORD+1}")
  else
    # bash splits words at = : and @ too; what has no blank before it in the line belongs together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
      head=${line%%[![:space:]]*}
      line=${line#"$head"}
      part=${COMP_WORDS[i]}
      [[ $line == "$part"* ]] || part=$line
      line=${line#"$part"}
      if ((i == 0)) || [[ -n $head ]]; then
        words+=("$part")
      else
        words[${#words[@]} - 1]+=$part
      fi
    done
  fi
  cur=${words[${#words[@]} - 1]}
  # What bash replaces: what follows the last = or :, with the @ that it begins with.
  part=$cur
  for i in = :; do [[ ${COMP_WORDBREAKS-} == *"$i"* ]] && part=${part##*"$i"}; done
  [[ ${COMP_WORDBREAKS-} == *@* && $part == *@* ]] && part=@${part##*@}

  local answer value about candidates=() abouts=()
  while IFS= read -r answer; do
    value=${answer%%$'\t'*}
    about=${answer#*$'\t'}
    if [[ -z $value ]]; then
      [[ $about == files ]] && _ayo_files "$cur"
      return
    fi
    # What stands before the part that bash replaces must not come twice.
    value=${value#"${cur%"$part"}"}
    [[ $value == *[!A-Za-z0-9@%_+=:,./-]* ]] && printf -v value %q "$value"
    candidates+=("$value")
    abouts+=("$about")
  done < <(ayo completion --words -- "${words[@]:1}" 2>/dev/null)

  compopt -o nosort 2>/dev/null
  COMPREPLY=(${candidates[@]+"${candidates[@]}"})
  # Listed, not inserted: with what they are.
  if ((${#candidates[@]} > 1)) && [[ ${COMP_TYPE:-9} == 63 || ${COMP_TYPE:-9} == 33 || ${COMP_TYPE:-9} == 64 ]]; then
    local width=0 columns=${COLUMNS:-80}
    for value in "${candidates[@]}"; do ((${#value} > width)) && width=${#value}; done
    COMPREPLY=()
    for ((i = 0; i < ${#candidates[@]}; i++)); do
      printf -v line '%-*s  %s' "$width" "${candidates[i]}" "${abouts[i]}"
      COMPREPLY+=("${line:0:columns - 1}")
    done
  fi
}

_ayo_files() {
  local file
  compopt -o filenames 2>/dev/null
  COMPREPLY=()
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$1")
}

complete -F _ayo ayo
