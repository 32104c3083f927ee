import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { RedactionPolicy, UserRule } from '../../shared/domain/redaction.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { err, ok, type Result } from '../../shared/kernel/result.ts';
import { UserError } from '../../shared/kernel/user-error.ts';
import {
  isSecretOf,
  isSecretOfEndpoint,
  isSecretOfRule,
  keyReferredTo,
  mentionsSecret,
  type SecretPlace,
} from '../secrets/secret-reference.ts';
import type { SecretKey } from '../secrets/secret-reference.ts';
import type { SecretVault } from '../secrets/secret-vault.ts';

/** Variables that `${NAME}` and `${env:NAME}` stand for. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a configuration's references lead. */
export interface ReferenceSources {
  readonly environment: Environment;
  /** Null: references to kept secrets lead nowhere, since only the app's own config file may hold any. */
  readonly secrets: Pick<SecretVault, 'get'> | null;
}

export interface BrokenReference {
  /** From the server's entry down. */
  readonly path: readonly [SecretPlace, string];
  /** What is wrong and what to do, beginning in lower case. */
  readonly problem: string;
}

/** Shorter texts would be found everywhere. */
const MIN_HIDDEN_LENGTH = 4;

const VARIABLE = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The configuration as it is started: values in place of the references in its variables or headers. */
export function followReferences(
  id: ServerId,
  config: ServerConfig,
  sources: ReferenceSources,
): Result<ServerConfig, BrokenReference> {
  const place = config.type === 'stdio' ? 'env' : 'headers';
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(config.type === 'stdio' ? config.env : config.headers)) {
    const followed = follow(id, `${place}.${name}`, value, sources);
    if (!followed.ok) return err({ path: [place, name], problem: followed.error });
    values[name] = followed.value;
  }
  return ok(config.type === 'stdio' ? { ...config, env: values } : { ...config, headers: values });
}

/** The value, or what is wrong. A kept secret is text as it was typed, so it may refer to variables in turn. */
function follow(id: ServerId, where: string, value: string, sources: ReferenceSources): Result<string, string> {
  if (!mentionsSecret(value)) return withVariables(value, sources.environment);
  const key = keyReferredTo(value);
  if (key === null) return err(`in ${where}, a reference to a kept secret must be the whole value.`);
  if (sources.secrets === null)
    return err(
      `${where} refers to a kept secret, which only the app's own config file can. Write \${NAME} and set that environment variable.`,
    );
  // Else a changed entry could send the secret of one server to another.
  if (!isSecretOf(id, key))
    return err(`${where} refers to a secret of another server. Add the server again and enter its own.`);
  const kept = sources.secrets.get(key);
  if (typeof kept === 'object') return withVariables(kept.value, sources.environment);
  return err(
    kept === 'missing'
      ? `the secret for ${where} of server "${id}" is not kept any more. Add the server again and enter it.`
      : `the secret for ${where} of server "${id}" is encrypted with a key that only the desktop app can use. Open the app, or add the server again and enter it.`,
  );
}

/**
 * The rule with the text it hides in place of a reference to it; other rules have none. What is wrong begins in lower
 * case.
 */
export function followRuleValue(rule: UserRule, { environment, secrets }: ReferenceSources): Result<UserRule, string> {
  if (rule.match.type !== 'value') return ok(rule);
  const { value } = rule.match;
  const withValue = (text: string): Result<UserRule, string> =>
    text.length >= MIN_HIDDEN_LENGTH
      ? ok({ ...rule, match: { type: 'value', value: text } })
      : err(`the text that rule "${rule.id}" hides has less than ${MIN_HIDDEN_LENGTH} characters. Write a longer one.`);
  if (!mentionsSecret(value)) {
    const followed = withVariables(value, environment);
    return followed.ok ? withValue(followed.value) : followed;
  }
  const key = keyReferredTo(value);
  if (key === null || !isSecretOfRule(key) || secrets === null)
    return err(`rule "${rule.id}" refers to a kept secret that is not its own. Write \${NAME} and set that variable.`);
  const kept = secrets.get(key);
  if (typeof kept === 'object') return withValue(kept.value);
  return err(
    kept === 'missing'
      ? `the text that rule "${rule.id}" hides is not kept any more. Remove the rule, or write its text.`
      : `the text that rule "${rule.id}" hides is encrypted with a key that only the desktop app can use. Open the app, or remove the rule.`,
  );
}

