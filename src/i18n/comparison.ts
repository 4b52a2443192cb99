import type { Locale } from './locales.ts';
import { defineStrings, fill } from './strings.ts';

/** Around comparison tables: what a cell's proof shows, and the machines it was typed on. */
export const comparisonStrings = defineStrings({
  ko: {
    checked: '표의 {count}칸 모두 명령을 실행해 확인했습니다. 엔진 버전 {version}',
    inPrint: '칸마다 실행한 명령과 그 출력은 화면에서 볼 수 있습니다.',
    proof: '근거',
    commands: '명령 {count}개',
    rows: '표의 줄',
    address: '이 근거의 주소',
    absentText: '출력에 없음: {text}',
    absent: '해당하는 줄 없음',
    exit: '종료 코드 {count}',
    lines: '출력 {count}줄',
    typed: '여기까지 명령 {count}개',
    took: '{count}초 걸림',
    passed: '{count}초 지남',
    host: '도커가 설치된 호스트 1대',
    registry: '도커 호스트 2대와 레지스트리',
    swarm: '도커 머신 5대, Swarm으로 묶기 전',
    cluster: '쿠버네티스 클러스터: 컨트롤 플레인 1대, 워커 3대',
    'cluster-ha': '쿠버네티스 클러스터: 컨트롤 플레인 3대, 워커 3대',
    compare: '같은 애플리케이션을 실행할 호스트, Swarm 머신 3대, 쿠버네티스 클러스터',
    nodes: '쿠버네티스 클러스터: 컨트롤 플레인 1대, 워커 {count}대',
    alignment: '같은 애플리케이션의 파일을 키별로 맞춘 표',
    value: '값이 같음',
    duration: '시간이 같음',
    memory: '크기가 같음',
    meaning: '뜻이 같음',
    files: '비교한 파일 전체',
  },
  en: {
    checked: 'All {count} cells were proved by running commands. Engine version {version}',
    inPrint: 'The commands of each cell and what they printed can be read on the screen.',
    proof: 'Proof',
    commands: '{count} commands',
    rows: 'Rows of the table',
    address: 'Address of this proof',
    absentText: 'not printed: {text}',
    absent: 'no such line',
    exit: 'exit code {count}',
    lines: 'lines printed: {count}',
    typed: 'commands up to here: {count}',
    took: 'seconds it took: {count}',
    passed: 'seconds passed: {count}',
    host: 'One host with Docker',
    registry: 'Two hosts with Docker, and a registry',
    swarm: 'Five machines, not yet a swarm',
    cluster: 'A Kubernetes cluster: one control plane, three workers',
    'cluster-ha': 'A Kubernetes cluster: three control planes, three workers',
    compare: 'A host, three machines for a swarm and a Kubernetes cluster, for one application',
    nodes: 'A Kubernetes cluster: one control plane, {count} workers',
    alignment: 'The files of one application, key by key',
    value: 'same value',
    duration: 'same time',
    memory: 'same size',
    meaning: 'same meaning',
    files: 'The files compared',
  },
});

/** The platforms as columns are called. */
export const platformStrings = defineStrings({
  ko: { compose: 'Compose', swarm: 'Swarm', kubernetes: '쿠버네티스' },
  en: { compose: 'Compose', swarm: 'Swarm', kubernetes: 'Kubernetes' },
});

type Preset = 'host' | 'registry' | 'swarm' | 'cluster' | 'cluster-ha' | 'compare';

/** The machines of a preset in words; its name when nobody has described it. */
export function presetInWords(preset: string, locale: Locale): string {
  const t = comparisonStrings[locale];
  const workers = /^nodes-(\d+)$/.exec(preset)?.[1];
  if (workers !== undefined) return fill(t.nodes, { count: workers });
  return preset in t ? t[preset as Preset] : preset;
}
