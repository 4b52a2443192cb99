import type { Adapter } from '../adapter.ts';
import { storyOperations } from '../compose-stories.ts';

export const adapter: Adapter = { area: 'compose-stories', operations: storyOperations };
