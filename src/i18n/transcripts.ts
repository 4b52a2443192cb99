import { defineStrings } from './strings.ts';

/** Around what commands on a page printed. */
export const transcriptStrings = defineStrings({
  ko: {
    printed: '이 사이트의 엔진이 실행하고 출력한 그대로입니다.',
    more: '{count}줄 더',
  },
  en: {
    printed: 'Run and printed by this site’s engine.',
    more: '{count} more lines',
  },
});
