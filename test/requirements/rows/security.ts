import { partly, planned, proven, type Area } from '../row.ts';

export const security: Area = {
  title: 'Security',
  rows: [
    proven('S1', 'Everything that listens binds 127.0.0.1.', {
      test: 'test/runtime/http/http-host.test.ts',
      guard: { file: 'src/runtime/http/http-host.ts', find: 'host: LOOPBACK_ADDRESS, port', replace: 'port' },
    }),
    proven(
      'S2',
      'A request with an unknown `Host` (a foreign name, one that merely begins like ours, a trailing dot, another port, none) is refused before it is routed.',
      {
        test: 'test/runtime/http/http-host.test.ts',
        guard: {
          file: 'src/runtime/http/guard.ts',
          find: "values.length === 1 && hosts.has((values[0] ?? '').toLowerCase())",
          replace: 'values.length === 1',
        },
      },
    ),
    proven(
      'S3',
      'A request with an `Origin` that is not ours, `null` included, is refused; a program that sends none is not a page.',
      {
        test: 'test/runtime/http/guard.test.ts',
        guard: {
          file: 'src/runtime/http/guard.ts',
          find: "values.length === 1 && origins.has(values[0] ?? '')",
          replace: 'values.length === 1',
        },
      },
    ),
    proven('S4', 'Every route that shows or changes anything needs the token.', {
      test: 'test/runtime/http/http-host.test.ts',
      guard: {
        file: 'src/runtime/http/guard.ts',
        find: 'const isMain = timingSafeEqual(digest, mainDigest);',
        replace: 'const isMain = true;',
      },
    }),
    proven(
      'S5',
      'No HTTP route can add, edit, start or agree to a server with the MCP token; only our own window, or the page that was opened for managing, can.',
      {
        test: 'test/runtime/http/rest-door.test.ts',
        guard: {
          file: 'src/runtime/http/rest-door.ts',
          find: 'presented !== undefined && secretsEqual(presented, options.operatorSecret)',
          replace: 'true',
        },
      },
    ),
    proven(
      'S6',
      'Tokens are random (256 bits), made and not defaulted, compared in constant time, different for each purpose.',
      {
        test: 'test/runtime/http/page-sessions.test.ts',
        guard: { file: 'src/runtime/http/secrets.ts', find: 'SECRET_BYTES = 32', replace: 'SECRET_BYTES = 8' },
      },
    ),
    proven(
      'S7',
      'What a server sends is text: no HTML is made of it, and the content policy allows only our own scripts and none inline.',
      {
        test: 'test/runtime/http/ui-door.test.ts',
        guard: {
          file: 'src/runtime/http/ui-door.ts',
          find: "script-src 'self'",
          replace: "script-src 'self' 'unsafe-inline'",
        },
      },
    ),
    proven(
      'S8',
      'A link is opened by one function that parses it, allows https (and http on loopback), shows the host first and uses no shell.',
      {
        test: 'test/desktop/open-external.test.ts',
        guard: {
          file: 'src/desktop/open-external.ts',
          find: "return url.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname) ? url : null;",
          replace: 'return url;',
        },
      },
    ),
    proven(
      'S9',
      'No window is opened by a page, every navigation, redirect, frame and webview is refused, and the operating system is handed a link in exactly one place.',
      {
        test: 'test/desktop/navigation-lock.test.ts',
        guard: { file: 'src/desktop/navigation-lock.ts', find: "contents.on('will-redirect', deny);", replace: '' },
      },
    ),
    proven('S10', 'The page runs with context isolation, sandbox and web security on, Node and webviews off.', {
      test: 'test/desktop/windows/window-options.test.ts',
      guard: { file: 'src/desktop/windows/window-options.ts', find: 'sandbox: true,', replace: 'sandbox: false,' },
    }),
    proven(
      'S11',
      'Every message from the page is checked for its sender (our origin, main frame) and its schema; there is no generic channel; the page receives no token and no secret.',
      {
        test: 'test/desktop/ipc/connect.test.ts',
        guard: { file: 'src/desktop/ipc/connect.ts', find: 'senderFrame === sender.mainFrame &&', replace: '' },
      },
    ),
    planned('S12', 'Plugin code runs in a worker without secrets, with limits on time and memory, never in `node:vm`.'),
    proven(
      'S13',
      'Secrets of the configuration are kept by the operating system’s key store; where there is none the user is told; the file holds references.',
      {
        test: 'test/integration/config/secrets.test.ts',
        guard: {
          file: 'src/runtime/secrets/separate-secrets.ts',
          find: "return place === 'headers' || !isPlainlyHarmless(name, value);",
          replace: 'return false;',
        },
      },
    ),
    proven(
      'S14',
      'Before a server starts the user sees exactly what will be started, uncut: command, arguments, names of variables, folder; nothing starts without agreement.',
      {
        test: 'test/runtime/operations/create-contract-router.test.ts',
        guard: {
          file: 'src/runtime/operations/servers.ts',
          find: 'managingPage.servers.propose.handler(({ input }) => servers.propose(input.id, input.config)),',
          replace:
            'managingPage.servers.propose.handler(async ({ input }) => { const asked = servers.propose(input.id, input.config); await servers.confirm(asked.proposalId); return asked; }),',
        },
      },
    ),
    proven('S15', 'What was agreed to is remembered by a hash; any change asks again.', {
      test: 'test/runtime/app-home.test.ts',
      guard: {
        file: 'src/runtime/home/approvals.ts',
        find: 'digests.get(id)?.includes(digestOf(entry)) ?? false',
        replace: 'digests.has(id)',
      },
    }),
    planned('S16', 'A deep link shows something; it never adds or runs anything.'),
    partly(
      'S17',
      'Nothing received from a server or a registry becomes part of a command.',
      'a registry, of which there is none yet',
      {
        test: 'test/integration/upstreams/commands.test.ts',
        guard: {
          file: 'src/gateway/upstream/stdio-transport.ts',
          find: 'shell: false,',
          replace: 'shell: true,',
        },
      },
    ),
    proven(
      'S18',
      'Processes are started without a shell, from a command and a list of arguments, with an environment that is listed and small.',
      {
        test: 'test/gateway/upstream/stdio-transport.test.ts',
        guard: {
          file: 'src/gateway/upstream/child-environment.ts',
          find: 'return { ...inheritedVariables(inherited), ...Object.fromEntries(left), ...configured };',
          replace: 'return { ...inherited, ...Object.fromEntries(left), ...configured };',
        },
      },
    ),
    proven('S19', 'Each client connection has its own session: no client sees another’s ids or answers.', {
      test: 'test/integration/concurrency.test.ts',
      guard: {
        file: 'src/gateway/session/client-sessions.ts',
        find: 'if (!isSameScope(session.scope, scope)) return null;',
        replace: '',
      },
    }),
    proven(
      'S20',
      'Patterns of the user are matched in linear time (RE2), all matches of one until a deadline: what is left of the text then is hidden.',
      {
        test: 'test/redaction/policy/rule-book.test.ts',
        guard: {
          file: 'src/redaction/rules/user-pattern.ts',
          find: 'addHit(hits, text, { start: from + matcher.end(), end: to }, { rule, kind: YOURS });',
          replace: '',
        },
      },
    ),
    planned(
      'S21',
      'OAuth metadata is fetched over https only, from no private address after resolving and at each redirect; credentials belong to one issuer.',
    ),
    planned('S22', 'Icons are raster images or shown as images; SVG is never put into the page.'),
    planned('S23', 'HTML of a server is not shown.'),
    proven(
      'S24',
      'The OTLP receiver is off or asks for loopback, token, `Host` and `Origin`; its bodies, unpacked sizes, spans and attributes are bounded; nothing can be read through it.',
      {
        test: 'test/integration/receiving/hostile-bodies.test.ts',
        guard: {
          file: 'src/runtime/http/read-packed-body.ts',
          find: "if (held + chunk.byteLength > limits.unpacked) return tooLarge(limits, limits.unpacked, 'unpacked');",
          replace: '',
        },
      },
    ),
    proven(
      'S25',
      'Attributes, events, status text, links, resource, scope, trace state, baggage and stderr are redacted; a planted secret appears in no export, log, clipboard text or file.',
      {
        test: 'test/integration/redaction/sentinel.test.ts',
        guard: {
          file: 'src/redaction/span.ts',
          find: "span.traceState === null ? null : redactText(span.traceState, limits.attributeLength, '/traceState', list),",
          replace: 'span.traceState,',
        },
      },
    ),
    proven('S26', 'Files are 0600 and folders 0700; nothing is reported to anybody.', {
      test: 'test/runtime/state-file.test.ts',
      guard: {
        file: 'src/runtime/state-file.ts',
        find: "{ mode: 0o600, flag: 'wx' }",
        replace: "{ mode: 0o644, flag: 'wx' }",
      },
    }),
    proven(
      'S27',
      'The token is in no page and no URL: a page gets a code that works once, for 60 seconds, and is wiped from the address.',
      {
        test: 'test/runtime/http/page-sessions.test.ts',
        guard: { file: 'src/runtime/http/page-sessions.ts', find: 'codes.delete(key);', replace: '' },
      },
    ),
    partly(
      'S28',
      'The packaged app cannot be run as Node or debugged, checks its archive, is served from its own scheme, runs once, and denies every permission.',
      'a packaged app, and with it the switches that are set when it is packaged',
      {
        test: 'test/desktop/permissions.test.ts',
        guard: {
          file: 'src/desktop/permissions.ts',
          find: 'permission === COPY_TEXT && details.isMainFrame && isAppUrl(details.requestingUrl)',
          replace: 'true',
        },
      },
    ),
    partly(
      'S29',
      'Builds are signed and have checksums; versions are locked; packages are few, and none of ours runs anything when installed.',
      'signed builds and their checksums, since nothing is packaged yet',
      {
        test: 'test/architecture/repository.test.ts',
        guard: {
          file: 'package.json',
          find: '"scripts": {',
          replace: '"scripts": {\n    "postinstall": "node scripts/build.mjs",',
        },
      },
    ),
  ],
};
