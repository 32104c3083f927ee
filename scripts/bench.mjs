// `npm run bench`: what the gateway costs, against the same server called directly, through a bare proxy and through
// other programs of its kind, and between the eras of MCP. `--quick` leaves out the long memory run and measures fewer
// rounds; `--eras` measures nothing but the eras.
import { existsSync } from 'node:fs';
import { installPeers } from '../test/bench/peers.ts';
import { eraReport } from '../test/bench/era-report.ts';
import { reportOf } from '../test/bench/report.ts';
import { runBench, runEraBench } from '../test/bench/run-bench.ts';

if (!existsSync('/proc/self/schedstat')) {
  console.error('The bench reads processor time from /proc: run it on Linux.');
  process.exit(1);
}

const isQuick = process.argv.includes('--quick');
const report = (/** @type {string} */ line) => console.error(line);
const eraRounds = { rounds: isQuick ? 9 : 40, latencyCalls: 50, cpuCalls: 400, throughputCalls: 400, report };
if (process.argv.includes('--eras')) console.log(eraReport(await runEraBench(eraRounds)).join('\n'));
else {
  const options = {
    rounds: isQuick ? 3 : 5,
    latencyCalls: isQuick ? 200 : 400,
    cpuCalls: isQuick ? 1_000 : 2_000,
    throughputCalls: isQuick ? 1_000 : 2_000,
    eraRounds,
    peers: await installPeers(report),
    memoryCalls: isQuick ? 1_000 : 10_000,
    idleSessions: isQuick ? 100 : 400,
    starts: isQuick ? 3 : 5,
    report,
  };
  console.log(reportOf(await runBench(options), options));
}
