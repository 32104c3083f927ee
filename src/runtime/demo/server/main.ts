// The demo server as a program: MCP over stdin and stdout, one message a line. It ends when its stdin does.
import { createInterface } from 'node:readline';
import { createDemoServer } from './demo-server.ts';

const STEP_MS = 500;

const server = createDemoServer({
  send: (message) => {
    process.stdout.write(`${JSON.stringify(message)}\n`);
  },
  stepMs: STEP_MS,
});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    server.receive(line);
  })
  .on('close', () => {
    server.close();
  });
