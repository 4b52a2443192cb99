import type * as Answers from './panels/answers.ts';

/** What panels ask. The code that answers comes when one of them is first opened. */
const answers = (): Promise<typeof Answers> => import('./panels/answers.ts');

type Asked<Name extends keyof typeof Answers> = Parameters<(typeof Answers)[Name]>[0];

export const panelHandlers = {
  'panels/objects': async (body: Asked<'objects'>) => (await answers()).objects(body),
  'panels/inspect': async (body: Asked<'inspect'>) => (await answers()).inspect(body),
  'panels/detail': async (body: Asked<'detail'>) => (await answers()).detail(body),
  'panels/events': async (body: Asked<'events'>) => (await answers()).events(body),
  'panels/history': async (body: Asked<'history'>) => (await answers()).history(body),
  'panels/next': async (body: Asked<'next'>) => (await answers()).next(body),
  'panels/compare': async (body: Asked<'compareBranches'>) =>
    (await answers()).compareBranches(body),
  'panels/map': async (body: Asked<'map'>) => (await answers()).map(body),
  'panels/berth': async (body: Asked<'berth'>) => (await answers()).berth(body),
};
