import { defineStrings } from './strings.ts';

/** The home page: one sentence, a running figure, three ways on. */
export const homeStrings = defineStrings({
  ko: {
    // One phrase a line.
    sentence: '컨테이너와 쿠버네티스,\n실제로 돌아가는\n그림으로 배웁니다',
    description:
      '컨테이너, 이미지, 오케스트레이션을 실제로 돌아가는 그림으로 설명하는 한국어·영어 지식 베이스입니다.',
    figure: '코드가 이미지가 되어 레지스트리를 거쳐 클러스터에서 파드로 실행되는 과정',
    learn: '차례대로 배우기',
    learnText:
      '컨테이너 하나에서 롤링 업데이트까지, 앞에서 배운 것만으로 다음 페이지를 읽을 수 있습니다.',
    look: '필요한 것 찾기',
    lookText: '용어나 명령, 오류 메시지를 넣으면 그것을 설명하는 곳으로 바로 갑니다.',
    lookSearch: '검색하기',
    lookGlossary: '용어집({count}개)',
    experiment: '직접 실험하기',
    experimentText:
      '시나리오를 재생하고, 멈추고, 되감아 봅니다. 무엇이든 누르면 왜 그렇게 되었는지 보여 줍니다.',
    experimentOpen: '시나리오 열기',
    experimentLab: '실습실에서 직접 해 보기',
  },
  en: {
    // One phrase a line.
    sentence: 'Learn containers\nand Kubernetes\nfrom figures\nthat really run',
    description:
      'A knowledge base in Korean and English that explains containers, images and orchestration through figures that really run.',
    figure: 'How code becomes an image, passes through a registry and runs as Pods in a cluster',
    learn: 'Learn in order',
    learnText: 'From one container to a rolling update. Each page needs only what came before it.',
    look: 'Look something up',
    lookText: 'Type a term, a command or an error message and go straight to its explanation.',
    lookSearch: 'Search',
    lookGlossary: 'Glossary ({count} terms)',
    experiment: 'Experiment',
    experimentText:
      'Play a scenario, stop it, run it backwards. Select anything to see why it is so.',
    experimentOpen: 'Open the scenario',
    experimentLab: 'Try it yourself in the lab',
  },
});
