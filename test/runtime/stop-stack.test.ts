import { describe, expect, it } from 'vitest';
import { createStopStack } from '../../src/runtime/stop-stack.ts';

describe('stopping what was started', () => {
  it('stops in the opposite order, once', async () => {
    const stopped: string[] = [];
    const stack = createStopStack();
    for (const name of ['store', 'gateway', 'doors']) stack.add(() => void stopped.push(name));
    await Promise.all([stack.stop(), stack.stop()]);
    await stack.stop();
    expect(stopped).toEqual(['doors', 'gateway', 'store']);
  });

  it('stops what is started later at the place that was kept for it', async () => {
    const stopped: string[] = [];
    const stack = createStopStack();
    const listener = stack.reserve();
    stack.reserve();
    stack.add(() => void stopped.push('servers'));
    listener(() => void stopped.push('listener'));
    await stack.stop();
    expect(stopped).toEqual(['servers', 'listener']);
  });

  it('stops the others when one fails, and tells of the failure', async () => {
    const stopped: string[] = [];
    const stack = createStopStack();
    stack.add(() => void stopped.push('store'));
    stack.add(() => Promise.reject(new Error('stuck')));
    await expect(stack.stop()).rejects.toThrow('stuck');
    expect(stopped).toEqual(['store']);
  });
});
