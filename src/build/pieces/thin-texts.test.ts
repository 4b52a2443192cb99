import { describe, expect, it } from 'vitest';
import { thinTexts } from './thin-texts.ts';

const DOCKER = `
  -d, --detach                Run in the background
                              > and print the id
      --name string           Assign a name
      --old                   !and does nothing any more
`;
const KUBECTL = `
-f, --filename stringSlice=[]: Files that say: what
*dry-run *output
--wait bool=true: If true, wait`;

const made = thinTexts(
  new Map([
    ['run.ts', { RUN: { about: 'Run it', long: 'Runs it, at length.', flags: DOCKER } }],
    [
      'apply.ts',
      {
        APPLY: {
          short: 'Apply',
          flags: KUBECTL,
          commands: { more: { flags: '\n--wait bool=true: Else' } },
        },
      },
    ],
    ['shared.ts', { SHARED_FLAGS: '--force bool=false: By force' }],
  ]),
);
const load = async <T>(source: string): Promise<T> =>
  (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as T;

interface Described {
  readonly about?: string;
  readonly long?: string;
  readonly flags: string;
  readonly commands?: { readonly more: { readonly flags: string } };
}

describe('texts of help', () => {
  it('leave what a command line needs of them', async () => {
    const { RUN } = await load<{ RUN: Described }>(made.modules.get('run.ts')!);
    expect(RUN.about).toBe('Run it');
    expect(RUN.flags.trim().split('\n')).toEqual([
      '-d, --detach',
      '--name string',
      '--old                   !and does nothing any more',
    ]);
    const { APPLY } = await load<{ APPLY: Described }>(made.modules.get('apply.ts')!);
    expect(APPLY.flags.trim().split('\n')).toEqual([
      '-f, --filename stringSlice=[]: …',
      '*dry-run *output',
      '--wait bool=true: …',
    ]);
  });

  it('are given back whole, each by its own key', async () => {
    const { wholeText } = await load<{ wholeText: (text: string) => string }>(made.texts);
    const { RUN } = await load<{ RUN: Described }>(made.modules.get('run.ts')!);
    const { APPLY } = await load<{ APPLY: Described }>(made.modules.get('apply.ts')!);
    const { SHARED_FLAGS } = await load<{ SHARED_FLAGS: string }>(made.modules.get('shared.ts')!);
    expect(wholeText(RUN.flags)).toBe(DOCKER);
    expect(wholeText(RUN.long!)).toBe('Runs it, at length.');
    expect(wholeText(APPLY.flags)).toBe(KUBECTL);
    expect(wholeText(APPLY.commands!.more.flags)).toBe('\n--wait bool=true: Else');
    expect(wholeText(SHARED_FLAGS)).toBe('--force bool=false: By force');
    expect(wholeText('never seen')).toBe('never seen');
  });
});
