import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolve as resolveDocker } from '../docker/cli/resolve.ts';
import { resolve as resolveKubectl } from '../kubernetes/kubectl/resolve.ts';
import { Session } from '../session.ts';
import { complete } from './complete.ts';
import { dockerTree } from './docker-tree.ts';
import { kubectlTree } from './kubectl-tree.ts';
import type { CommandTree } from './command-tree.ts';

const host = new Session({ preset: 'host', seed: 1 });
host.write('shop/compose.yaml', 'services:\n  web:\n    image: nginx\n  db:\n    image: redis\n');
host.write('my file.txt', '');
host.write('.hidden', '');
for (const line of [
  'docker run -d --name web-1 nginx',
  'docker create --name web-2 redis',
  'docker network create shop-net',
  'docker volume create data',
]) {
  host.type(line);
}
const cluster = new Session({ preset: 'cluster', seed: 1 });
for (const line of [
  'kubectl create deployment web --image=nginx --replicas=2',
  'kubectl rollout status deployment web',
  'kubectl create namespace shop',
]) {
  cluster.type(line);
}

/** What Tab offers at `|`, or at the end. */
function offered(text: string, session = host): string[] {
  const caret = text.includes('‸') ? text.indexOf('‸') : text.length;
  const line = text.replace('‸', '');
  const { candidates } = complete(session.world, session.machine, line, caret);
  return candidates.map((one) => one.text);
}

describe('completing', () => {
  it.each([
    ['dock', ['docker']],
    ['docker vol', ['volume']],
    ['docker volume ', ['create', 'inspect', 'ls', 'prune', 'rm', 'update']],
    ['sudo docker volume in', ['inspect']],
    ['docker logs ', ['web-1', 'web-2']],
    ['docker container stop ', ['web-1']],
    ['docker stop web-1 && docker start w', ['web-2']],
    ['docker ps -q | docker rm ', ['web-1', 'web-2']],
    ['echo $(docker volume inspect d', ['data']],
    ['docker run --net', ['--network', '--network-alias']],
    ['docker run --network=s', ['--network=shop-net']],
    ['docker run -it --network s', ['shop-net']],
    ['docker run -v da', ['data']],
    ['docker run -itv da', ['data']],
    ['docker run ng', ['nginx', 'nginx:latest']],
    ['docker run nginx ng', []],
    ['docker cp web', ['web-1:', 'web-2:']],
    ['docker compose l', ['logs', 'ls']],
    ['docker compose -f shop/compose.yaml logs ', ['db', 'web']],
    ['docker compose --file shop/compose.yaml up -d w', ['web']],
    ['docker build -f s', ['shop/']],
    ['cat m', ['my\\ file.txt']],
    ['cat "my', ['my file.txt']],
    ["cat 'my", ['my file.txt']],
    ['cat my\\ f', ['my\\ file.txt']],
    ['cat .h', ['.hidden']],
    ['cat shop/', ['shop/compose.yaml']],
    ['cat /root/sh', ['/root/shop/']],
    ['cat ~/sh', ['~/shop/']],
    ['cd ', ['shop/']],
    ['echo a >s', ['shop/']],
    ['echo a 2> s', ['shop/']],
    ['X=1 dock', ['docker']],
    ['if true; then dock', ['docker']],
    ['docker vol‸ ls', ['volume']],
    ['drydock fault con', ['container']],
    ['drydock fault container web-1 c', ['cpu', 'crash']],
    ['echo $HO', []],
    ['# dock', []],
    ['cat <<EOF\ndock', []],
  ])('%s offers %j', (text, candidates) => {
    expect(offered(text)).toEqual(candidates);
  });

  it.each([
    ['kubectl rollout un', ['undo']],
    ['kubectl get pods -n sh', ['shop']],
    ['kubectl get -n shop pods web', []],
    ['kubectl get dep', ['deployments']],
    ['kubectl get pods,dep', ['pods,deployments']],
    ['kubectl get deploy ', ['web']],
    ['kubectl get deployment/w', ['deployment/web']],
    ['kubectl scale ', ['deployments', 'replicasets', 'replicationcontrollers', 'statefulsets']],
    ['kubectl drain node-', ['node-1', 'node-2', 'node-3']],
    ['kubectl get pods -o j', ['json', 'jsonpath=']],
    ['kubectl get pods -oj', []],
    ['kubectl get pods --output=y', ['--output=yaml']],
    ['kubectl delete pod --dry-run=c', ['--dry-run=client']],
    ['kubectl delete pod --dry-run w', expect.arrayContaining([expect.stringMatching(/^web-/)])],
    ['ssh node-2 ca', ['cat']],
    ['ssh con', ['control-1']],
    ['drydock fault kubelet c', ['control-1']],
  ])('%s offers %j in a cluster', (text, candidates) => {
    expect(offered(text, cluster)).toEqual(candidates);
  });

  it('offers the names of Pods, and their containers', () => {
    const pods = offered('kubectl logs web-', cluster);
    expect(pods).toHaveLength(2);
    expect(offered(`kubectl logs ${pods[0]} -c `, cluster)).toEqual(['nginx']);
    expect(offered(`kubectl delete pods ${pods[0]} `, cluster)).not.toContain(pods[0]);
  });

  it('replaces the word, whatever stands behind the caret', () => {
    expect(complete(host.world, 'host', 'docker vol ls', 10)).toMatchObject({ from: 7, to: 10 });
    expect(complete(host.world, 'host', 'cat "my', 7)).toMatchObject({ from: 5, to: 7 });
  });

  it('answers any text at any caret, soon, and changes nothing', () => {
    const hash = host.timeline.hash();
    const { recorded } = host.world.kernel;
    const word = fc.constantFrom(
      ...['docker', 'kubectl', 'compose', 'run', 'get', '-f', '--name', '=', '|', '&&', ';', '"'],
      ...["'", '\\', '$(', '$', ')', '>', '<<', ' ', ' ', ' ', 'pods', '/', '~', '..', '한글', '#'],
      ...[
        '\u0000',
        '\ud83d',
        '\n',
        '`',
        '-',
        '--',
        'ssh',
        'drydock',
        'fault',
        'link',
        '*',
        '[',
        '(',
      ],
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 20 }).map((words) => words.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    let tookMs = 0;
    const runs = 400;
    fc.assert(
      fc.property(text, fc.integer({ min: -2, max: 80 }), (line, caret) => {
        for (const session of [host, cluster]) {
          const began = performance.now();
          const { from, to, candidates } = complete(session.world, session.machine, line, caret);
          tookMs += performance.now() - began;
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBeLessThanOrEqual(line.length);
          expect(new Set(candidates.map((one) => one.text)).size).toBe(candidates.length);
        }
      }),
      { numRuns: runs },
    );
    expect(tookMs / (2 * runs)).toBeLessThan(50);
    expect(host.timeline.hash()).toBe(hash);
    expect(host.world.kernel.recorded).toBe(recorded);
  });
});

