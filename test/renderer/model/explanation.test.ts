import { describe, expect, it } from 'vitest';
import { gatheredSteps } from '../../../renderer/model/explanation.ts';

const step = (title: string, found: boolean, why: string) => ({ rule: title, title, found, why });

describe('what the rules made of a value', () => {
  it('is one line for those that follow each other and saw nothing for the same reason', () => {
    const steps = [
      step('a', false, 'no name'),
      step('b', false, 'no form'),
      step('c', false, 'no form'),
      step('d', true, 'no form'),
      step('e', true, 'no form'),
      step('f', false, 'no form'),
    ];
    expect(gatheredSteps({ isHidden: true, steps }).map(({ titles, found }) => [titles.join(), found])).toEqual([
      ['a', false],
      ['b,c', false],
      ['d', true],
      ['e', true],
      ['f', false],
    ]);
  });
});
