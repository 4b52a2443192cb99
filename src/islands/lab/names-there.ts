import type { BenchWorld } from './bench-world.ts';

/**
 * What things of a kind are called in a world, for a form to offer. It is asked as a person would, in
 * a fork of the world, so that nothing of it is left behind.
 */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  container: [
    "docker ps --format '{{.Names}}'",
    'kubectl get pods --no-headers -o custom-columns=NAME:.metadata.name',
  ],
  service: ['kubectl get services --no-headers -o custom-columns=NAME:.metadata.name'],
};

/** Parts of the control plane that can be stopped: all of a kind, or one of them by its machine. */
const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];
const REGISTRIES = ['docker.io', 'registry.local:5000'];

export async function namesOf(subject: string, bench: BenchWorld): Promise<readonly string[]> {
  if (subject === 'component') {
    const planes = bench.opened.machines.filter(({ name }) => name.startsWith('control-'));
    const each = planes.length > 1 ? planes : [];
    return COMPONENTS.flatMap((part) => [part, ...each.map(({ name }) => `${part}-${name}`)]);
  }
  if (subject === 'registry') return REGISTRIES;
  const questions = QUESTIONS[subject];
  if (!questions) return bench.opened.machines.map(({ name }) => name);
  const answers = await Promise.all(questions.map((line) => bench.ask(line)));
  return answers.flatMap(({ printed, exitCode }) =>
    exitCode === 0 ? printed.split('\n').filter((name) => /^[\w.-]+$/.test(name)) : [],
  );
}
