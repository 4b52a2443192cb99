import { describe, expect, it } from 'vitest';
import { scenario } from './scenario-session.ts';

/** Jenkins on a cluster: its agents are Pods that it asks the API for. */
const URL = 'http://jenkins.ci:8080';
const JOB =
  '<project><builders><hudson.tasks.Shell><command>sleep 20</command></hudson.tasks.Shell></builders></project>';

function jenkins() {
  const { session, sh, code } = scenario('jenkins.yaml', 'jenkins-role.yaml');
  sh('kubectl apply -f jenkins.yaml');
  expect(code('kubectl -n ci rollout status statefulset/jenkins')).toBe(0);
  sh('kubectl run box --image=curlimages/curl:8.17.0 --command -- sleep 360000');
  sh('kubectl wait --for=condition=Ready pod/box');
  const curl = (words: string) => sh(`kubectl exec box -- curl -s ${words}`);
  const ask = (path: string) => JSON.parse(curl(`-u admin:x ${URL}${path}`)) as object;
  const build = () => curl(`-u admin:x -w "%{http_code}" -X POST ${URL}/job/app/build`);
  const make = () =>
    curl(`-u admin:x -w "%{http_code}" -X POST -d '${JOB}' '${URL}/createItem?name=app'`);
  const agents = () =>
    sh('kubectl -n ci get pods -l jenkins=slave --no-headers').split('\n').slice(0, -1);
  return { session, sh, code, curl, ask, build, make, agents };
}

describe('Jenkins on a cluster', () => {
  it('waits while the API refuses it agents, and builds each in a Pod of its own', () => {
    const { sh, ask, build, make, agents, curl } = jenkins();
    expect(curl(`-o /dev/null -w "%{http_code}" ${URL}/`)).toBe('403');
    expect(make()).toBe('200');
    expect([1, 2, 3, 4, 5].map(build)).toEqual(['201', '201', '201', '201', '201']);
    sh('sleep 15');
    // Nobody gave its service account a role.
    expect(agents()).toEqual(['No resources found in ci namespace.']);
    expect(sh('kubectl -n ci logs jenkins-0 --tail=1')).toContain(
      'pods is forbidden: User "system:serviceaccount:ci:jenkins" cannot create resource "pods" ' +
        'in API group "" in the namespace "ci"',
    );
    expect((ask('/queue/api/json') as { items: object[] }).items).toHaveLength(5);
    sh('kubectl apply -f jenkins-role.yaml');
    sh('sleep 15');
    const first = agents();
    expect(first).toHaveLength(3);
    expect(first.map((line) => line.split('-').slice(0, 2).join('-'))).toEqual([
      'app-1',
      'app-2',
      'app-3',
    ]);
    expect((ask('/queue/api/json') as { items: object[] }).items).toHaveLength(2);
    expect(ask('/job/app/1/api/json')).toMatchObject({ building: true, result: null });
    sh('sleep 90');
    expect(agents()).toEqual(['No resources found in ci namespace.']);
    for (const number of [1, 2, 3, 4, 5]) {
      expect(ask(`/job/app/${number}/api/json`)).toMatchObject({ result: 'SUCCESS' });
    }
  });

  it('keeps jobs and builds in its volume, and goes on after its Pod was lost', () => {
    const { sh, ask, build, make, code, agents } = jenkins();
    sh('kubectl apply -f jenkins-role.yaml');
    make();
    build();
    sh('sleep 15');
    expect(agents()).toHaveLength(1);
    sh('kubectl -n ci delete pod jenkins-0');
    expect(code('kubectl -n ci rollout status statefulset/jenkins')).toBe(0);
    sh('sleep 60');
    expect(ask('/job/app/lastBuild/api/json')).toMatchObject({ number: 1, result: 'SUCCESS' });
    expect(agents()).toEqual(['No resources found in ci namespace.']);
    build();
    sh('sleep 60');
    expect(ask('/job/app/lastBuild/api/json')).toMatchObject({ number: 2, result: 'SUCCESS' });
  });

  it('loses a build with its agent', () => {
    const { sh, ask, build, make } = jenkins();
    sh('kubectl apply -f jenkins-role.yaml');
    make();
    build();
    sh('sleep 15');
    sh('kubectl -n ci delete pods -l jenkins=slave --now');
    sh('sleep 10');
    expect(ask('/job/app/1/api/json')).toMatchObject({ building: false, result: 'FAILURE' });
  });
});
