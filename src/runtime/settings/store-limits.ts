import type { Retention } from '../../shared/domain/settings.ts';
import type { StoreLimits } from '../../store/port.ts';

export function limitsOf({ days, traces, megabytes }: Retention): StoreLimits {
  return { days, traces, bytes: megabytes * 1024 * 1024 };
}
