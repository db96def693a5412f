# TAB for gof in fish: commands, options and their arguments; names from the node that runs, if one does.
# Made by the target `pages` from src/pages/gof.fish.in and the option table.

# The command is still to be written.
function __gof_begins
    test (count (commandline -opc)) -eq 1
end

# The name of a command belongs here.
function __gof_names
    set -l words (commandline -opc)
    test (count $words) -eq 1; or test "$words[2..-1]" = help
end

# The command is one of those given.
function __gof_in
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- $words[2] $argv
end

# What the running node would put there. Nobody answers: nothing is offered. What is more than a word to a shell
# is left out.
function __gof_live
    set -l words (commandline -opc)
    command -q -- $words[1]; or return
    set -l current (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] "$current" 2>/dev/null </dev/null)
        set -l word (string split -m 1 \t -- "$line")[1]
        string match -q -- '-*' "$word"; and continue
        set -l rest (string replace -- "$current" '' "$word")
        string match -qr -- '^[A-Za-z0-9._:-]*$' "$rest"; or continue
        printf '%s\n' "$line"
    end
end

# A number becomes a time.
function __gof_duration
    string match -rq -- '(^|=)(?<number>[0-9]+)$' (commandline -ct); or return
    printf '%s\n' {$number}ms {$number}s {$number}m {$number}h
end

function __gof_address
    printf '%s:\n' (__fish_print_hostnames 2>/dev/null)
end

