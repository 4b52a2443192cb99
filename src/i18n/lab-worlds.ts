import type { Localized } from './locales.ts';

/** What the engine's own tables hold, in the reader's words. A test holds them to these tables. */

interface PresetWords {
  readonly title: Localized;
  readonly about: Localized;
}

/** By the names of `PRESET_NAMES`. */
export const presetWords: Readonly<Record<string, PresetWords>> = {
  host: {
    title: { ko: '도커 호스트 하나', en: 'One Docker host' },
    about: {
      ko: '도커가 설치된 머신 하나입니다. 이미지, 컨테이너, 볼륨, Compose를 여기서 다룹니다.',
      en: 'One machine with Docker, for images, containers, volumes and Compose.',
    },
  },
  registry: {
    title: { ko: '호스트 둘과 레지스트리', en: 'Two hosts and a registry' },
    about: {
      ko: '한 머신에서 빌드해 푸시한 이미지를 다른 머신에서 풀합니다.',
      en: 'What one machine builds and pushes, the other one pulls.',
    },
  },
  swarm: {
    title: { ko: '도커 머신 다섯 대', en: 'Five machines with Docker' },
    about: {
      ko: 'Swarm은 아직 없습니다. docker swarm init으로 시작합니다.',
      en: 'There is no Swarm yet: start one with docker swarm init.',
    },
  },
  cluster: {
    title: { ko: '쿠버네티스 클러스터', en: 'A Kubernetes cluster' },
    about: {
      ko: '컨트롤 플레인 하나와 워커 셋, docker와 kubectl이 있는 작업용 머신, 레지스트리입니다.',
      en: 'One control plane, three workers, a workstation with docker and kubectl, a registry.',
    },
  },
  'cluster-ha': {
    title: { ko: '고가용성 클러스터', en: 'A highly available cluster' },
    about: {
      ko: '컨트롤 플레인 셋에 etcd 멤버가 하나씩 있습니다. 하나를 잃어도 클러스터는 계속 동작합니다.',
      en: 'Three control planes with an etcd member each: the cluster survives the loss of one.',
    },
  },
  compare: {
    title: { ko: '세 플랫폼 비교', en: 'Three platforms side by side' },
    about: {
      ko: '같은 애플리케이션을 Compose, Swarm, 쿠버네티스에 올리고 같은 장애를 동시에 일으킵니다.',
      en: 'The same application under Compose, Swarm and Kubernetes, and the same fault for all at once.',
    },
  },
  'nodes-N': {
    title: { ko: '노드 N개의 클러스터', en: 'A cluster of N nodes' },
    about: {
      ko: '워커의 수를 고릅니다. 쿠버네티스가 지원하는 상한인 5,000개까지 됩니다.',
      en: 'Choose how many workers there are, up to 5,000, the most that Kubernetes supports.',
    },
  },
  'swarm-N': {
    title: { ko: '도커 머신 N대', en: 'N machines with Docker' },
    about: {
      ko: 'Swarm을 만들 머신의 수를 고릅니다.',
      en: 'Choose how many machines there are for a Swarm.',
    },
  },
};

const CLUSTER_LINES: readonly string[] = [
  'kubectl get nodes',
  'kubectl create deployment web --image=nginx --replicas=3',
  'kubectl rollout status deployment web',
  'kubectl get pods -o wide',
];
const SWARM_LINES: readonly string[] = [
  'docker swarm init',
  'docker service create -d --name web --replicas 3 nginx:alpine',
  'docker service ps web',
];

const FIRST_LINES: Readonly<Record<string, readonly string[]>> = {
  host: [
    'docker run -d --name web -p 8080:80 nginx:alpine',
    'docker ps',
    'curl localhost:8080',
    'docker logs web',
  ],
  registry: [
    'docker pull nginx:alpine',
    'docker tag nginx:alpine registry.local:5000/web:1',
    'docker push registry.local:5000/web:1',
    'ssh prod docker pull registry.local:5000/web:1',
  ],
  swarm: SWARM_LINES,
  'swarm-N': SWARM_LINES,
  cluster: CLUSTER_LINES,
  'cluster-ha': CLUSTER_LINES,
  'nodes-N': CLUSTER_LINES,
};

