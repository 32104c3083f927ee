import { setTimeout as delay } from 'node:timers/promises';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface DemoToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
}

export interface DemoToolContext {
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Length of one step of slow work, in milliseconds. */
  readonly stepMs: number;
  progress(done: number, total: number, message: string): void;
}

export interface DemoTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: JsonObject;
  call(args: JsonObject, context: DemoToolContext): Promise<DemoToolResult>;
}

interface Note {
  readonly title: string;
  readonly text: string;
}

const NOTES: readonly Note[] = [
  { title: 'Q3 review', text: 'Revenue up 12 %. Two customers asked for an audit trail of agent actions.' },
  { title: 'On-call handbook', text: 'If the importer stalls, restart it once, then call Mira.' },
  { title: 'Offsite', text: 'Thursday: review of the roadmap. Friday: hike, bring boots.' },
];

const CONTACTS: readonly string[] = ['mira@example.test', 'jonas@example.test'];

const REPORT_STEPS: readonly string[] = ['Opening', 'Reading tables', 'Reading text', 'Comparing years', 'Writing'];

function text(value: string): DemoToolResult {
  return { content: [{ type: 'text', text: value }] };
}

function stringSchema(properties: Readonly<Record<string, string>>): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, description]) => [name, { type: 'string', description }]),
    ),
    required: Object.keys(properties),
  };
}

const searchNotes: DemoTool = {
  name: 'search_notes',
  title: 'Search notes',
  description: 'Finds notes that contain a word.',
  inputSchema: stringSchema({ query: 'A word to look for' }),
  call(args) {
    const wanted = String(args['query']).toLowerCase();
    const notes = NOTES.filter((note) => `${note.title} ${note.text}`.toLowerCase().includes(wanted));
    return Promise.resolve({
      ...text(notes.map((note) => `${note.title}: ${note.text}`).join('\n') || 'No note matches.'),
      structuredContent: { notes },
    });
  },
};

const summariseReport: DemoTool = {
  name: 'summarise_report',
  title: 'Summarise a report',
  description: 'Reads a long report and sums it up. Takes a few seconds and reports its progress.',
  inputSchema: stringSchema({ report: 'File name of the report' }),
  async call(args, { progress, signal, stepMs }) {
    for (const [done, step] of REPORT_STEPS.entries()) {
      progress(done, REPORT_STEPS.length, step);
      await delay(stepMs, undefined, { signal });
    }
    return text(`${String(args['report'])}: a good year. Revenue rose in every region but one, costs stayed flat.`);
  },
};

const sendEmail: DemoTool = {
  name: 'send_email',
  title: 'Send an e-mail',
  description: 'Sends an e-mail to somebody in the address book.',
  inputSchema: stringSchema({ to: 'Address', subject: 'Subject', body: 'Text' }),
  call(args) {
    const recipient = String(args['to']);
    if (CONTACTS.includes(recipient)) return Promise.resolve(text(`Sent to ${recipient}.`));
    return Promise.resolve({ ...text(`Nobody in the address book has the address ${recipient}.`), isError: true });
  },
};

const login: DemoTool = {
  name: 'login',
  title: 'Log in',
  description: 'Logs in to the company portal.',
  inputSchema: stringSchema({ url: 'Portal', user: 'User name', password: 'Password', api_key: 'Key of the portal' }),
  call(args) {
    return Promise.resolve({
      ...text(`Logged in as ${String(args['user'])}.`),
      structuredContent: { user: args['user'], session_token: 'demo-session-5f0c91d27a' },
    });
  },
};

const waitForApproval: DemoTool = {
  name: 'wait_for_approval',
  title: 'Wait for approval',
  description: 'Waits until somebody approves a request. Nobody ever does.',
  inputSchema: stringSchema({ request: 'What to approve' }),
  call(_args, { signal }) {
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('cancelled'));
      });
    });
  },
};

export const demoTools: readonly DemoTool[] = [searchNotes, summariseReport, sendEmail, login, waitForApproval];