complete -c gof -f
complete -c gof -n __gof_begins -s h -l help -d 'this help, in short with -h'
complete -c gof -n __gof_begins -s V -l version -d 'print the version'
complete -c gof -n __gof_names -a serve -d 'offer local services to the mesh; print a ticket'
complete -c gof -n __gof_names -a forward -d 'listen here, carry connections to services of a peer'
complete -c gof -n __gof_names -a relay -d 'relay between peers; print a ticket to join by'
complete -c gof -n __gof_names -a run -d 'serve and forward as a configuration file says'
complete -c gof -n __gof_names -a connect -d 'join stdin and stdout with a service of a peer'
complete -c gof -n __gof_names -a status -d 'tell what the running node does'
complete -c gof -n __gof_names -a peers -d 'list who is in the mesh'
complete -c gof -n __gof_names -a ping -d 'measure the round trip to a peer'
complete -c gof -n __gof_names -a trace -d 'show the path to a peer, hop by hop'
complete -c gof -n __gof_names -a id -d 'print this peer\'s id'
complete -c gof -n __gof_names -a ticket -d 'print, replace or explain a ticket'
complete -c gof -n __gof_names -a server -d 'serve, as gossip-port-forward called it'
complete -c gof -n __gof_names -a client -d 'forward, as gossip-port-forward called it'
complete -c gof -n __gof_names -a both -d 'server and client in one process'
complete -c gof -n __gof_names -a demo -d 'show a mesh at work in one process, checked'
complete -c gof -n __gof_names -a completion -d 'print the completion script of a shell'
complete -c gof -n __gof_begins -a help -d 'all about a command'
complete -c gof -n '__gof_in forward' -a '(__gof_live)'
complete -c gof -n '__gof_in run' -F
complete -c gof -n '__gof_in connect' -a '(__gof_live)'
complete -c gof -n '__gof_in ping' -a '(__gof_live)'
complete -c gof -n '__gof_in trace' -a '(__gof_live)'
complete -c gof -n '__gof_in ticket' -a '(__gof_live)'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l join -x -a '(__gof_address)' -d 'a member of the mesh to dial first; may be repeated'
complete -c gof -n '__gof_in serve run server both' -l listen -x -a '(__gof_address)' -d 'where links of the mesh are accepted; may be repeated'
complete -c gof -n '__gof_in relay' -l listen -x -a '(__gof_address)' -d 'where links of the mesh are accepted; may be repeated'
complete -c gof -n '__gof_in forward connect client' -l listen -x -a '(__gof_address)' -d 'accept links of the mesh there; may be repeated'
complete -c gof -n '__gof_in relay' -s p -x -d 'as --listen 0.0.0.0:PORT --listen \'[::]:PORT\''
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l no-listen -d 'accept no links of the mesh, only make them'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l advertise -x -a '(__gof_address)' -d 'put this address first in tickets; may be repeated'
complete -c gof -n '__gof_in forward connect ping trace ticket client both' -l ticket-file -r -F -d 'read the ticket from FILE instead of the command line'
complete -c gof -n '__gof_in serve relay run server' -l ticket-file -r -F -d 'read a join ticket from FILE, as --join TICKET'
complete -c gof -n '__gof_in server both' -s a -x -d 'the host of the service'
complete -c gof -n '__gof_in server both' -s f -x -d 'the port of the service'
complete -c gof -n '__gof_in client both' -s c -x -a '(__gof_live)' -d 'the ticket that the other side printed, or an alias'
complete -c gof -n '__gof_in client both' -s l -x -d 'the port to listen on; a SPEC is taken too'
complete -c gof -n '__gof_in serve run server both' -l allow -x -d 'who may use services without a ticket; may be repeated'
complete -c gof -n '__gof_in forward client' -s L -x -a '(__gof_live)' -d 'a SPEC, as ssh -L has it; may be repeated'
complete -c gof -n '__gof_in ticket' -l show -d 'print the ticket once more'
complete -c gof -n '__gof_in ticket' -l new -d 'withdraw the ticket and print another'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l name -x -d 'what this peer is called in the mesh'
complete -c gof -n '__gof_in serve forward relay run connect id ticket server client both' -l key -r -F -d 'the identity; made on first use'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l ephemeral -d 'a new identity for this run; nothing is written'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l network-key -r -F -d 'the mesh\'s shared secret'
complete -c gof -n '__gof_in serve forward relay run connect ping trace server client both' -l config -r -F -d 'where options and aliases stand, too'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l connect-timeout -x -a '(__gof_duration)' -d 'how long a connection may wait for the peer or its target'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l survive -x -a '(__gof_duration)' -d 'how long connections outlive the path between the peers'
complete -c gof -n '__gof_in serve forward run server client both' -l keep-alive -x -d 'when a local connection is reset whose other machine has vanished'
complete -c gof -n '__gof_in serve forward relay run server client both' -l control -r -F -d 'the socket on which gof status and others ask this node'
complete -c gof -n '__gof_in status peers ping trace' -l control -r -F -d 'the control socket of the node to ask'
complete -c gof -n '__gof_in status' -l watch -d 'show it again every second until it is ended'
complete -c gof -n '__gof_in status' -l check -d 'print nothing if all works; else say what does not, and end with 69'
complete -c gof -n '__gof_in run' -l check -d 'look whether the file is right, and do nothing'
complete -c gof -n '__gof_in ping' -s c -l count -x -d 'how many times to ask'
complete -c gof -n '__gof_in ping' -l until-direct -d 'until an answer came by no relay'
complete -c gof -n '__gof_in ping trace' -l timeout -x -a '(__gof_duration)' -d 'how long to wait for an answer'
complete -c gof -n '__gof_in demo' -l size -x -d 'how much is sent, and comes back'
complete -c gof -n '__gof_in serve forward relay run server client both' -l ready-fd -x -d 'a line is written to descriptor N once all is ready'
complete -c gof -n '__gof_in status peers ping trace id ticket demo' -l json -d 'print a JSON object'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -s v -l verbose -d 'log more; -vv: everything'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -s q -l quiet -d 'log warnings and errors only; -qq: errors only'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l log-level -x -a 'error warn info debug trace' -d 'what is logged: error, warn, info, debug or trace'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l log-format -x -a 'text json' -d 'how log lines look, on stderr'
complete -c gof -n '__gof_in serve forward relay run connect server client both' -l color -x -a 'auto always never' -d 'colour in log lines; auto: on a terminal'
complete -c gof -n '__gof_in demo' -l color -x -a 'auto always never' -d 'colour in what is shown; auto: on a terminal'
complete -c gof -n '__gof_in serve forward relay run connect status peers ping trace id ticket server client both demo completion' -s h -l help -d 'this help, in short with -h'
complete -c gof -n '__gof_in serve forward relay run connect status peers ping trace id ticket server client both demo completion' -s V -l version -d 'print the version'
