import { z } from 'zod';

/** A strict object whose complaint about an unknown key lists the keys there are. */
function known<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key "${String(issue.keys[0])}". Known keys: ${Object.keys(shape).join(', ')}.`
        : undefined,
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
});

export const httpEntrySchema = known({
  type: z.enum(['http', 'streamable-http']).optional(),
  url: z.url({ protocol: /^https?$/, error: 'write an http:// or https:// address.' }),
  headers: stringMap.default({}),
});

const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1_000;
const MAX_BODY_BYTES = 256 * 1_024 * 1_024;
const MAX_STORE_MB = 64 * 1_024;

const gatewaySchema = known({
  requestTimeoutMs: z
    .int()
    .min(0)
    .max(MAX_TIMEOUT_MS)
    .refine((value) => value === 0 || value >= 100, 'write 0 (none), or 100 and more.')
    .optional(),
  connectTimeoutMs: z.int().min(100).max(MAX_TIMEOUT_MS).optional(),
  maxBodyBytes: z.int().min(1_024).max(MAX_BODY_BYTES).optional(),
  toolNameSeparator: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,8}$/, 'write 1 to 8 letters, digits, dots, dashes or underscores.')
    .optional(),
  session: z.enum(['dedicated', 'shared']).optional(),
  storeBudgetMb: z.int().min(1).max(MAX_STORE_MB).optional(),
});

// What these would set does not run in this version. Taking them in silence would make people believe it does.
const noPlugins = z.array(z.unknown()).max(0, 'plugins are not available in this version: leave this list empty.');
const noSettings = z
  .record(z.string(), z.unknown())
  .refine((value) => Object.keys(value).length === 0, 'there is nothing to set here in this version: leave it empty.');

export const fileSchema = known({
  $schema: z.string().optional(),
  mcpServers: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  plugins: noPlugins.optional(),
  redaction: noSettings.optional(),
  otlp: noSettings.optional(),
  gateway: gatewaySchema.optional(),
});
