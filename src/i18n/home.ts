import { defineStrings } from './strings.ts';

/** The home page: one sentence, a running figure, three ways on. */
export const homeStrings = defineStrings({
  ko: {
    // One phrase a line.
    sentence: '코드에서 클러스터까지,\n실제로 움직이는 그림으로 배웁니다',
    description:
      '컨테이너, 이미지, 오케스트레이션을 실제로 움직이는 그림과 함께 한국어와 영어로 설명하는 지식 베이스입니다.',
    figure: '코드가 이미지가 되고, 레지스트리를 거쳐 클러스터의 파드로 실행되는 과정',
    learn: '차례대로 배우기',
    learnText:
      '컨테이너 하나에서 시작해 롤링 업데이트까지, 앞 페이지가 다음 페이지의 바탕이 됩니다.',
    look: '필요한 것 찾기',
    lookText: '용어, 명령, 오류 메시지로 바로 찾아갑니다.',
    lookSearch: '검색하기',
    lookGlossary: '용어집 {count}개 용어',
    experiment: '직접 실험하기',
    experimentText:
      '시나리오를 재생하고, 멈추고, 되감으면서 클러스터가 왜 그렇게 움직이는지 물어봅니다.',
    experimentOpen: '시나리오 열기',
  },
  en: {
    // One phrase a line.
    sentence: 'From code to cluster,\nin figures that really run',
    description:
      'A knowledge base in Korean and English that explains containers, images and orchestration with figures that really run.',
    figure: 'How code becomes an image, passes through a registry and runs as Pods in a cluster',
    learn: 'Learn in order',
    learnText: 'From one container to a rolling update; each page stands on the one before it.',
    look: 'Look something up',
    lookText: 'Go straight to it by a term, a command or an error message.',
    lookSearch: 'Search',
    lookGlossary: 'Glossary of {count} terms',
    experiment: 'Experiment',
    experimentText: 'Play a scenario, stop it, run it backwards, and ask the cluster why.',
    experimentOpen: 'Open the scenario',
  },
});
