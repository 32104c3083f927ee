/** `R` + number: what the product does. `S` + number: how it keeps its users safe. */
export type RequirementId = `${'R' | 'S'}${number}`;

/** The smallest place in the source whose replacement makes the row's test fail. */
export interface Guard {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test runs what was built, so the broken tree is built again first. */
  readonly rebuild?: true;
}

export interface Evidence {
  /** The test file. At least one of its titles cites the row's id. */
  readonly test: string;
  readonly guard: Guard;
}

interface Statement {
  readonly id: RequirementId;
  /** Complete without any other document. */
  readonly text: string;
}

/** Done, and a test fails when it is undone. */
export type Proven = Statement & { readonly state: 'proven' } & Evidence;

/** What `text` says is done but for `missing`; the evidence is for the part that is done. */
export type Partly = Statement & { readonly state: 'partly'; readonly missing: string } & Evidence;

/** Not done, or done without a test that proves it. */
export type Planned = Statement & { readonly state: 'planned' };

/** There is no such door, and none is built only to have the requirement. */
export type NotApplicable = Statement & { readonly state: 'not applicable'; readonly why: string };

export type Requirement = Proven | Partly | Planned | NotApplicable;

export interface Area {
  readonly title: string;
  readonly rows: readonly Requirement[];
}

export function proven(id: RequirementId, text: string, evidence: Evidence): Proven {
  return { id, text, state: 'proven', ...evidence };
}

export function partly(id: RequirementId, text: string, missing: string, evidence: Evidence): Partly {
  return { id, text, state: 'partly', missing, ...evidence };
}

export function planned(id: RequirementId, text: string): Planned {
  return { id, text, state: 'planned' };
}

export function notApplicable(id: RequirementId, text: string, why: string): NotApplicable {
  return { id, text, state: 'not applicable', why };
}
