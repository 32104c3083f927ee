// What any Node process in the middle costs: `node pass-through-proxy.ts TARGET`. It looks at nothing.
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

const target = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

const proxy = createServer((incoming, outgoing) => {
  const headers = { ...incoming.headers, host: target.host };
  const onward = httpRequest(target, { method: incoming.method, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
});

proxy.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}${target.pathname}\n`);
});

process.stdin.resume().on('end', () => process.exit(0));
