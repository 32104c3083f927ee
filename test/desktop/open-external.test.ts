import { describe, expect, it } from 'vitest';
import { createLinkOpener } from '../../src/desktop/open-external.ts';
import { createElectronDouble, type ElectronDouble } from '../support/electron-double.ts';

const OPEN = 0;
const CANCEL = 1;

function setup(answer: number | null): { open: (address: string) => void; double: ElectronDouble; reports: string[] } {
  const double = createElectronDouble();
  double.becomesReady();
  double.answer = answer;
  const reports: string[] = [];
  const { shell, dialog } = double.electron;
  const report = (doing: string, thrown: unknown): void => {
    reports.push(`${doing}: ${String(thrown)}`);
  };
  return { open: createLinkOpener({ shell, dialog, report }), double, reports };
}

/** Lets the question, the answer and what follows run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('opening a link outside', () => {
  it('S8: shows the host first and opens the address as it was parsed, when the person agrees', async () => {
    const { open, double } = setup(OPEN);
    open('HTTPS://Example.com/docs?q=1');
    await settle();
    expect(double.questions).toMatchObject([
      { message: 'Open example.com in your browser?', detail: 'https://example.com/docs?q=1', defaultId: CANCEL },
    ]);
    expect(double.opened).toEqual(['https://example.com/docs?q=1']);
  });

  it('S8: opens nothing when the person does not agree', async () => {
    const { open, double } = setup(CANCEL);
    open('https://example.com/');
    await settle();
    expect(double.questions).toHaveLength(1);
    expect(double.opened).toEqual([]);
  });

  it.each(['http://127.0.0.1:4820/', 'http://localhost/', 'http://[::1]:80/x'])(
    'S8: %s may be asked about, since it stays on this machine',
    async (address) => {
      const { open, double } = setup(OPEN);
      open(address);
      await settle();
      expect(double.opened).toHaveLength(1);
    },
  );

  it.each([
    'http://example.com/',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'ms-msdt:/id',
    'app://throughline/',
    'https://bank.example@evil.example/',
    'https://user:secret@example.com/',
    '-a Calculator',
    '',
  ])('S8: %j is refused without a question', async (address) => {
    const { open, double, reports } = setup(OPEN);
    open(address);
    await settle();
    expect(double.questions).toEqual([]);
    expect(double.opened).toEqual([]);
    expect(reports).toHaveLength(1);
    if (address !== '') expect(reports[0]).not.toContain(address);
  });

  it('asks one question at a time, so that a page cannot bury the screen in them', async () => {
    const { open, double } = setup(null);
    for (const path of ['a', 'b', 'c']) open(`https://example.com/${path}`);
    await settle();
    expect(double.questions).toHaveLength(1);
    double.answer = OPEN;
    await settle();
    open('https://example.com/d');
    await settle();
    expect(double.opened).toEqual(['https://example.com/a', 'https://example.com/d']);
  });
});
