import { describeClientLeg } from './describe-client-leg.ts';
import { REVISION } from './suite.ts';

describeClientLeg({
  revision: REVISION,
  client: './client-under-test.ts',
  scenarios: ['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry'],
});
