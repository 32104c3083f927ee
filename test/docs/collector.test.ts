import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/runtime/config/load-config.ts';
import { ROOT } from '../architecture/sources.ts';
import { readPage } from './markdown.ts';

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

interface Exporter {
  readonly sending_queue: { readonly storage: string; readonly batch: object };
  readonly retry_on_failure: { readonly max_elapsed_time: string };
}

interface CollectorConfig {
  readonly extensions: Readonly<Record<string, object>>;
  readonly receivers: {
    readonly otlp: {
      readonly protocols: Readonly<Record<string, { readonly auth: { readonly authenticator: string }; tls: object }>>;
    };
  };
  readonly processors: Readonly<Record<string, object>>;
  readonly exporters: Readonly<Record<string, Exporter>>;
  readonly service: { readonly extensions: readonly string[]; readonly pipelines: Readonly<Record<string, Pipeline>> };
}

const recipe = (name: string): string => readFileSync(join(ROOT, 'recipes', name), 'utf8');

describe('recipes/otel-collector.yaml', () => {
  const config = parse(recipe('otel-collector.yaml')) as CollectorConfig;
  const pipelines = Object.values(config.service.pipelines);

  it('names in its pipelines what is defined, and defines nothing else', () => {
    const used = (part: keyof Pipeline): readonly string[] => [
      ...new Set(pipelines.flatMap((pipeline) => pipeline[part])),
    ];
    expect([...used('receivers')].sort()).toEqual(Object.keys(config.receivers).sort());
    expect([...used('processors')].sort()).toEqual(Object.keys(config.processors).sort());
    expect([...used('exporters')].sort()).toEqual(Object.keys(config.exporters).sort());
    expect([...config.service.extensions].sort()).toEqual(Object.keys(config.extensions).sort());
  });

  it('has a pipeline for Tempo, Jaeger and ClickHouse each', () => {
    expect(Object.keys(config.service.pipelines)).toEqual(['traces/tempo', 'traces/jaeger', 'traces/clickhouse']);
  });

  it('takes spans of nobody without a token, and none unencrypted', () => {
    const protocols = Object.values(config.receivers.otlp.protocols);
    expect(protocols).toHaveLength(2);
    for (const { auth, tls } of protocols) {
      expect(config.extensions).toHaveProperty(auth.authenticator);
      expect(tls).toHaveProperty('key_file');
    }
  });

  it('refuses before it runs out of memory, keeps what waits on disk and tries again', () => {
    for (const { processors } of pipelines) expect(processors[0]).toBe('memory_limiter');
    for (const exporter of Object.values(config.exporters)) {
      expect(config.extensions).toHaveProperty(exporter.sending_queue.storage);
      expect(exporter.sending_queue.batch).toHaveProperty('min_size');
      expect(exporter.retry_on_failure.max_elapsed_time).toBe('3600s');
    }
  });
});

describe('recipes/gateway-to-collector.jsonc', () => {
  const text = recipe('gateway-to-collector.jsonc');

  it('is read by the gateway, with what the environment says in its headers', () => {
    const environment = { COLLECTOR_TOKEN: 't-1', GATEWAY_NAME: 'build-7' };
    const { endpoints } = readConfig('gateway.jsonc', text, environment);
    expect([...endpoints.keys()]).toEqual(['team']);
    expect(JSON.stringify([...endpoints.values()])).toContain('"Bearer t-1"');
    expect(JSON.stringify([...endpoints.values()])).toContain('"build-7"');
  });

  it('stands in docs/collector.md to the letter', () => {
    expect(readPage('docs/collector.md')).toContain(`\`\`\`jsonc\n${text}\`\`\``);
  });
});
