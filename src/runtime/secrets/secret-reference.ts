import type { Branded, ServerId } from '../../shared/domain/ids.ts';

/**
 * What a kept secret is found by: `SERVER/headers/NAME`, `SERVER/env/NAME`, for a redaction rule,
 * `@redaction/ID`, or for a header of an endpoint, `@otlp/ENDPOINT/NAME`.
 */
export type SecretKey = Branded<string, 'SecretKey'>;

/** The parts of a server's configuration that may hold secrets. */
export type SecretPlace = 'headers' | 'env';

const REFERENCE = /^\$\{secret:([^{}]+)\}$/;

/** The key of one header or variable. The name is percent-encoded: variables may hold slashes and braces. */
export function secretKey(server: ServerId, place: SecretPlace, name: string): SecretKey {
  return `${server}/${place}/${encodeURIComponent(name)}` as SecretKey;
}

/** No server's name begins like this. */
const RULES = '@redaction/';

/** The key of the text that a redaction rule hides. */
export function ruleSecretKey(rule: string): SecretKey {
  return `${RULES}${encodeURIComponent(rule)}` as SecretKey;
}

export function isSecretOfRule(key: SecretKey): boolean {
  return key.startsWith(RULES);
}

/** No server's name begins like this. */
const ENDPOINTS = '@otlp/';

/** The key of one header that is sent to an endpoint. */
export function endpointSecretKey(endpoint: string, header: string): SecretKey {
  return `${secretsOfEndpoint(endpoint)}${encodeURIComponent(header)}` as SecretKey;
}

export function isSecretOfEndpoint(endpoint: string, key: SecretKey): boolean {
  return key.startsWith(secretsOfEndpoint(endpoint));
}

function secretsOfEndpoint(endpoint: string): string {
  return `${ENDPOINTS}${encodeURIComponent(endpoint)}/`;
}

export function isSecretOf(server: ServerId, key: SecretKey): boolean {
  return key.startsWith(`${server}/`);
}

/** `${secret:SERVER/headers/NAME}`: what stands in the config file where the secret would. */
export function referenceTo(key: SecretKey): string {
  return `\${secret:${key}}`;
}

/** The key that a value refers to; null when the value as a whole is no reference to a secret. */
export function keyReferredTo(value: string): SecretKey | null {
  return (REFERENCE.exec(value)?.[1] ?? null) as SecretKey | null;
}

/** Whether there is a reference to a secret anywhere in the value. */
export function mentionsSecret(value: string): boolean {
  return value.includes('${secret:');
}
