import type { Language } from './claim-table.ts';

/** A word for one of the things that claims are about. */
export interface Noun {
  readonly words: Readonly<Record<Language, RegExp>>;
  /** Its singular in each language. */
  readonly name: Readonly<Record<Language, string>>;
  /** What is typed or printed wherever there is such a thing; left out where that says little. */
  readonly seen?: RegExp;
}

const noun = (en: string, ko: string, seen?: RegExp): Noun => ({
  words: {
    en: new RegExp(
      `\\b[${en.charAt(0).toLowerCase()}${en.charAt(0).toUpperCase()}]${en.slice(1)}(?:e?s)?\\b`,
    ),
    ko: new RegExp(ko),
  },
  name: { en, ko },
  seen,
});

/**
 * The things of the tools that are compared. A sentence says the same of them in both languages, and
 * one that only some tools have is in what is typed or printed where it is spoken of.
 */
export const NOUNS: readonly Noun[] = [
  noun('Pod', '파드', /\bpods?\b|^NAME +READY/im),
  noun('Deployment', '디플로이먼트', /\bdeployments?\b/i),
  noun('ReplicaSet', '레플리카셋', /\b(?:replicasets?|rs)\b/i),
  noun('StatefulSet', '스테이트풀셋', /\bstatefulsets?\b/i),
  noun('ConfigMap', '컨피그맵', /\bconfigmaps?\b/i),
  noun('CronJob', '크론잡', /\bcronjobs?\b/i),
  noun('kubelet', 'kubelet', /\b(?:kubelet|kubectl)\b/),
  noun('task', '태스크', /\bdocker (?:service|stack|swarm)\b/),
  noun('manager', '매니저', /\b(?:managers?|swarm)\b/i),
  noun('worker', '워커', /\b(?:workers?|swarm|kubectl)\b/i),
  noun('namespace', '네임스페이스', /\bnamespaces?\b|kubectl/i),
  noun('node', '노드', /\bnodes?\b/i),
  noun('project', '프로젝트', /\bcompose\b/),
  noun('container', '컨테이너'),
  noun('service', '서비스'),
  noun('machine', '머신'),
  noun('volume', '볼륨'),
  noun('image', '이미지'),
  noun('network', '네트워크'),
  noun('daemon', '데몬'),
  noun('host', '호스트'),
  noun('registry', '레지스트리'),
  noun('port', '포트'),
  noun('address', '주소'),
];
