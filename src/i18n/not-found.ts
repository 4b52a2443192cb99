import { defineStrings } from './strings.ts';

/** The page for an address that leads nowhere. */
export const notFoundStrings = defineStrings({
  ko: {
    title: '이 주소에는 페이지가 없습니다',
    text: '주소가 바뀌었거나 잘못 입력되었을 수 있습니다. 첫 화면에서 찾아보세요.',
    home: '한국어 첫 화면으로',
  },
  en: {
    title: 'There is no page at this address',
    text: 'It may have moved, or the address may be mistyped. Look for it from the home page.',
    home: 'To the English home page',
  },
});
