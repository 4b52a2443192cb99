import { describe, expect, test } from 'vitest';
import { buildFrontIndex } from './front-index.ts';
import type { FrontTerm } from './front-index.ts';
import { analyse } from './query.ts';

const term = (id: string, names: string[], aliases: string[] = []): FrontTerm => ({
  id,
  names,
  aliases,
  definition: '',
});

const front = buildFrontIndex({
  locale: 'ko',
  pages: [
    {
      id: 'orchestration/rolling-update-and-rollback',
      title: '롤링 업데이트와 롤백',
      topic: '오케스트레이션',
      description: '장애 없이 새 버전으로 바꿉니다.',
      headings: [['surge', 'maxSurge와 maxUnavailable']],
      fragment: 'ko_1',
    },
  ],
  terms: [
    term('container', ['컨테이너', 'container'], ['콘테이너', '컨테이너란']),
    term('image', ['이미지', 'image'], ['도커 이미지']),
    term('image-layer', ['이미지 레이어', 'image layer'], ['레이어']),
    term('rolling-update', ['롤링 업데이트', 'rolling update'], ['무중단 배포']),
    term('overlay-network', ['오버레이 네트워크', 'overlay network'], ['오버레이']),
    term('amazon-ecr', ['AWS ECR', 'Amazon ECR'], ['ecr']),
    term('kubernetes', ['쿠버네티스', 'Kubernetes'], ['k8s']),
    term('pod', ['파드', 'Pod'], ['포드']),
    term('docker-compose', ['Docker Compose', 'Docker Compose'], ['도커 컴포즈', 'docker-compose']),
    term('namespace-linux', ['네임스페이스', 'namespace']),
    term('namespace-kubernetes', ['네임스페이스', 'namespace']),
  ],
});

const termsIn = (query: string) => analyse(query, front).map((one) => one.terms.join('|'));
const firstForm = (query: string) => analyse(query, front).map((one) => one.forms[0]!.words);

describe('terms in Korean queries', () => {
  test.each([
    ['컨테이너를', ['container']],
    ['컨테이너란', ['container']],
    ['콘테이너에서는', ['container']],
    ['롤링업데이트', ['rolling-update']],
    ['롤링 업데이트는', ['rolling-update']],
    ['이미지 레이어', ['image-layer']],
    ['이미지의 레이어', ['image', 'image-layer']],
    ['오버레이', ['overlay-network']],
    ['ECR에 이미지', ['amazon-ecr', 'image']],
    ['네임스페이스', ['namespace-linux|namespace-kubernetes']],
    ['docker-compose', ['docker-compose']],
    ['Docker compose', ['docker-compose']],
    ['도커컴포즈로', ['docker-compose']],
  ])('%s', (query, terms) => {
    expect(termsIn(query)).toEqual(terms);
  });

  test('the longest name wins over its beginning', () => {
    expect(termsIn('무중단 배포')).toEqual(['rolling-update']);
  });
});

describe('slips', () => {
  test.each([
    ['큐버네티스', 'kubernetes'],
    ['ㅋㅌㅇㄴ', 'container'],
    ['zjsxpdlsj', 'container'],
    ['vkem', 'pod'],
    ['contianer', 'container'],
  ])('%s means %s', (query, id) => {
    expect(termsIn(query)).toEqual([id]);
  });

  test('a word that the text has is no slip', () => {
    const concepts = analyse('contaimer', front, (word) => word === 'contaimer');
    expect(concepts[0]!.terms).toEqual([]);
  });
});

describe('words outside the glossary', () => {
  test('particles come off, the whole word first', () => {
    const [concept] = analyse('장애시', front);
    expect(concept!.forms.map((form) => form.words[0])).toEqual(['장애시', '장애']);
  });

  test('empty words are dropped beside telling ones', () => {
    expect(firstForm('파드 어떻게 되나')).toEqual([['파드']]);
    expect(firstForm('what is a container')).toEqual([['container']]);
  });

  test('a query of empty words alone is kept', () => {
    expect(firstForm('무엇')).toEqual([['무엇']]);
  });
});

test('a query of marks or nothing asks nothing', () => {
  expect(analyse('', front)).toEqual([]);
  expect(analyse(' ?! ', front)).toEqual([]);
});
