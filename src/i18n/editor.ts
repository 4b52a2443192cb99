import { defineStrings } from './strings.ts';

/** The strings of the editor of files. */
export const editorStrings = defineStrings({
  ko: {
    leave: 'Tab은 들여쓰기입니다. Esc를 누른 뒤 Tab을 누르면 편집기를 벗어납니다.',
    faults: '이 파일의 문제',
    none: '문제를 찾지 못했습니다.',
    error: '오류',
    warning: '경고',
    at: '{line}행',
    more: '그 밖에 {count}개',
    unchecked: '파일을 검사하지 못했습니다. 내용을 고치면 다시 검사합니다.',
  },
  en: {
    leave: 'Tab indents. Press Escape, then Tab, to leave the editor.',
    faults: 'Problems in this file',
    none: 'No problems found.',
    error: 'Error',
    warning: 'Warning',
    at: 'line {line}',
    more: '{count} more',
    unchecked: 'The file could not be checked. It is checked again when you edit it.',
  },
});
