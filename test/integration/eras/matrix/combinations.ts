export type Era = 'legacy' | 'modern';
export type Upstream = 'stdio' | 'http';

export interface Combination {
  readonly client: Era;
  readonly server: Era;
  readonly upstream: Upstream;
}

const ERAS = ['legacy', 'modern'] as const;

export const COMBINATIONS: readonly Combination[] = ERAS.flatMap((server) =>
  ERAS.flatMap((client) => (['stdio', 'http'] as const).map((upstream) => ({ client, server, upstream }))),
);
