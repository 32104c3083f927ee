import { describe, expect, it } from 'vitest';
import { EventStore, type EventLog } from '../../../src/gateway/session/event-store.ts';

const textsAfter = (log: EventLog, number: number): readonly string[] => log.after(number).map(({ text }) => text);

describe('the store of events for clients that come back', () => {
  it('gives back what came after a number, in order, stream by stream', () => {
    const store = new EventStore({ maxEvents: 10, maxBytes: 1_000, maxTotalBytes: 1_000 });
    const session = store.openSession();
    const [a, b] = [session.openLog(), session.openLog()];
    expect([a.add('a1'), b.add('b1'), a.add('a2'), a.add('a3')]).toEqual([1, 1, 2, 3]);
    expect(textsAfter(a, 1)).toEqual(['a2', 'a3']);
    expect(textsAfter(b, 0)).toEqual(['b1']);
    expect(textsAfter(a, 3)).toEqual([]);
    expect(store.bytes).toBe(16);
  });

  it('drops a session\u2019s oldest event beyond its count, of whichever stream, and counts it', () => {
    const store = new EventStore({ maxEvents: 3, maxBytes: 1_000, maxTotalBytes: 1_000 });
    const session = store.openSession();
    const [a, b] = [session.openLog(), session.openLog()];
    const other = store.openSession().openLog();
    other.add('of another');
    for (const text of ['1', '2']) a.add(text);
    for (const text of ['3', '4', '5']) b.add(text);
    expect(textsAfter(a, 0)).toEqual([]);
    expect(textsAfter(b, 0)).toEqual(['3', '4', '5']);
    expect(textsAfter(other, 0)).toEqual(['of another']);
    expect(store.dropped).toBe(2);
    expect(a.add('6')).toBe(3);
  });

  it('drops a session\u2019s oldest events beyond its bytes, and never keeps one that is larger than all it may have', () => {
    const store = new EventStore({ maxEvents: 100, maxBytes: 20, maxTotalBytes: 1_000 });
    const log = store.openSession().openLog();
    for (const text of ['12345', '67890', 'abc']) log.add(text);
    expect(textsAfter(log, 0)).toEqual(['67890', 'abc']);
    expect(log.add('x'.repeat(11))).toBe(4);
    expect(textsAfter(log, 0)).toEqual(['67890', 'abc']);
    expect(log.last).toBe(4);
    expect(store.dropped).toBe(2);
    expect(store.bytes).toBe(16);
  });

  it('drops the oldest event of any session beyond the bytes of all', () => {
    const store = new EventStore({ maxEvents: 100, maxBytes: 1_000, maxTotalBytes: 20 });
    const [first, second] = [store.openSession().openLog(), store.openSession().openLog()];
    first.add('12345');
    second.add('67890');
    second.add('abcde');
    expect(textsAfter(first, 0)).toEqual([]);
    expect(textsAfter(second, 0)).toEqual(['67890', 'abcde']);
    expect(store.dropped).toBe(1);
    expect(store.bytes).toBe(20);
  });

  it('forgets a stream that is over, without counting it as dropped', () => {
    const store = new EventStore({ maxEvents: 2, maxBytes: 1_000, maxTotalBytes: 1_000 });
    const session = store.openSession();
    const [over, goesOn] = [session.openLog(), session.openLog()];
    over.add('a');
    goesOn.add('b');
    over.clear();
    goesOn.add('c');
    expect(textsAfter(over, 0)).toEqual([]);
    expect(textsAfter(goesOn, 0)).toEqual(['b', 'c']);
    expect(store).toMatchObject({ dropped: 0, bytes: 4 });
  });
});
