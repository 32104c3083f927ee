import { planned, proven, type Area } from '../row.ts';

export const plugins: Area = {
  title: 'Plugins',
  rows: [
    planned(
      'R69',
      '`plugin.hook.invoke` has chain length, executed, skipped, not reached, stopped and stopped_by however the chain ends: normally, by a violation returned or thrown, an error, a timeout or a cancellation.',
    ),
    planned(
      'R70',
      '`plugin.execute` of each plugin that ran has name, mode, priority, timeout, hook, kind, violation, modified, continue and duration.',
    ),
    planned(
      'R71',
      'What a plugin asked for and what was done are apart: a permissive plugin that wanted to stop shows both, and its violation is kept.',
    ),
    planned('R72', 'Code, reason, description and the two error codes of a violation are recorded, redacted.'),
    planned('R73', 'Skipped plugins are listed with the reason.'),
    planned(
      'R74',
      'Plugins run by ascending priority, stable; conditions are joined by AND inside and OR across; an invalid one is an error of the configuration.',
    ),
    planned(
      'R75',
      'The error or timeout of an enforcing plugin blocks and says which; in the ignoring modes the call goes on and the error is on its span.',
    ),
    planned('R76', 'A plugin changes the payload only by the change it returns, within the fields its hook may write.'),
    planned('R77', 'A call that is blocked beforehand sends nothing upstream.'),
    planned(
      'R78',
      'Of several retry delays the longest counts, also when the chain was stopped, and the limit of retries holds.',
    ),
    proven(
      'R79',
      'Tracing that is off costs one branch on the way of a call, and of memory no more than a correlation id.',
      {
        test: 'test/telemetry/policy.test.ts',
        guard: {
          file: 'src/telemetry/recording-off.ts',
          find: 'return context === null ? unplaced : operationUnder(context);',
          replace: 'return operationUnder(context);',
        },
      },
    ),
    planned('R80', 'A payload over the limit is a clear error, and the span names the hook.'),
    planned('R81', 'What a plugin changed can be seen before and after, redacted.'),
    planned('R82', 'Store and OTLP have the same plugin data: one recorder.'),
  ],
};
