// The measured server over HTTP: the least MCP that answers. Prints its address on stdout; ends with its stdin.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerTo } from './echo.ts';

const http = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = request.method === 'POST' ? answerTo(Buffer.concat(chunks).toString('utf8')) : null;
    if (answer === null) {
      response.writeHead(request.method === 'POST' ? 202 : 405, { 'content-length': 0 }).end();
      return;
    }
    const body = Buffer.from(answer);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
});

http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp\n`);
});

process.stdin.resume().on('end', () => process.exit(0));