/** Commands with which one can begin in a preset, in that order: each works after those before it. */
export const firstLines = (preset: string): readonly string[] =>
  FIRST_LINES[preset.replace(/-\d+$/, '-N')] ?? [];

/** Folders below src/scenarios. An area without a name here is shown by its folder's. */
export const areaWords: Readonly<Record<string, Localized>> = {
  containers: { ko: '컨테이너', en: 'Containers' },
  images: { ko: '이미지', en: 'Images' },
  compose: { ko: 'Compose', en: 'Compose' },
  swarm: { ko: 'Swarm', en: 'Swarm' },
  orchestration: { ko: '오케스트레이션', en: 'Orchestration' },
  delivery: { ko: '배포', en: 'Delivery' },
  compare: { ko: '비교', en: 'Comparison' },
};

/** By the kinds of `SUBJECTS` in the engine's table of faults. */
export const faultWords: Readonly<Record<string, Localized>> = {
  machine: { ko: '머신', en: 'machine' },
  container: { ko: '컨테이너', en: 'container' },
  daemon: { ko: '도커 데몬', en: 'Docker daemon' },
  kubelet: { ko: 'kubelet', en: 'kubelet' },
  component: { ko: '컨트롤 플레인 구성 요소', en: 'component of the control plane' },
  link: { ko: '네트워크 연결', en: 'network link' },
  registry: { ko: '레지스트리', en: 'registry' },
  disk: { ko: '디스크', en: 'disk' },
  memory: { ko: '메모리', en: 'memory' },
};

/** What can happen to one of these: the words that are typed, explained. */
export const faultActionWords: Readonly<Record<string, Localized>> = {
  down: { ko: '꺼짐', en: 'goes down' },
  up: { ko: '다시 켜짐', en: 'comes up again' },
  crash: { ko: '비정상 종료', en: 'crashes' },
  hang: { ko: '응답 없음', en: 'hangs' },
  leak: { ko: '메모리 누수', en: 'leaks memory' },
  slow: { ko: '느려짐', en: 'gets slow' },
  cpu: { ko: 'CPU를 모두 씀', en: 'takes all CPU' },
  mend: { ko: '회복', en: 'recovers' },
  stop: { ko: '멈춤', en: 'stops' },
  start: { ko: '다시 시작', en: 'starts again' },
  cut: { ko: '끊김', en: 'is cut' },
  latency: { ko: '지연', en: 'is delayed' },
  'rate-limit': { ko: '요청 수 제한', en: 'limits requests' },
  unauthorized: { ko: '인증 거부', en: 'refuses access' },
  fill: { ko: '가득 참', en: 'fills up' },
  free: { ko: '비움', en: 'is freed' },
};

/** By the names of `EXPERIMENTS` in engine/compare. */
export const experimentWords: Readonly<Record<string, Localized>> = {
  container: { ko: '컨테이너 하나가 비정상 종료', en: 'A container crashes' },
  machine: { ko: '머신 하나가 꺼짐', en: 'A machine goes dark' },
  daemon: { ko: '데몬이나 매니저를 잃음', en: 'A daemon or manager is lost' },
  load: { ko: '요청이 열 배로', en: 'Ten times the requests' },
  update: { ko: '1.1로 업데이트', en: 'Update to 1.1' },
  'bad-update': { ko: '잘못된 업데이트', en: 'A bad update' },
  config: { ko: '설정 변경', en: 'A configuration change' },
  secret: { ko: '비밀번호 변경', en: 'A password change' },
  scale: { ko: '10개로 확장', en: 'Scale to 10' },
  volume: { ko: '볼륨 삭제', en: 'The volume is removed' },
};
