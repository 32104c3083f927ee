import { z } from 'zod';
import { isSpanId, isTraceId, type ServerId, type SpanId, type TraceId } from '../domain/ids.ts';
import { COMPRESSIONS, FORWARD_SAMPLINGS, OTLP_PROTOCOLS } from '../domain/forwarding.ts';
import { REDACTION_ACTIONS, RULE_ID, SHORTEST_RULE_VALUE } from '../domain/redaction.ts';
import { SPAN_NAMINGS } from '../domain/settings.ts';

export const traceIdSchema = z.custom<TraceId>(
  (value) => typeof value === 'string' && isTraceId(value),
  'A trace id is 32 lower-case hex digits.',
);

export const spanIdSchema = z.custom<SpanId>(
  (value) => typeof value === 'string' && isSpanId(value),
  'A span id is 16 lower-case hex digits.',
);

const MAX_SERVER_ID_LENGTH = 64;

/** A key of `mcpServers`: it becomes a path segment and a tool-name prefix, so no slash and no control characters. */
export const serverIdSchema = z.custom<ServerId>(
  (value) =>
    typeof value === 'string' && value.length <= MAX_SERVER_ID_LENGTH && /^[A-Za-z0-9][A-Za-z0-9 ._-]*$/.test(value),
  'A server name is 1 to 64 letters, digits, spaces, dots, dashes or underscores, and starts with a letter or digit.',
);

const stringMap = z.record(z.string(), z.string());

/** A week. */
export const MAX_IDLE_STOP_MS = 7 * 24 * 60 * 60 * 1_000;

/** What begins a server's names at `/mcp`: tool names allow these characters and no others. */
export const prefixSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/, 'A prefix is 1 to 32 letters, digits, dashes or underscores.');

export const serverTraits = {
  prefix: prefixSchema.exactOptional(),
  session: z.enum(['dedicated', 'shared']).exactOptional(),
  traceContext: z.boolean().exactOptional(),
  idleStopMs: z.int().min(0).max(MAX_IDLE_STOP_MS).exactOptional(),
};

const stdioServerSchema = z.strictObject({
  ...serverTraits,
  type: z.literal('stdio'),
  command: z.string().trim().min(1, 'Enter the command that starts the server.'),
  args: z.array(z.string()).default([]),
  env: stringMap.default({}),
  cwd: z.string().min(1).nullable().default(null),
});

const httpServerSchema = z.strictObject({
  ...serverTraits,
  type: z.enum(['http', 'sse']),
  url: z.url({ protocol: /^https?$/, error: 'Enter an http:// or https:// address.' }),
  headers: stringMap.default({}),
});

export const serverConfigSchema = z.discriminatedUnion('type', [stdioServerSchema, httpServerSchema]);

const MAX_WAIT_MS = 25_000;
const MAX_FEED_TRACES = 5_000;
const MAX_QUERY_LENGTH = 1_000;

const cursorSchema = z.number().int().min(0).nullable();
const waitSchema = z.number().int().min(0).max(MAX_WAIT_MS);

export const traceFeedRequestSchema = z.strictObject({
  cursor: cursorSchema,
  query: z.string().max(MAX_QUERY_LENGTH),
  limit: z.number().int().min(1).max(MAX_FEED_TRACES),
  waitMs: waitSchema,
});

export const traceWatchRequestSchema = z.strictObject({
  traceId: traceIdSchema,
  cursor: cursorSchema,
  waitMs: waitSchema,
});

export const serverWatchRequestSchema = z.strictObject({ cursor: cursorSchema, waitMs: waitSchema });

export const payloadRequestSchema = z.strictObject({
  traceId: traceIdSchema,
  spanId: spanIdSchema,
  direction: z.enum(['request', 'response']),
});

export const serverRequestSchema = z.strictObject({ id: serverIdSchema });

export const serverProposalSchema = z.strictObject({ id: serverIdSchema, config: serverConfigSchema });

export const proposalRequestSchema = z.strictObject({ proposalId: z.string().min(1).max(64) });

export const serverLogRequestSchema = z.strictObject({ id: serverIdSchema, cursor: cursorSchema, waitMs: waitSchema });

const selectionSchema = z.union([z.literal('all'), z.array(z.string().min(1).max(2_000)).max(10_000)]);

export const MAX_DESCRIPTION_LENGTH = 1_000;

export const virtualServerRequestSchema = z.strictObject({
  id: serverIdSchema,
  description: z.string().max(MAX_DESCRIPTION_LENGTH).nullable(),
  members: z
    .array(
      z.strictObject({
        serverId: serverIdSchema,
        tools: selectionSchema,
        prompts: selectionSchema,
        resources: selectionSchema,
      }),
    )
    .min(1, 'Choose something from at least one server.')
    .max(200),
});

const actionSchema = z.enum(REDACTION_ACTIONS);

export const MAX_RULE_LENGTH = 1_000;
/** Of the text that a rule for an exact text hides. */
export const MAX_VALUE_LENGTH = 10_000;

const ruleText = z.string().min(1).max(MAX_RULE_LENGTH);

export const ruleMatchSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('key'), name: ruleText }),
  z.strictObject({ type: z.literal('path'), path: ruleText }),
  z.strictObject({ type: z.literal('header'), name: ruleText }),
  z.strictObject({
    type: z.literal('value'),
    value: z.string().min(SHORTEST_RULE_VALUE, 'A value has at least 4 characters.').max(MAX_VALUE_LENGTH),
  }),
  z.strictObject({ type: z.literal('pattern'), pattern: ruleText }),
]);

