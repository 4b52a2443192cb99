import type * as Answer from './platforms/answer.ts';

/** How an application stands on several platforms; the code that looks comes when somebody asks. */
export const platformHandlers = {
  'platforms/look': async (
    body: Parameters<(typeof Answer)['lookAtPlatforms']>[0],
  ): ReturnType<(typeof Answer)['lookAtPlatforms']> =>
    (await import('./platforms/answer.ts')).lookAtPlatforms(body),
};
