import { z } from 'zod';
import { BAGGAGE_KEY, MAX_BAGGAGE_KEY_LENGTH } from '../../gateway/baggage.ts';
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_IDLE_STOP_MS,
  MAX_RETAINED_TRACES,
  MAX_RETENTION_DAYS,
  MAX_RULE_LENGTH,
  MAX_RULES,
  MAX_STORE_MB,
  MAX_VALUE_LENGTH,
  capturePolicySchema,
  forwardEndpointSchema,
  serverTraits,
  userRuleSchema,
} from '../../shared/contract/schemas.ts';
import { COMPRESSIONS, FORWARD_SAMPLINGS, OTLP_PROTOCOLS } from '../../shared/domain/forwarding.ts';
import { REDACTION_ACTIONS } from '../../shared/domain/redaction.ts';
import { SPAN_NAMINGS } from '../../shared/domain/settings.ts';

/** A strict object whose complaint about an unknown key lists the keys there are. */
function known<Shape extends z.ZodRawShape>(shape: Shape, whenNoObject?: string) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${String(issue.keys[0])}". Known keys: ${Object.keys(shape).join(', ')}.`
        : whenNoObject,
  });
}

const COMMAND_NEEDED = 'write the command that starts the server.';
const stringMap = z.record(z.string(), z.string());

export const stdioEntrySchema = known({
  type: z.literal('stdio').optional(),
  command: z.string(COMMAND_NEEDED).trim().min(1, COMMAND_NEEDED),
  args: z.array(z.string()).default([]),
  env: stringMap.default({}),
  cwd: z.string().min(1).optional(),
  ...serverTraits,
});

/** The names under which clients' config files know the two transports of a server that runs already. */
const TRANSPORT_NAMES = ['http', 'streamable-http', 'streamableHttp', 'sse'] as const;

export const httpEntrySchema = known({
  type: z.enum(TRANSPORT_NAMES).optional(),
  url: z.url({ protocol: /^https?$/, error: 'write an http:// or https:// address.' }),
  headers: stringMap.default({}),
  ...serverTraits,
});

export const entrySchema = z.record(z.string(), z.unknown());

const selectionSchema = z.union([z.literal(true), z.array(z.string().min(1))], {
  error: 'write true (all of them) or a list of names.',
});

export const memberSchema = known(
  {
    tools: selectionSchema.optional(),
    prompts: selectionSchema.optional(),
    resources: selectionSchema.optional(),
  },
  'write true (all that it offers), or an object with "tools", "prompts" and "resources".',
);

const NO_MEMBERS = 'choose something from at least one server.';

export const virtualServerSchema = known({
  description: z.string().max(MAX_DESCRIPTION_LENGTH).optional(),
  // The members are checked one by one: a union's complaint would not say where in them the mistake is.
  servers: z
    .record(z.string(), z.unknown(), NO_MEMBERS)
    .refine((members) => Object.keys(members).length > 0, NO_MEMBERS),
});

const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1_000;
const MAX_BODY_BYTES = 256 * 1_024 * 1_024;

/** 0, or between `least` and a day. */
function noneOrAtLeast(least: number) {
  return z
    .int()
    .min(0)
    .max(MAX_TIMEOUT_MS)
    .refine((value) => value === 0 || value >= least, `write 0 (none), or ${least} and more.`);
}

const capturedSchema = z.custom<z.output<typeof capturePolicySchema.shape.requests>>(
  (value) => capturePolicySchema.shape.requests.safeParse(value).success,
  'write "all", "none" or a list of at most 100 span names.',
);

/** Of which spans bodies are kept. */
export const captureSchema = known(
  { requests: capturedSchema.optional(), responses: capturedSchema.optional() },
  'write an object with "requests" and "responses".',
);

export const retentionSchema = known(
  {
    days: z.int().min(0).max(MAX_RETENTION_DAYS).optional(),
    traces: z.int().min(0).max(MAX_RETAINED_TRACES).optional(),
  },
  'write an object with "days" and "traces".',
);

const MAX_BAGGAGE_ITEMS = 64;
const baggageKey = z
  .string()
  .max(MAX_BAGGAGE_KEY_LENGTH)
  .regex(BAGGAGE_KEY, 'write a key of letters, digits, dots, dashes and underscores that begins with a letter.');

/** Whoever has what is in these can speak in the caller's name. */
const NEVER_MAPPED = new Set(['authorization', 'cookie', 'proxy-authorization', 'mcp-session-id']);
const mappedHeader = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,256}$/, 'write the name of an HTTP header.')
  .refine((name) => !NEVER_MAPPED.has(name.toLowerCase()), 'this header is for the gateway alone: map another.');

