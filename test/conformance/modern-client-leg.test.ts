import { describeClientLeg } from './describe-client-leg.ts';
import { MODERN_REVISION } from './suite.ts';

describeClientLeg({
  revision: MODERN_REVISION,
  client: './modern-client-under-test.ts',
  scenarios: [
    'tools_call',
    'request-metadata',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'sep-2322-client-request-state',
    'json-schema-ref-no-deref',
  ],
});
