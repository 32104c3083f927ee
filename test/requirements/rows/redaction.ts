import { partly, planned, proven, type Area } from '../row.ts';

export const redaction: Area = {
  title: 'Redaction',
  rows: [
    proven(
      'R1',
      'A secret in a query parameter (`token`, `key`, `api_key`, `x_api_key`, `apiKeyTavily`, `pwd`, `auth`, `code`, `sig`, `session_token`, `session_id`, `X-Amz-Signature`) reaches no sink: not OTLP bodies, the store, the page, logs, files or the clipboard.',
      {
        test: 'test/redaction/rules/url.test.ts',
        guard: {
          file: 'src/redaction/rules/url.ts',
          find: 'addHit(hits, text, { start, end }, { rule: rule ?? RULE, kind, secret: percentDecode(text.slice(start, end)) });',
          replace: '',
        },
      },
    ),
    proven(
      'R2',
      'Percent-encoded parameter names, repeated parameters, empty values, `;` separators and `+` are handled, and the parameters that are no secret stay readable.',
      {
        test: 'test/redaction/rules/url.test.ts',
        guard: { file: 'src/redaction/rules/url.ts', find: 'name = percentDecode(name);', replace: 'return null;' },
      },
    ),
    proven(
      'R3',
      'A thrown error whose message holds a secret leaves it in no attribute, event, status text or stack trace, and makes exactly one `exception` event.',
      {
        test: 'test/telemetry/exception.test.ts',
        guard: {
          file: 'src/telemetry/exception.ts',
          find: 'if (this.#told?.includes(what) !== true)',
          replace: 'if (what !== undefined)',
        },
      },
    ),
    proven(
      'R4',
      'One redacting stage stands before every sink: nothing can set an attribute, event, name, status text or link around it.',
      {
        test: 'test/integration/redaction/sentinel.test.ts',
        guard: {
          file: 'src/telemetry/recorder.ts',
          find: 'this.spans.push(this.#redactor.span(this.#toRecord(span)));',
          replace: 'this.spans.push({ ...this.#toRecord(span), findings: [] } as never);',
        },
      },
    ),
    proven(
      'R5',
      'Span names and `http.route` are templates such as `/servers/{id}/mcp`; a secret in a path segment is not recorded.',
      {
        test: 'test/integration/request-root.test.ts',
        guard: {
          file: 'src/gateway/edges/exchange.ts',
          find: 'isKnown(route, servers, virtualServers) ? url.pathname',
          replace: 'true ? url.pathname',
        },
      },
    ),
    proven('R6', 'JSON inside a string, and JSON escaped inside JSON, is read and redacted by key.', {
      test: 'test/redaction/engine.test.ts',
      guard: {
        file: 'src/redaction/engine.ts',
        find: 'if (island.root !== null && markTree(island.root, scope)) collect(text, island.root, hits);',
        replace: '',
      },
    }),
    proven('R7', '`Authorization` loses everything after the scheme, for every scheme.', {
      test: 'test/redaction/rules/labels.test.ts',
      guard: {
        file: 'src/redaction/rules/authorization.ts',
        find: 'return SCHEME.exec(value)?.[0].length ?? 0;',
        replace: 'return value.length;',
      },
    }),
    proven('R8', 'All pairs of `Cookie` and `Set-Cookie` are removed.', {
      test: 'test/redaction/rules/labels.test.ts',
      guard: { file: 'src/redaction/rules/key-name.ts', find: "['cookie', 'cookie'],", replace: '' },
    }),
    proven(
      'R9',
      'Keys match by their words, not as a whole: `userPassword`, `x-api-key`, `dbPassword`, `passphrase`, `credentials` and their like are caught, `tokenCount`, `max_tokens`, `input_tokens`, `gen_ai.usage.*`, `monkey`, `keyboard` and `author` are not.',
      {
        test: 'test/redaction/rules/key-name.test.ts',
        guard: {
          file: 'src/redaction/rules/key-name.ts',
          find: 'if (lastAbout <= index && !isOtherToken(word, words)) return kind;',
          replace: 'return kind;',
        },
      },
    ),
    proven(
      'R10',
      'Secrets without a label are found by their shape: JWT, GitHub, `sk-`, AWS, Slack, Stripe and Google keys, PEM blocks.',
      {
        test: 'test/redaction/rules/shapes/shapes.test.ts',
        guard: {
          file: 'src/redaction/rules/shapes/find-shapes.ts',
          find: 'if (range.start <= last) done = Math.max(done, range.end);',
          replace: 'hits.length = 0;',
        },
      },
    ),
    proven('R11', 'User and password in a URL are removed for every scheme.', {
      test: 'test/redaction/rules/url.test.ts',
      guard: {
        file: 'src/redaction/rules/url.ts',
        find: "addHit(hits, text, { start, end }, { rule: 'url-userinfo', kind: 'url-userinfo' });",
        replace: '',
      },
    }),
    proven('R12', 'Arrays of header pairs and objects of `{name|key|header, value}` are treated as key and value.', {
      test: 'test/redaction/tree-rules.test.ts',
      guard: {
        file: 'src/redaction/tree-rules.ts',
        find: "const pair = context.schema === 'none' ? pairSays(node, scope) : null;",
        replace: 'const pair = null;',
      },
    }),
    proven('R13', 'URL fragments are redacted like queries.', {
      test: 'test/redaction/rules/url.test.ts',
      guard: {
        file: 'src/redaction/rules/url.ts',
        find: 'if (code === 63 || code === 35) at = readParameters',
        replace: 'if (code === 63) at = readParameters',
      },
    }),
    proven('R14', 'No attribute name weakens redaction: reading a value as a URL comes on top of reading it as text.', {
      test: 'test/redaction/span.test.ts',
      guard: {
        file: 'src/redaction/attributes.ts',
        find: 'engine.findInText(part, isQuery)',
        replace: '(limit === limits.url ? [] : engine.findInText(part, isQuery))',
      },
    }),
    proven('R15', 'Keys of maps that hold secrets are redacted.', {
      test: 'test/redaction/span.test.ts',
      guard: {
        file: 'src/redaction/attributes.ts',
        find: 'const name = redactKey(key, path, findings, isTaken);',
        replace: 'const name = key;',
      },
    }),
    proven('R16', 'MCP session ids are recorded as a short stable hash: one can follow a session, not take it over.', {
      test: 'test/redaction/policy/rule-book.test.ts',
      guard: {
        file: 'src/redaction/policy/rule-book.ts',
        find: "return action !== null && kind === FOLLOWED_KIND && !isChosen(rule) ? 'hash' : action;",
        replace: 'return action;',
      },
    }),
    proven(
      'R17',
      'A value of several words after a sensitive label goes up to the end of the line or the closing quote.',
      {
        test: 'test/redaction/rules/labels.test.ts',
        guard: {
          file: 'src/redaction/rules/labels.ts',
          find: 'if (isLineEnd(code) || (code === label.enclosingQuote && code !== 0)) break;',
          replace: 'if (isSpaceOrTab(code) || isLineEnd(code)) break;',
        },
      },
    ),
    partly(
      'R18',
      'Secrets the gateway knows (tokens, environment values, query credentials, OAuth tokens; 8 characters or more and no plain word, number or path, or under a sensitive key) are removed by their exact value, raw, URL-encoded or base64, wherever they appear.',
      'OAuth tokens, since there is no OAuth yet',
      {
        test: 'test/redaction/rules/known-secrets.test.ts',
        guard: {
          file: 'src/redaction/rules/known-secrets.ts',
          find: 'for (const offset of [0, 1, 2]) {',
          replace: 'for (const offset of [] as number[]) {',
        },
      },
    ),
    proven('R19', 'Redacting text takes linear time: 1 MB made to be slow takes under 200 ms.', {
      test: 'test/redaction/linear.test.ts',
      guard: {
        file: 'src/redaction/rules/url.ts',
        find: "const next = text.indexOf('://', start);",
        replace: 'const next = -1;',
      },
    }),
    proven(
      'R20',
      'Texts are cut to a size (exception 1024, user agent 500, URL 2000, attributes and payloads as configured) after they were redacted, never inside a character.',
      {
        test: 'test/redaction/bounds.test.ts',
        guard: { file: 'src/redaction/bounds.ts', find: 'const LOOKAHEAD = 16_384;', replace: 'const LOOKAHEAD = 0;' },
      },
    ),
    proven(
      'R21',
      'A cut payload says so with its original size and is still valid JSON; what cannot be written as JSON becomes a marker and fails no call.',
      {
        test: 'test/redaction/payload.test.ts',
        guard: {
          file: 'src/redaction/payload.ts',
          find: 'if (originalBytes > limit) return preview(redactPrefix(payload.text, limit, find), originalBytes, findings);',
          replace: '',
        },
      },
    ),
    proven(
      'R22',
      'Payloads are captured, redacted, for the local view and left out of every export unless asked, separately for input and output and by span name.',
      {
        test: 'test/integration/tracing-policy.test.ts',
        guard: {
          file: 'src/telemetry/capture.ts',
          find: 'if (!isKept[direction](seedName)) return;',
          replace: '',
        },
      },
    ),
    proven('R23', 'The client’s address, the only identity there is, is recorded only while identity capture is on.', {
      test: 'test/integration/tracing-policy.test.ts',
      guard: {
        file: 'src/telemetry/attributes.ts',
        find: 'const peer = facts.capturesIdentity ? start.peer : undefined;',
        replace: 'const { peer } = start;',
      },
    }),
    proven('R24', 'Stderr of started servers, our own log and the log of HTTP libraries pass the same redaction.', {
      test: 'test/gateway/upstream/noise-log.test.ts',
      guard: {
        file: 'src/gateway/upstream/noise-log.ts',
        find: 'text: sanitize(line.raw) };',
        replace: 'text: line.raw };',
      },
    }),
    proven('R25', 'OTLP headers, keys and passwords of the settings are shown in no page, log or crash report.', {
      test: 'test/runtime/forwarding/editing.test.ts',
      guard: {
        file: 'src/runtime/forwarding/header-values.ts',
        find: 'if (new URL(url).origin !== new URL(current.written.url).origin)',
        replace: "if (url === '')",
      },
    }),
    proven('R26', 'A trace that is exported to be shared is redacted again with the rules of now.', {
      test: 'test/runtime/trace-exports.test.ts',
      guard: {
        file: 'src/runtime/leaving-groups.ts',
        find: 'spans.map((span) => control.spanAgain(span))',
        replace: 'spans',
      },
    }),
    proven(
      'R27',
      'Control characters, terminal escapes and bidirectional overrides are made harmless where text is shown or logged.',
      {
        test: 'test/redaction/controls.test.ts',
        guard: { file: 'src/redaction/controls.ts', find: ".replace(CONTROLS, '\\u{fffd}')", replace: '' },
      },
    ),
    proven('R28', 'Changed rules apply to new data at once, and stored data can be redacted again.', {
      test: 'test/runtime/redaction/redaction-desk.test.ts',
      guard: {
        file: 'src/runtime/redaction/rescrub.ts',
        find: 'payload: (payload) => counted(payload, control.payloadAgain(payload)),',
        replace: 'payload: (payload) => payload,',
      },
    }),
    planned(
      'R29',
      'A name that comes from a plugin must match `^[A-Za-z0-9_.-]{1,64}$` to become part of a span name; its other data is redacted like any input.',
    ),
    planned('R30', 'Details and reason of a violation are redacted before span, JSON-RPC error and page.'),
  ],
};