/** What of the callers' baggage goes on to servers. */
export const baggageSchema = known(
  {
    allow: z.array(baggageKey, 'write a list of keys.').max(MAX_BAGGAGE_ITEMS).default([]),
    headers: z.record(mappedHeader, baggageKey, 'write an object with a key for each header.').default({}),
    maxItems: z.int().min(1).max(MAX_BAGGAGE_ITEMS).default(32),
    maxBytes: z.int().min(1_024).max(16_384).default(8_192),
  },
  'write an object with "allow" and "headers".',
);

const gatewaySchema = known({
  requestTimeoutMs: noneOrAtLeast(100).optional(),
  connectTimeoutMs: z.int().min(100).max(MAX_TIMEOUT_MS).optional(),
  maxBodyBytes: z.int().min(1_024).max(MAX_BODY_BYTES).optional(),
  toolNameSeparator: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,8}$/, 'write 1 to 8 letters, digits, dots, dashes or underscores.')
    .optional(),
  session: z.enum(['dedicated', 'shared']).optional(),
  idleStopMs: z.int().min(0).max(MAX_IDLE_STOP_MS).optional(),
  healthCheckMs: noneOrAtLeast(1_000).optional(),
  baggage: baggageSchema.nullable().optional(),
  planSecrets: z.boolean().optional(),
  tracing: z.boolean().optional(),
  spanNaming: z.enum(SPAN_NAMINGS).optional(),
  capture: captureSchema.optional(),
  captureIdentity: z.boolean().optional(),
  history: z.boolean().optional(),
  retention: retentionSchema.optional(),
  storeBudgetMb: z.int().min(1).max(MAX_STORE_MB).optional(),
});

const actionSchema = z.enum(REDACTION_ACTIONS, 'write "mask", "partial", "hash" or "drop".');

const redactionSchema = known(
  {
    // Checked one by one, so that a complaint says where in a rule the mistake is.
    rules: z.array(z.unknown(), 'write a list of rules.').max(MAX_RULES).default([]),
    builtIn: z
      .record(z.string(), known({ enabled: z.boolean().optional(), action: actionSchema.optional() }))
      .default({}),
  },
  'write an object with "rules" and "builtIn".',
);

export const ruleSchema = known({
  id: userRuleSchema.shape.id,
  match: z.record(z.string(), z.unknown(), 'write an object with a "type".'),
  action: actionSchema.default('mask'),
});

const ruleText = z.string().min(1).max(MAX_RULE_LENGTH);

/** What a rule of each type looks at. */
export const matchSchemas = {
  key: known({ type: z.literal('key'), name: ruleText }),
  path: known({ type: z.literal('path'), path: ruleText }),
  header: known({ type: z.literal('header'), name: ruleText }),
  value: known({ type: z.literal('value'), value: z.string().min(1).max(MAX_VALUE_LENGTH) }),
  pattern: known({ type: z.literal('pattern'), pattern: ruleText }),
} as const;

// What these would set does not run in this version. Taking them in silence would make people believe it does.
const noPlugins = z.array(z.unknown()).max(0, 'plugins are not available in this version: leave this list empty.');

/** Where traces are sent. */
export const endpointSchema = known({
  url: forwardEndpointSchema.shape.url,
  protocol: z.enum(OTLP_PROTOCOLS).optional(),
  headers: stringMap.optional(),
  compression: z.enum(COMPRESSIONS).optional(),
  timeoutMs: forwardEndpointSchema.shape.timeoutMs.optional(),
  certificateFile: z.string().min(1).max(4_096).optional(),
  filter: forwardEndpointSchema.shape.filter.optional(),
  payloads: captureSchema.optional(),
  sampling: z.enum(FORWARD_SAMPLINGS).optional(),
  enabled: z.boolean().optional(),
});

const otlpSchema = known({
  receiver: z.boolean().optional(),
  // Checked one by one, so that one with a mistake need not keep the others from being sent to.
  endpoints: z.record(z.string(), z.unknown(), 'write an object with endpoints by their names.').optional(),
});

export const fileSchema = known({
  $schema: z.string().optional(),
  // Checked one by one, so that one with a mistake need not keep the others from starting.
  mcpServers: z.record(z.string(), z.unknown()).default({}),
  virtualServers: z.record(z.string(), z.unknown()).default({}),
  plugins: noPlugins.optional(),
  redaction: redactionSchema.optional(),
  otlp: otlpSchema.optional(),
  gateway: gatewaySchema.optional(),
});
