import { partly, planned, proven, type Area } from '../row.ts';

export const redaction: Area = {
  title: 'Redaction',
  rows: [
    planned(
      'R1',
      'A secret in a query parameter (`token`, `key`, `api_key`, `x_api_key`, `apiKeyTavily`, `pwd`, `auth`, `code`, `sig`, `session_token`, `session_id`, `X-Amz-Signature`) reaches no sink: not OTLP bodies, the store, the page, logs, files or the clipboard.',
    ),
    planned(
      'R2',
      'Percent-encoded parameter names, repeated parameters, empty values, `;` separators and `+` are handled, and the parameters that are no secret stay readable.',
    ),
    partly(
      'R3',
      'A thrown error whose message holds a secret leaves it in no attribute, event, status text or stack trace, and makes exactly one `exception` event.',
      '`exception` events and stack traces: a failure is a status and an `error.type` for now',
      {
        test: 'test/integration/outcomes.test.ts',
        guard: {
          file: 'src/redaction/span.ts',
          find: "message: message === null ? null : redactText(message, limits.exceptionLength, '/status/message', list),",
          replace: 'message,',
        },
      },
    ),
    planned(
      'R4',
      'One redacting stage stands before every sink: nothing can set an attribute, event, name, status text or link around it.',
    ),
    proven(
      'R5',
      'Span names and `http.route` are templates such as `/servers/{id}/mcp`; a secret in a path segment is not recorded.',
      {
        test: 'test/integration/request-root.test.ts',
        guard: {
          file: 'src/gateway/edges/post.ts',
          find: 'isKnown(route, servers) ? url.pathname : route.template',
          replace: 'url.pathname',
        },
      },
    ),
    planned('R6', 'JSON inside a string, and JSON escaped inside JSON, is read and redacted by key.'),
    planned('R7', '`Authorization` loses everything after the scheme, for every scheme.'),
    planned('R8', 'All pairs of `Cookie` and `Set-Cookie` are removed.'),
    planned(
      'R9',
      'Keys match by their words, not as a whole: `userPassword`, `x-api-key`, `dbPassword`, `passphrase`, `credentials` and their like are caught, `tokenCount`, `max_tokens`, `input_tokens`, `gen_ai.usage.*`, `monkey`, `keyboard` and `author` are not.',
    ),
    planned(
      'R10',
      'Secrets without a label are found by their shape: JWT, GitHub, `sk-`, AWS, Slack, Stripe and Google keys, PEM blocks.',
    ),
    planned('R11', 'User and password in a URL are removed for every scheme.'),
    planned('R12', 'Arrays of header pairs and objects of `{name|key|header, value}` are treated as key and value.'),
    planned('R13', 'URL fragments are redacted like queries.'),
    planned('R14', 'No attribute name weakens redaction: reading a value as a URL comes on top of reading it as text.'),
    planned('R15', 'Keys of maps that hold secrets are redacted.'),
    proven('R16', 'MCP session ids are recorded as a short stable hash: one can follow a session, not take it over.', {
      test: 'test/integration/span-tree.test.ts',
      guard: {
        file: 'src/telemetry/attributes.ts',
        find: 'hashedSessionId(start.sessionId),',
        replace: 'start.sessionId,',
      },
    }),
    planned(
      'R17',
      'A value of several words after a sensitive label goes up to the end of the line or the closing quote.',
    ),
    planned(
      'R18',
      'Secrets the gateway knows (tokens, environment values, query credentials, OAuth tokens; 8 characters or more and no plain word, number or path, or under a sensitive key) are removed by their exact value, raw, URL-encoded or base64, wherever they appear.',
    ),
    planned('R19', 'Redacting text takes linear time: 1 MB made to be slow takes under 200 ms.'),
    planned(
      'R20',
      'Texts are cut to a size (exception 1024, user agent 500, URL 2000, attributes and payloads as configured) after they were redacted, never inside a character.',
    ),
    planned(
      'R21',
      'A cut payload says so with its original size and is still valid JSON; what cannot be written as JSON becomes a marker and fails no call.',
    ),
    partly(
      'R22',
      'Payloads are captured, redacted, for the local view and left out of every export unless asked, separately for input and output and by span name.',
      'choosing by span name, and separately for input and output',
      {
        test: 'test/runtime/http/rest-door.test.ts',
        guard: { file: 'src/runtime/http/rest-door.ts', find: "return text === '1';", replace: 'return true;' },
      },
    ),
    planned('R23', 'The client address, the only identity there is, is recorded only when identity capture is on.'),
    planned('R24', 'Stderr of started servers, our own log and the log of HTTP libraries pass the same redaction.'),
    planned('R25', 'OTLP headers, keys and passwords of the settings are shown in no page, log or crash report.'),
    planned('R26', 'A trace that is exported to be shared is redacted again with the rules of now.'),
    planned(
      'R27',
      'Control characters, terminal escapes and bidirectional overrides are made harmless where text is shown or logged.',
    ),
    planned('R28', 'Changed rules apply to new data at once, and stored data can be redacted again.'),
    planned(
      'R29',
      'A name that comes from a plugin must match `^[A-Za-z0-9_.-]{1,64}$` to become part of a span name; its other data is redacted like any input.',
    ),
    planned('R30', 'Details and reason of a violation are redacted before span, JSON-RPC error and page.'),
  ],
};
