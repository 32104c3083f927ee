// The measured server over stdio: the least MCP that answers.
import { createInterface } from 'node:readline';
import { answerTo } from './echo.ts';

createInterface({ input: process.stdin }).on('line', (line) => {
  const answer = answerTo(line);
  if (answer !== null) process.stdout.write(`${answer}\n`);
});
