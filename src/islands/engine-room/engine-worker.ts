/** The worker: one for all figures and terminals of a page. */
import type { Asked } from './port.ts';
import { serve } from './serve.ts';

const answer = serve((told) => postMessage(told));
addEventListener('message', ({ data }: MessageEvent<Asked>) => void answer(data));
