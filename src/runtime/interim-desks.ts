import { UserError } from '../shared/kernel/user-error.ts';
import type { RuntimeServices } from './services.ts';

/** What cannot be done while its service is not there. Each owner takes its own out. */
export function createInterimDesks(): Pick<RuntimeServices, 'imports'> {
  return { imports: { file: () => Promise.reject(new UserError('This cannot be done yet.')) } };
}
