// `node door-server.ts RECORD`: a stdio server whose tools show what a door must carry. RECORD gets a line for each call that is cancelled.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListToolsRequestSchema,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js';

const POLL_MS = 10;
const recordFile = process.argv[2] ?? '';

const server = new Server(
  { name: 'door-server', version: '1.0.0' },
  { capabilities: { tools: { listChanged: true }, logging: {} } },
);

server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: ['echo', 'tell_then_wait', 'ask_model', 'ask_user', 'announce', 'pid'].map((name) => ({
    name,
    inputSchema: { type: 'object' as const },
  })),
}));

server.setRequestHandler(
  CallToolRequestSchema,
  async ({ params }, { signal, sendNotification, sendRequest, _meta }) => {
    const args = params.arguments ?? {};
    const label = String(args['label']);
    signal.addEventListener('abort', () => {
      appendFileSync(recordFile, `${label}\n`);
    });
    switch (params.name) {
      case 'echo':
        return says(String(args['text']));
      case 'pid':
        return says(String(process.pid));
      case 'announce':
        await server.sendToolListChanged();
        return says('announced');
      /** Sends progress, when asked, and one log line; answers once the file is there. `silently` leaves both out. */
      case 'tell_then_wait': {
        const progressToken = _meta?.progressToken;
        if (args['silently'] !== true) {
          if (progressToken !== undefined)
            await sendNotification({
              method: 'notifications/progress',
              params: { progressToken, progress: 1, total: 2 },
            });
          await sendNotification({ method: 'notifications/message', params: { level: 'info', data: label } });
        }
        while (!existsSync(String(args['path']))) await delay(POLL_MS, undefined, { signal });
        if (args['fails'] === true) throw new Error(label);
        return says(label);
      }
      case 'ask_model': {
        const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: label } }];
        const request = { method: 'sampling/createMessage' as const, params: { messages, maxTokens: 10 } };
        const { content } = await sendRequest(request, CreateMessageResultSchema);
        return says(JSON.stringify(content));
      }
      case 'ask_user': {
        const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
        const request = { method: 'elicitation/create' as const, params: { message: label, requestedSchema } };
        return says(JSON.stringify(await sendRequest(request, ElicitResultSchema)));
      }
      default:
        throw new Error(`Unknown tool ${params.name}`);
    }
  },
);

function says(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}

await server.connect(new StdioServerTransport());