export const userRuleSchema = z.strictObject({
  id: z.string().regex(RULE_ID, 'A rule\u2019s id is 1 to 64 letters, digits, dots, dashes or underscores.'),
  match: ruleMatchSchema,
  action: actionSchema.default('mask'),
});

export const MAX_RULES = 500;

export const redactionPolicySchema = z.strictObject({
  rules: z.array(userRuleSchema).max(MAX_RULES).default([]),
  builtIn: z
    .record(
      z.string().max(64),
      z.strictObject({ enabled: z.boolean().exactOptional(), action: actionSchema.exactOptional() }),
    )
    .default({}),
});

/** What people paste to see what becomes of it: read at once, beside the calls of the same thread. */
const MAX_TESTED_LENGTH = 100_000;

const testedText = z.string().max(MAX_TESTED_LENGTH, 'Paste at most 100,000 characters.');

export const redactionWatchRequestSchema = z.strictObject({ cursor: cursorSchema, waitMs: waitSchema });

export const redactionTestRequestSchema = z.strictObject({
  text: testedText,
  policy: redactionPolicySchema.nullable(),
});

export const explanationRequestSchema = z.strictObject({
  key: z.string().max(1_000),
  value: testedText,
});

/** Of one span, or of all spans of a trace. */
export const hintsRequestSchema = z.strictObject({ traceId: traceIdSchema, spanId: spanIdSchema.nullable() });

const hashSchema = z.string().regex(/^[0-9a-f]{16}$/);

export const trailRequestSchema = z.strictObject({ hash: hashSchema });

export const revealRequestSchema = z.strictObject({ isOn: z.boolean() });

/** Of a selection, and of a file that a page hands over or is given: more goes over the command line. */
export const MAX_SELECTED_TRACES = 10_000;
export const MAX_FILE_BYTES = 32 * 1024 * 1024;

export const EXPORT_FORMATS = ['otlp-json', 'otlp-jsonl', 'otlp-proto', 'session'] as const;

/** These traces, or all that match a filter. */
export const traceSelectionSchema = z.union([
  z.strictObject({ traceIds: z.array(traceIdSchema).min(1).max(MAX_SELECTED_TRACES).readonly() }),
  z.strictObject({ query: z.string().max(MAX_QUERY_LENGTH) }),
]);

export const exportRequestSchema = z.strictObject({
  selection: traceSelectionSchema,
  format: z.enum(EXPORT_FORMATS),
  withPayloads: z.boolean(),
});

export const importRequestSchema = z.strictObject({
  fileName: z.string().max(255),
  base64: z
    .base64()
    .max(
      Math.ceil(MAX_FILE_BYTES / 3) * 4,
      'A file for the page has at most 32 MiB: use "throughline import" for this one.',
    ),
});

const capturedSpansSchema = z.union([z.enum(['all', 'none']), z.array(z.string().min(1).max(128)).max(100).readonly()]);

export const capturePolicySchema = z.strictObject({ requests: capturedSpansSchema, responses: capturedSpansSchema });

export const MAX_RETENTION_DAYS = 3_650;
export const MAX_RETAINED_TRACES = 10_000_000;
export const MAX_STORE_MB = 64 * 1_024;

export const tracingSettingsSchema = z.strictObject({
  isRecording: z.boolean(),
  spanNaming: z.enum(SPAN_NAMINGS),
  capture: capturePolicySchema,
  capturesIdentity: z.boolean(),
  receivesSpans: z.boolean(),
  keepsHistory: z.boolean(),
  retention: z.strictObject({
    days: z.int().min(0).max(MAX_RETENTION_DAYS),
    traces: z.int().min(0).max(MAX_RETAINED_TRACES),
    megabytes: z.int().min(1).max(MAX_STORE_MB),
  }),
});

export const settingsWatchRequestSchema = z.strictObject({ cursor: cursorSchema, waitMs: waitSchema });
export const forwardingWatchRequestSchema = z.strictObject({ cursor: cursorSchema, waitMs: waitSchema });

export const endpointNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/,
    'A name is 1 to 64 letters, digits, spaces, dots, dashes or underscores.',
  );

export const MAX_FORWARD_TIMEOUT_MS = 10 * 60 * 1_000;

export const forwardEndpointSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'Enter an http:// or https:// address.' }),
  protocol: z.enum(OTLP_PROTOCOLS),
  /** Null keeps the value that is saved under this name: a page never gets to see it. */
  headers: z.record(z.string().min(1).max(256), z.string().max(8_192).nullable()),
  compression: z.enum(COMPRESSIONS),
  timeoutMs: z.int().min(100).max(MAX_FORWARD_TIMEOUT_MS),
  certificateFile: z.string().min(1).max(4_096).nullable(),
  filter: z.string().max(MAX_QUERY_LENGTH),
  payloads: capturePolicySchema,
  sampling: z.enum(FORWARD_SAMPLINGS),
  isEnabled: z.boolean(),
});

export const saveEndpointRequestSchema = z.strictObject({
  name: endpointNameSchema,
  /** The name it had before; null for a new one. */
  formerName: endpointNameSchema.nullable(),
  endpoint: forwardEndpointSchema,
});

/** `name`: of the saved endpoint whose header values a null stands for; null for a new one. */
export const tryEndpointRequestSchema = z.strictObject({
  name: endpointNameSchema.nullable(),
  endpoint: forwardEndpointSchema,
});

export const endpointRequestSchema = z.strictObject({ name: endpointNameSchema });
