import { specTypeSchemas } from '@modelcontextprotocol/client';
import * as legacy from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { conventionalName, exchangeName, operationName, seedNameOf } from '../../src/telemetry/span-names.ts';
import { makeSpan } from '../support/make-span.ts';

/** The `method` of each message that a library of MCP knows. */
function methodsOf(library: Readonly<Record<string, unknown>>): readonly string[] {
  const shapes = Object.values(library).map((schema) => memberOf(memberOf(schema, 'shape'), 'method'));
  return [...new Set(shapes.map((method) => memberOf(method, 'value')).filter((value) => typeof value === 'string'))];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : null;
}

const METHODS = [...new Set([...methodsOf(legacy), ...methodsOf(specTypeSchemas)])].sort();

describe('span names', () => {
  it.each([
    ['initialize', 'mcp.initialize'],
    ['ping', 'mcp.ping'],
    ['server/discover', 'mcp.discover'],
    ['tools/call', 'tool.invoke'],
    ['tools/list', 'tool.list'],
    ['prompts/get', 'prompt.render'],
    ['prompts/list', 'prompt.list'],
    ['resources/read', 'resource.read'],
    ['resources/list', 'resource.list'],
    ['resources/templates/list', 'resource_template.list'],
    ['resources/subscribe', 'resource.subscribe'],
    ['resources/unsubscribe', 'resource.unsubscribe'],
    ['subscriptions/listen', 'subscription.listen'],
    ['completion/complete', 'completion.complete'],
    ['logging/setLevel', 'logging.set_level'],
    ['roots/list', 'root.list'],
    ['sampling/createMessage', 'sampling.create_message'],
    ['elicitation/create', 'elicitation.create'],
    ['tasks/get', 'task.get'],
    ['tasks/list', 'task.list'],
    ['tasks/result', 'task.result'],
    ['tasks/update', 'task.update'],
    ['tasks/cancel', 'task.cancel'],
    ['notifications/initialized', 'notification.initialized'],
    ['notifications/cancelled', 'notification.cancelled'],
    ['notifications/message', 'notification.message'],
    ['notifications/progress', 'notification.progress'],
    ['notifications/tools/list_changed', 'notification.tools.list_changed'],
    ['notifications/subscriptions/acknowledged', 'notification.subscriptions.acknowledged'],
    ['notifications/elicitation/complete', 'notification.elicitation.complete'],
  ])('%s is %s', (method, name) => {
    expect(operationName(method)).toBe(name);
  });

  it('have one of their own for every method of every revision that the libraries know', () => {
    expect(METHODS.length).toBeGreaterThan(30);
    const names = METHODS.map(operationName);
    expect(new Set(names).size).toBe(METHODS.length);
    for (const name of names) expect(name).toMatch(/^[a-z_]+(\.[a-z_]+)+$/);
  });

  it('name unknown methods after themselves', () => {
    expect(operationName('vendor/thing')).toBe('mcp.vendor/thing');
  });

  it('R5: let no caller write into a span name', () => {
    expect(operationName('x token=SECRET')).toBe('mcp.unknown');
    expect(operationName('constructor')).toBe('mcp.constructor');
    expect(operationName('a'.repeat(65))).toBe('mcp.unknown');
    expect(exchangeName('POST /x SECRET', '/servers/{id}/mcp')).toBe('HTTP /servers/{id}/mcp');
  });

  it('R94: are the method by the conventions, and of tools and prompts which', () => {
    expect(conventionalName('tools/call', 'get-weather')).toBe('tools/call get-weather');
    expect(conventionalName('prompts/get', 'greeting')).toBe('prompts/get greeting');
    expect(conventionalName('tools/list', null)).toBe('tools/list');
    expect(conventionalName('notifications/cancelled', null)).toBe('notifications/cancelled');
    for (const method of METHODS) expect(conventionalName(method, null)).toBe(method);
  });

  it('R5: by the conventions hold no resource, and no tool whose name is none', () => {
    expect(conventionalName('resources/read', 'file:///home/SECRET')).toBe('resources/read');
    expect(conventionalName('tools/call', 'x token=SECRET')).toBe('tools/call');
    expect(conventionalName('tools/call', 'a'.repeat(129))).toBe('tools/call');
    expect(conventionalName('x token=SECRET', null)).toBe('mcp.unknown');
  });

  it.each([
    ['tool.invoke', 'internal', 'tools/call', 'tool.invoke'],
    ['tools/call echo', 'server', 'tools/call', 'tool.invoke'],
    ['tools/call echo', 'client', 'tools/call', 'mcp.client.call'],
    ['tools/list', 'server', 'tools/list', 'tool.list'],
    ['initialize', 'server', 'initialize', 'mcp.initialize'],
    ['initialize', 'client', 'initialize', 'mcp.client.initialize'],
    ['server/discover', 'client', 'server/discover', 'mcp.client.discover'],
    ['notifications/cancelled', 'server', 'notifications/cancelled', 'notification.cancelled'],
    ['notifications/cancelled', 'client', 'notifications/cancelled', 'mcp.client.notify'],
    ['roots/list', 'client', 'roots/list', 'root.list'],
    ['POST /mcp', 'server', undefined, 'POST /mcp'],
  ] as const)('R22: "%s" (%s, %s) is known as %s to a choice of spans', (name, kind, method, seed) => {
    const attributes = method === undefined ? {} : { 'mcp.method.name': method };
    const span = makeSpan({ name, kind, attributes });
    expect(seedNameOf({ ...span, origin: { ...span.origin, scopeName: 'throughline' } })).toBe(seed);
    expect(seedNameOf({ ...span, origin: { ...span.origin, scopeName: 'of-others' } })).toBe(name);
  });
});