/** A header of an endpoint whose value cannot be had, and why; beginning in lower case. */
export interface BrokenHeader {
  readonly header: string;
  readonly problem: string;
}

/** The endpoint as it is sent to: values in place of the references in its headers. */
export function followEndpointHeaders(
  name: string,
  endpoint: ForwardEndpoint,
  sources: ReferenceSources,
): Result<ForwardEndpoint, BrokenHeader> {
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(endpoint.headers)) {
    const followed = followHeader(name, header, value, sources);
    if (!followed.ok) return err({ header, problem: followed.error });
    headers[header] = followed.value;
  }
  return ok({ ...endpoint, headers });
}

function followHeader(
  name: string,
  header: string,
  value: string,
  { environment, secrets }: ReferenceSources,
): Result<string, string> {
  if (!mentionsSecret(value)) return withVariables(value, environment);
  const key = keyReferredTo(value);
  // Else a changed entry could send the secret of one endpoint, or of a server, to another.
  if (key === null || !isSecretOfEndpoint(name, key) || secrets === null)
    return err(`header ${header} refers to a kept secret that is not its own. Write \${NAME} and set that variable.`);
  const kept = secrets.get(key);
  if (typeof kept === 'object') return withVariables(kept.value, environment);
  return err(
    kept === 'missing'
      ? `the value of header ${header} of endpoint "${name}" is not kept any more. Enter it again.`
      : `the value of header ${header} of endpoint "${name}" is encrypted with a key that only the desktop app can use. Open the app, or enter it again.`,
  );
}

/** `followEndpointHeaders` where there is no file to point into: throws a UserError that names what is missing. */
export function resolveEndpoint(name: string, endpoint: ForwardEndpoint, sources: ReferenceSources): ForwardEndpoint {
  const followed = followEndpointHeaders(name, endpoint, sources);
  if (followed.ok) return followed.value;
  throw new UserError(asSentence(followed.error.problem));
}

function withVariables(value: string, environment: Environment): Result<string, string> {
  const missing = [...value.matchAll(VARIABLE)].find(([, name = '']) => environment[name] === undefined)?.[1];
  if (missing !== undefined) return err(`the environment variable ${missing} is not set. Set it and start again.`);
  return ok(value.replace(VARIABLE, (_reference, name: string) => environment[name] ?? ''));
}

/** `followReferences` where there is no file to point into: throws a UserError that names what is missing. */
export function resolveServer(id: ServerId, config: ServerConfig, sources: ReferenceSources): ServerConfig {
  const followed = followReferences(id, config, sources);
  if (followed.ok) return followed.value;
  throw new UserError(asSentence(followed.error.problem));
}

/** `followRuleValue` for all rules where there is no file to point into: throws a UserError that names what is missing. */
export function resolvePolicy(policy: RedactionPolicy, sources: ReferenceSources): RedactionPolicy {
  const rules = policy.rules.map((rule) => {
    const followed = followRuleValue(rule, sources);
    if (followed.ok) return followed.value;
    throw new UserError(asSentence(followed.error));
  });
  return { ...policy, rules };
}

/** The sources as they will be once these secrets are kept. */
export function withNewSecrets(
  { environment, secrets }: ReferenceSources,
  fresh: ReadonlyMap<SecretKey, string>,
): ReferenceSources {
  return {
    environment,
    secrets: {
      get(key) {
        const value = fresh.get(key);
        return value === undefined ? (secrets?.get(key) ?? 'missing') : { value };
      },
    },
  };
}

export function asSentence(problem: string): string {
  return `${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}`;
}
