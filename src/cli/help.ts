import type { CommandName } from './commands.ts';

export const GENERAL_HELP = `Throughline: see every MCP call your agent really makes.

Usage: throughline COMMAND [OPTIONS]

Commands:
  serve    run the gateway and its page without a window
  bridge   connect a client that speaks MCP over stdio to the gateway
  demo     run a gateway and play a scripted session through it
  open     open the page of a running gateway in a browser
  export   write recorded traces as OTLP
  import   take files with traces in

Options of every command:
  --help     what the command does and its options
  --debug    show where an error came from
  --version  the version, without a command

Run "throughline COMMAND --help" for one command.
`;

export const COMMAND_HELP: Readonly<Record<CommandName, string>> = {
  serve: `Usage: throughline serve [--config FILE] [--port N] [--token T] [--data-dir DIR] [--manage] [--json]

Runs the gateway on 127.0.0.1 until it gets SIGTERM or SIGINT.

  --config FILE   servers and settings (JSON with comments); naming the file is the consent to start its servers
  --port N        port to listen on, 4820 unless given; 0 takes a free one
  --token T       token that clients must send, at least 16 characters; else THROUGHLINE_TOKEN, else a new random one
  --data-dir DIR  keep traces on disk in DIR; otherwise they are kept in memory only
  --manage        the page may add, start and remove servers
  --json          print one line of JSON on stdout when ready; everything else goes to stderr
`,
  bridge: `Usage: throughline bridge [--server ID] [--url URL] [--token T] [--no-start]

Speaks MCP over stdin and stdout to the running gateway; clients start it themselves. Goes on when the gateway is
restarted. When none runs, the app's own is started without a window; it ends when it has not been used for a while.

  --server ID  only this server, under its own names; all servers unless given
  --url URL    as for open
  --token T    as for open
  --no-start   end with code 1 when no gateway runs
`,
  demo: `Usage: throughline demo [--port N] [--token T] [--json]

Runs a gateway with a bundled demo server, plays a session through it (a fast call, a slow one, an error, a secret, a call
that never answers) and prints the address of the page. Runs until it gets SIGTERM or SIGINT.

  --port N   port to listen on; a free one unless given
  --token T  as for serve
  --json     print the same line of JSON as serve
`,
  open: `Usage: throughline open [--url URL] [--token T]

Opens the page of a running gateway in a browser and prints its address, which works once within 60 seconds.

  --url URL  origin of the gateway, for example http://127.0.0.1:4820; the newest running one unless given
  --token T  its token; else THROUGHLINE_TOKEN, else the one it keeps in its state file
`,
  export: `Usage: throughline export [--url URL] [--token T] [--trace ID | --query Q] [--payloads] [--format FORMAT] [--out FILE]

Writes the finished spans of a running gateway as OTLP. Ends with code 1 when there are none.

  --url URL        as for open
  --token T        as for open
  --trace ID       one trace only
  --query Q        only traces that match, in the language of the page's filter, for example "status:error"
  --payloads       captured bodies, too
  --format FORMAT  otlp-json (unless given), otlp-jsonl, otlp-proto, or session: a file to open again with everything in
                   it, captured bodies and what was hidden included
  --out FILE       write to FILE, for your eyes only, instead of stdout; an existing regular file is replaced, anything
                   else at that path (a directory, a link, a device) is refused
`,
  import: `Usage: throughline import FILE... [--url URL] [--token T]

Takes the traces of files into a running gateway: OTLP as JSON, JSON Lines or protobuf, a session that was exported, the
JSON of Tempo, Jaeger or Zipkin, each packed with gzip or not. Everything is redacted as it comes in. Says of each file
what it was and what was in it, and ends with code 1 when one could not be taken.

  --url URL  as for open
  --token T  as for open
`,
};
