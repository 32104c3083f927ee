import type { ForwardEndpoint } from '../../shared/domain/forwarding.ts';
import type { ServerId } from '../../shared/domain/ids.ts';
import type { RedactionPolicy, UserRule } from '../../shared/domain/redaction.ts';
import type { ServerConfig } from '../../shared/domain/server.ts';
import { isPlainlyHarmless } from '../known-secrets.ts';
import {
  endpointSecretKey,
  isSecretOf,
  isSecretOfEndpoint,
  isSecretOfRule,
  keyReferredTo,
  referenceTo,
  ruleSecretKey,
  secretKey,
  type SecretKey,
  type SecretPlace,
} from './secret-reference.ts';
import type { SecretVault } from './secret-vault.ts';

/** A server's configuration with references where its secrets were, and the secrets. */
export interface SeparatedServer {
  readonly config: ServerConfig;
  readonly secrets: ReadonlyMap<SecretKey, string>;
}

/** `${NAME}` or `${env:NAME}`, behind the name of a scheme or not: it holds no secret, it says where one is. */
const ONLY_VARIABLES = /^(?:(?:bearer|basic|token|bot|api-?key)\s+)?(?:\$\{(?:env:)?[A-Za-z_][A-Za-z0-9_]*\})+$/i;

/**
 * Takes out what must not stand in a file in clear (S13): every header, and every variable that is not plainly harmless.
 * References stay as they are.
 */
export function separateSecrets(id: ServerId, config: ServerConfig): SeparatedServer {
  const secrets = new Map<SecretKey, string>();
  const separated = (place: SecretPlace, values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (!isSecret(place, name, value)) return [name, value];
        const key = secretKey(id, place, name);
        secrets.set(key, value);
        return [name, referenceTo(key)];
      }),
    );
  const written =
    config.type === 'stdio'
      ? { ...config, env: separated('env', config.env) }
      : { ...config, headers: separated('headers', config.headers) };
  return { config: written, secrets };
}

function isSecret(place: SecretPlace, name: string, value: string): boolean {
  if (keyReferredTo(value) !== null || ONLY_VARIABLES.test(value) || value === '') return false;
  return place === 'headers' || !isPlainlyHarmless(name, value);
}

/** What is kept of a server though its configuration does not refer to it; all of it when there is no configuration. */
export function secretsWithoutUse(
  vault: Pick<SecretVault, 'keys'>,
  id: ServerId,
  config: ServerConfig | null,
): readonly SecretKey[] {
  const values = config === null ? [] : Object.values(config.type === 'stdio' ? config.env : config.headers);
  const used = new Set(values.map(keyReferredTo));
  return vault.keys().filter((key) => isSecretOf(id, key) && !used.has(key));
}

/** A policy with references where the texts were that its rules hide, and those texts. References stay as they are. */
export function separateRuleSecrets(policy: RedactionPolicy): {
  readonly policy: RedactionPolicy;
  readonly secrets: ReadonlyMap<SecretKey, string>;
} {
  const secrets = new Map<SecretKey, string>();
  const rules = policy.rules.map((rule): UserRule => {
    const { id, match } = rule;
    if (match.type !== 'value' || keyReferredTo(match.value) !== null || ONLY_VARIABLES.test(match.value)) return rule;
    const key = ruleSecretKey(id);
    secrets.set(key, match.value);
    return { ...rule, match: { type: 'value', value: referenceTo(key) } };
  });
  return { policy: { ...policy, rules }, secrets };
}

/** What is kept for rules though the policy does not refer to it. */
export function ruleSecretsWithoutUse(
  vault: Pick<SecretVault, 'keys'>,
  { rules }: RedactionPolicy,
): readonly SecretKey[] {
  const used = new Set(rules.map(({ match }) => (match.type === 'value' ? keyReferredTo(match.value) : null)));
  return vault.keys().filter((key) => isSecretOfRule(key) && !used.has(key));
}

/** An endpoint with references where the values of its headers were, and those values. References stay as they are. */
export function separateEndpointSecrets(
  name: string,
  endpoint: ForwardEndpoint,
): { readonly endpoint: ForwardEndpoint; readonly secrets: ReadonlyMap<SecretKey, string> } {
  const secrets = new Map<SecretKey, string>();
  const headers = Object.fromEntries(
    Object.entries(endpoint.headers).map(([header, value]) => {
      if (!isSecret('headers', header, value)) return [header, value];
      const key = endpointSecretKey(name, header);
      secrets.set(key, value);
      return [header, referenceTo(key)];
    }),
  );
  return { endpoint: { ...endpoint, headers }, secrets };
}

/** What is kept of an endpoint though it does not refer to it; all of it when there is no such endpoint. */
export function endpointSecretsWithoutUse(
  vault: Pick<SecretVault, 'keys'>,
  name: string,
  endpoint: ForwardEndpoint | null,
): readonly SecretKey[] {
  const used = new Set(Object.values(endpoint?.headers ?? {}).map(keyReferredTo));
  return vault.keys().filter((key) => isSecretOfEndpoint(name, key) && !used.has(key));
}
