# Completion of ayo for fish. Put it into ~/.config/fish/completions/ayo.fish:
#   ayo completion fish > ~/.config/fish/completions/ayo.fish
# ayo itself knows what may follow; this file only asks it and answers fish.

function __ayo_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l answers (ayo completion --words -- $before[2..-1] "$current" 2>/dev/null)
    if test "$answers[1]" = \tfiles
        __fish_complete_path "$current"
    else
        printf '%s\n' $answers
    end
end

complete -c ayo -f -k -a '(__ayo_complete)'
