import type { Locale } from './locales.ts';

interface GlossaryStrings {
  readonly filter: string;
  readonly count: string;
  readonly none: string;
  readonly also: string;
  readonly source: string;
  /** The areas of the terms, in the order in which they are shown. */
  readonly areas: readonly { readonly id: string; readonly title: string }[];
}

/** The strings of the glossary. */
export const glossaryStrings: Readonly<Record<Locale, GlossaryStrings>> = {
  ko: {
    filter: '용어 거르기',
    count: '{count}개',
    none: '맞는 용어가 없습니다. 다른 말로 찾아보세요.',
    also: '다른 표기:',
    source: '출처',
    areas: [
      { id: 'containers', title: '컨테이너' },
      { id: 'images', title: '이미지' },
      { id: 'orchestration', title: '오케스트레이션' },
      { id: 'compare', title: 'Compose와 Swarm' },
      { id: 'scenarios', title: '함께 쓰는 도구' },
    ],
  },
  en: {
    filter: 'Filter the terms',
    count: '{count} terms',
    none: 'No term matches. Try another word.',
    also: 'Also:',
    source: 'Source',
    areas: [
      { id: 'containers', title: 'Containers' },
      { id: 'images', title: 'Images' },
      { id: 'orchestration', title: 'Orchestration' },
      { id: 'compare', title: 'Compose and Swarm' },
      { id: 'scenarios', title: 'Tools used with them' },
    ],
  },
};