/** Every command of a tree, with the words that lead to it. */
function* commandsOf(tree: CommandTree): Generator<CommandTree> {
  yield tree;
  for (const { text } of tree.children()) {
    const child = tree.child(text);
    if (child && child.path !== tree.path) yield* commandsOf(child);
  }
}

describe('flags that are offered', () => {
  it.each([...commandsOf(dockerTree())].map((tree) => [tree.path, tree] as const))(
    'docker %s knows them',
    (path, tree) => {
      // Compose reads its words itself, by the same table.
      if (path.startsWith('compose')) return;
      for (const { name, letter, takesValue } of tree.flags()) {
        for (const flag of [`--${name}`, ...(letter === '' ? [] : [`-${letter}`])]) {
          const words = [...path.split(' '), flag, ...(takesValue ? ['1'] : [])].filter(Boolean);
          const told = JSON.stringify(resolveDocker(words));
          expect(told, words.join(' ')).not.toMatch(/unknown (shorthand )?flag/);
        }
      }
    },
  );

  it.each([...commandsOf(kubectlTree())].map((tree) => [tree.path, tree] as const))(
    'kubectl %s knows them',
    (path, tree) => {
      for (const { name, letter, takesValue } of tree.flags()) {
        for (const flag of [`--${name}`, ...(letter === '' ? [] : [`-${letter}`])]) {
          const words = [...path.split(' '), flag, ...(takesValue ? ['1'] : [])].filter(Boolean);
          const told = JSON.stringify(resolveKubectl(words));
          expect(told, words.join(' ')).not.toMatch(/unknown (shorthand )?flag/);
        }
      }
    },
  );
});
