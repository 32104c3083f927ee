import type { ServerId } from './ids.ts';

/** Which of a server's items a virtual server has: all of them, or those with these names (of resources: these URIs). */
export type Selection = 'all' | readonly string[];

/** What a virtual server takes from one server, under the server's own names. */
export interface VirtualMember {
  readonly tools: Selection;
  readonly prompts: Selection;
  readonly resources: Selection;
}

/** A named part of what the servers offer, with an endpoint of its own at `/servers/{id}/mcp`. Names are as at `/mcp`. */
export interface VirtualServerConfig {
  readonly description: string | null;
  readonly members: ReadonlyMap<ServerId, VirtualMember>;
}

/** A virtual server as the interface shows it. */
export interface VirtualServerView {
  readonly id: ServerId;
  readonly description: string | null;
  readonly members: readonly ({ readonly serverId: ServerId } & VirtualMember)[];
  /** What its clients see right now. */
  readonly tools: number;
  readonly prompts: number;
  readonly resources: number;
}
