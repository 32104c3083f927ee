import { oc, type } from '@orpc/contract';
import type { RedactedPayload } from '../domain/redacted.ts';
import type { TraceFeed, TraceWatch } from '../domain/feed.ts';
import type { Explanation, PlacedHint, TestedText, TrailStep } from '../domain/redaction.ts';
import type {
  AppInfo,
  ConsentRequest,
  ExportedFile,
  ForwardingFeed,
  ForwardPreview,
  ForwardTrial,
  ImportReport,
  RedactionFeed,
  ServerFeed,
  ServerLog,
  SettingsFeed,
} from './messages.ts';
import {
  endpointRequestSchema,
  explanationRequestSchema,
  exportRequestSchema,
  forwardingWatchRequestSchema,
  hintsRequestSchema,
  importRequestSchema,
  payloadRequestSchema,
  proposalRequestSchema,
  redactionPolicySchema,
  redactionTestRequestSchema,
  redactionWatchRequestSchema,
  revealRequestSchema,
  saveEndpointRequestSchema,
  serverLogRequestSchema,
  serverProposalSchema,
  serverRequestSchema,
  serverWatchRequestSchema,
  settingsWatchRequestSchema,
  traceFeedRequestSchema,
  traceWatchRequestSchema,
  tracingSettingsSchema,
  trailRequestSchema,
  tryEndpointRequestSchema,
  virtualServerRequestSchema,
} from './schemas.ts';

/**
 * Everything the interface may ask of its host, in both hosts: over a MessagePort in the desktop app, over a WebSocket
 * when headless. What comes in is checked against its schema at the door. What goes out is made by us and typed, not
 * checked again: a feed of ten thousand spans would pay for it on every frame.
 *
 * Every operation may fail with a `UserError`'s sentence; nothing else about a failure crosses.
 */
export const contract = {
  app: {
    /** Who and where we are; what this page may do. */
    info: oc.output(type<AppInfo>()),
  },
  traces: {
    /** The trace list: a snapshot, then what changed. Fails when the query cannot be understood. */
    feed: oc.input(traceFeedRequestSchema).output(type<TraceFeed>()),
    /** One trace with its spans, open ones included: a snapshot, then what changed. */
    watch: oc.input(traceWatchRequestSchema).output(type<TraceWatch>()),
    /** One captured body. Null when it was not captured or is gone. */
    payload: oc.input(payloadRequestSchema).output(type<RedactedPayload | null>()),
    /** The finished spans of a selection as a file. Fails when it is empty, holds a secret, or is more than a page is given. */
    export: oc.input(exportRequestSchema).output(type<ExportedFile>()),
    /** Takes in a file with traces of any format that is known. Fails with one sentence when nothing of it can be read. */
    import: oc.input(importRequestSchema).output(type<ImportReport>()),
    /** Forgets every trace. */
    clear: oc.output(type<null>()),
  },
  servers: {
    /** Every server and its state: a snapshot whenever anything changed. */
    watch: oc.input(serverWatchRequestSchema).output(type<ServerFeed>()),
    /** First half of adding a server: nothing starts; answers with exactly what would be started, to be shown (S14). */
    propose: oc.input(serverProposalSchema).output(type<ConsentRequest>()),
    /** Second half: the user has seen the proposal and agreed. The server is saved and started. */
    confirm: oc.input(proposalRequestSchema).output(type<null>()),
    /** Stops and starts a server that was agreed to before. */
    restart: oc.input(serverRequestSchema).output(type<null>()),
    /** Stops a server until it is restarted; calls to it fail with a sentence meanwhile. */
    stop: oc.input(serverRequestSchema).output(type<null>()),
    /** What a server printed: what is kept of it, then what comes. */
    log: oc.input(serverLogRequestSchema).output(type<ServerLog>()),
    /** Stops a server and forgets it. */
    remove: oc.input(serverRequestSchema).output(type<null>()),
  },
  virtualServers: {
    /** Adds a virtual server, or replaces the one of this name. Starts nothing. Fails when a server has the name. */
    save: oc.input(virtualServerRequestSchema).output(type<null>()),
    remove: oc.input(serverRequestSchema).output(type<null>()),
  },
  redaction: {
    /** The rules with their counts, and what goes on: a snapshot whenever anything changed. */
    watch: oc.input(redactionWatchRequestSchema).output(type<RedactionFeed>()),
    /** Saves the rules and puts them in force. Fails with a sentence that names the rule that cannot be used. */
    save: oc.input(redactionPolicySchema).output(type<null>()),
    /** Goes through everything stored with the rules as they are now; how far it has come is in `watch`. */
    rescrub: oc.output(type<null>()),
    /** What the rules, or others that are being tried, would do with a text. It is kept nowhere. */
    test: oc.input(redactionTestRequestSchema).output(type<TestedText>()),
    /** Why a value under a name is hidden or not. */
    explain: oc.input(explanationRequestSchema).output(type<Explanation>()),
    /** What looks like a secret in stored spans and was not hidden. */
    hints: oc.input(hintsRequestSchema).output(type<readonly PlacedHint[]>()),
    /** Where the secret with this hash was met, oldest first. Hashes are of one run: those of an earlier one lead nowhere else. */
    trail: oc.input(trailRequestSchema).output(type<readonly TrailStep[]>()),
    /** Keeps secrets that are hidden from now on in memory, or forgets them all. Needs a page that may manage servers. */
    reveal: oc.input(revealRequestSchema).output(type<null>()),
    /** The secret with this hash, while secrets are kept; null when it is not there. Needs a page that may manage servers. */
    revealed: oc.input(trailRequestSchema).output(type<string | null>()),
  },
  settings: {
    /** What is set about tracing: a snapshot whenever anything changed. */
    watch: oc.input(settingsWatchRequestSchema).output(type<SettingsFeed>()),
    /** Puts settings in force and keeps them. Fails, and changes nothing, when one of them cannot be. */
    save: oc.input(tracingSettingsSchema).output(type<null>()),
  },
  forwarding: {
    /** Every endpoint that traces are sent to, and how that goes: a snapshot whenever anything changed. */
    watch: oc.input(forwardingWatchRequestSchema).output(type<ForwardingFeed>()),
    /** Adds an endpoint, or puts it in the place of the one of its former name. Values of headers go in and never come out. */
    save: oc.input(saveEndpointRequestSchema).output(type<null>()),
    remove: oc.input(endpointRequestSchema).output(type<null>()),
    /** What would leave for an endpoint as it is being edited. Sends nothing. */
    preview: oc.input(tryEndpointRequestSchema).output(type<ForwardPreview>()),
    /** Sends a request without spans to an endpoint as it is being edited. */
    try: oc.input(tryEndpointRequestSchema).output(type<ForwardTrial>()),
  },
  demo: {
    /** Starts the bundled demo server and plays the scripted session through the gateway; answers once it has begun. */
    play: oc.output(type<null>()),
  },
};

export type Contract = typeof contract;
